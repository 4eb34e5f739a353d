package starling.bench.links;

import java.util.SplittableRandom;

/**
 * Links of nodes that lie about in a field, by the log-distance model with shadowing (Rappaport,
 * "Wireless Communications", 4.9): for whoever has no measurements.
 */
final class Scattered {
  private static final double EXPONENT = 3;
  private static final double SHADOWING_DB = 4;
  private static final double ASYMMETRY_DB = 2;
  private static final double HALF_METRES = 60;
  private static final double SLOPE_DB = 2;
  private static final double NOTHING = 0.01;

  private Scattered() {}

  /** So many nodes in a field of so many metres; where half of all frames arrive is 60 m away. */
  static Matrix of(int nodes, double widthMetres, double heightMetres, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles(nodes, 0, widthMetres).toArray();
    double[] y = random.doubles(nodes, 0, heightMetres).toArray();
    double[][] delivery = new double[nodes][nodes];
    for (int one = 0; one < nodes; one++) {
      for (int other = 0; other < one; other++) {
        double metres = Math.max(1, Math.hypot(x[one] - x[other], y[one] - y[other]));
        double marginDb =
            -10 * EXPONENT * Math.log10(metres / HALF_METRES)
                + random.nextGaussian(0, SHADOWING_DB);
        delivery[one][other] = share(marginDb + random.nextGaussian(0, ASYMMETRY_DB));
        delivery[other][one] = share(marginDb + random.nextGaussian(0, ASYMMETRY_DB));
      }
    }
    return new Matrix("scattered", delivery);
  }

  private static double share(double marginDb) {
    double share = 1 / (1 + Math.exp(-marginDb / SLOPE_DB));
    return share < NOTHING ? 0 : share;
  }
}
