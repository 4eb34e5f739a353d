package starling.predict;

import java.util.Arrays;

/**
 * The distribution of a number of rounds, 0 and up. What lies beyond the last round that is held is
 * taken to be in it.
 */
public final class Rounds {
  private static final double CERTAIN = 1 - 1e-9;

  private final double[] by;

  /**
   * @param by the probability of at most so many rounds, never falling
   */
  Rounds(double... by) {
    this.by = by.clone();
    this.by[by.length - 1] = 1;
  }

  /** The probability of at most {@code rounds}. */
  public double by(int rounds) {
    return rounds < 0 ? 0 : by[Math.min(rounds, by.length - 1)];
  }

  /** The mean. */
  public double mean() {
    return by.length - Arrays.stream(by).sum();
  }

  /** The fewest rounds within which it is over with this probability. */
  public int quantile(double probability) {
    int rounds = 0;
    while (by[rounds] < probability) {
      rounds++;
    }
    return rounds;
  }

  /** The most rounds that are held. */
  public int last() {
    return by.length - 1;
  }

  /** The sum of two that are independent, without what hardly ever happens. */
  Rounds plus(Rounds other) {
    double[] sum = new double[by.length + other.by.length - 1];
    int rounds = 0;
    while (rounds < sum.length && (rounds == 0 || sum[rounds - 1] < CERTAIN)) {
      for (int i = 0; i <= Math.min(rounds, last()); i++) {
        sum[rounds] += (by(i) - by(i - 1)) * other.by(rounds - i);
      }
      rounds++;
    }
    return new Rounds(Arrays.copyOf(sum, rounds));
  }

  /** The larger of two that are independent. */
  Rounds or(Rounds other) {
    double[] larger = new double[Math.max(by.length, other.by.length)];
    Arrays.setAll(larger, r -> by(r) * other.by(r));
    return new Rounds(larger);
  }

  /** The largest of {@code count} that are independent. */
  Rounds largestOf(double count) {
    return new Rounds(Arrays.stream(by).map(p -> Math.pow(p, count)).toArray());
  }

  /** The smallest but {@code but} of {@code count} that are independent. */
  Rounds smallestOf(int count, int but) {
    double[] enough = new double[by.length];
    for (int r = 0; r < by.length; r++) {
      for (int within = but + 1; within <= count; within++) {
        enough[r] += Binomial.probability(count, within, by[r]);
      }
    }
    return new Rounds(enough);
  }

  /** None at all with this probability, else these. */
  Rounds unless(double probability) {
    return new Rounds(Arrays.stream(by).map(p -> probability + (1 - probability) * p).toArray());
  }

  /** The same, so many rounds later; a part of a round as a chance of a whole one. */
  Rounds later(double rounds) {
    int whole = (int) rounds;
    double part = rounds - whole;
    double[] moved = new double[by.length + whole + 1];
    for (int r = 0; r < moved.length; r++) {
      moved[r] = (1 - part) * by(r - whole) + part * by(r - whole - 1);
    }
    return new Rounds(moved);
  }
}
