package starling.predict;

import java.util.stream.IntStream;

/**
 * How many members know a change after some rounds.
 *
 * @param probability that exactly so many know, by number, 0 to all; nobody changes it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Delivered(double[] probability) {
  /** How many know, on average. */
  public double mean() {
    return IntStream.range(0, probability.length).mapToDouble(k -> k * probability[k]).sum();
  }

  /** As many know or fewer with this probability. */
  public int quantile(double share) {
    int known = 0;
    for (double sum = probability[0]; sum < share && known < probability.length - 1; ) {
      known++;
      sum += probability[known];
    }
    return known;
  }

  /** The probability that all know. */
  public double all() {
    return probability[probability.length - 1];
  }
}
