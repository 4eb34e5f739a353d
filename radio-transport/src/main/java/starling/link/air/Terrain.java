package starling.link.air;

import java.util.SplittableRandom;

/**
 * Stations that lie about on a disc, and how strong they hear each other by the log-distance model
 * with shadowing (Rappaport, "Wireless Communications", 4.9): exponent 3, 6 dB of shadowing a pair,
 * 1.5 dB between its two directions.
 */
public final class Terrain implements Air.Strengths {
  private static final double EXPONENT = 3;
  private static final double SHADOWING_DB = 6;
  private static final double ASYMMETRY_DB = 1.5;

  private final double[][] strength;

  /** So many stations on a disc of radius 1: what counts between them is who is stronger. */
  public Terrain(int stations, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[stations];
    double[] y = new double[stations];
    strength = new double[stations][stations];
    for (int one = 0; one < stations; one++) {
      double away = Math.sqrt(random.nextDouble());
      double angle = random.nextDouble(2 * Math.PI);
      x[one] = away * Math.cos(angle);
      y[one] = away * Math.sin(angle);
      for (int other = 0; other < one; other++) {
        double distance = Math.max(0.01, Math.hypot(x[one] - x[other], y[one] - y[other]));
        double pair = -10 * EXPONENT * Math.log10(distance) + random.nextGaussian(0, SHADOWING_DB);
        strength[one][other] = pair + random.nextGaussian(0, ASYMMETRY_DB / 2);
        strength[other][one] = pair + random.nextGaussian(0, ASYMMETRY_DB / 2);
      }
    }
  }

  @Override
  public double db(int from, int to) {
    return strength[from][to];
  }
}
