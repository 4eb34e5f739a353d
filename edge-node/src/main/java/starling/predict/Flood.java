package starling.predict;

import java.util.Arrays;

/**
 * News in a mesh of lossy links: each who knows says so once a round, and each link carries that
 * with its own probability. Of collisions and of airtime that is spent it knows nothing. Members
 * are taken for independent of each other, which they are not: of a chain of half-deaf links that
 * says a sixth too little.
 */
public final class Flood {
  private static final double CERTAIN = 1 - 1e-6;
  private static final int ROUNDS_MAX = 10_000;

  private final double[][] delivery;

  /**
   * A mesh.
   *
   * @param delivery how likely one member learns of another in a round, {@code [from][to]}, 0 to 1
   */
  public Flood(double[][] delivery) {
    this.delivery = Arrays.stream(delivery).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Rounds until all of these know, if one of them begins.
   *
   * @param among members that links connect to {@code source}; others neither know nor tell
   */
  public Rounds rounds(int source, int... among) {
    double[] knows = new double[delivery.length];
    knows[source] = 1;
    double[] by = new double[64];
    int round = 0;
    by[0] = all(knows, among);
    while (by[round] < CERTAIN && round < ROUNDS_MAX) {
      knows = next(knows, among);
      round++;
      by = round < by.length ? by : Arrays.copyOf(by, 2 * round);
      by[round] = all(knows, among);
    }
    return new Rounds(Arrays.copyOf(by, round + 1));
  }

  private static double all(double[] knows, int... among) {
    return Arrays.stream(among).mapToDouble(member -> knows[member]).reduce(1, (p, q) -> p * q);
  }

  private double[] next(double[] knows, int... among) {
    double[] next = knows.clone();
    for (int to : among) {
      double unheard = 1 - knows[to];
      for (int from : among) {
        unheard *= from == to ? 1 : 1 - knows[from] * delivery[from][to];
      }
      next[to] = 1 - unheard;
    }
    return next;
  }
}
