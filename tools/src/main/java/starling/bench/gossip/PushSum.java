package starling.bench.gossip;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Push-sum (Kempe, Dobra and Gehrke, FOCS 2003), played out: the averaging gossip that a zone tree
 * is compared with. In each synchronous round each member halves its mass, keeps one half and sends
 * the other to a random member. Mass is a value, a weight of 1, and a share of the one count that
 * the first member began with. Value over weight tends to the average, value over share to the sum,
 * weight over share to the number of members; all of it rests on no mass being lost.
 */
public final class PushSum {
  private final double loss;
  private final SplittableRandom random;
  private final double[] values;
  private final double[] weights;
  private final double[] shares;
  private final double sum;

  /**
   * A group at rest.
   *
   * @param own a value a member; 2 members or more
   * @param loss of messages, 0 to 1, each for itself
   */
  public PushSum(double[] own, double loss, SplittableRandom random) {
    if (own.length < 2) {
      throw new IllegalArgumentException("push-sum takes 2 members or more, not " + own.length);
    }
    this.loss = loss;
    this.random = random;
    this.values = own.clone();
    this.weights = new double[own.length];
    this.shares = new double[own.length];
    this.sum = Arrays.stream(own).sum();
    Arrays.fill(weights, 1);
    shares[0] = 1;
  }

  /** One more round. */
  public void round() {
    int members = values.length;
    double[] mass = new double[3 * members];
    for (int member = 0; member < members; member++) {
      int drawn = random.nextInt(members - 1);
      int partner = drawn < member ? drawn : drawn + 1;
      give(member, member, mass);
      if (random.nextDouble() >= loss) {
        give(member, partner, mass);
      }
    }
    System.arraycopy(mass, 0, values, 0, members);
    System.arraycopy(mass, members, weights, 0, members);
    System.arraycopy(mass, 2 * members, shares, 0, members);
  }

  private void give(int from, int to, double[] mass) {
    int members = values.length;
    mass[to] += values[from] / 2;
    mass[members + to] += weights[from] / 2;
    mass[2 * members + to] += shares[from] / 2;
  }

  /** What is left of all weight, as a share of what there was. */
  public double massLeft() {
    return Arrays.stream(weights).sum() / weights.length;
  }

  /** How far off a member's average is, as a share of the average. */
  public double averageError(int member) {
    return error(values[member] / weights[member], sum / values.length);
  }

  /** How far off a member's sum is, as a share of the sum; infinite if it has heard of no share. */
  public double sumError(int member) {
    return error(values[member] / shares[member], sum);
  }

  /** How far off a member's count is, as a share of the count; infinite likewise. */
  public double countError(int member) {
    return error(weights[member] / shares[member], values.length);
  }

  private static double error(double told, double truth) {
    return Math.abs(told - truth) / Math.abs(truth);
  }
}
