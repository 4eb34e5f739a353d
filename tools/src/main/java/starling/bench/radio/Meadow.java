package starling.bench.radio;

import java.util.Arrays;
import java.util.SplittableRandom;
import starling.link.air.Air;

/**
 * Stations that lie about in a square and hear whoever is within a range, which is as short as
 * gives them so many neighbours on average; the nearer of two who speak at once may be heard.
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Meadow(double[] x, double[] y, double range) implements Air.Strengths {
  private static final double EXPONENT = 3; // of the path loss
  private static final double NEAREST = 1e-3;

  /** The first one drawn in which ways lead from each to each. */
  static Meadow connected(int stations, double degree, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Meadow drawn = of(stations, degree, random);
    while (!drawn.isConnected()) {
      drawn = of(stations, degree, random);
    }
    return drawn;
  }

  private static Meadow of(int stations, double degree, SplittableRandom random) {
    double[] x = random.doubles(stations).toArray();
    double[] y = random.doubles(stations).toArray();
    double[] distances = new double[stations * (stations - 1) / 2];
    int next = 0;
    for (int one = 0; one < stations; one++) {
      for (int other = 0; other < one; other++) {
        distances[next++] = Math.hypot(x[one] - x[other], y[one] - y[other]);
      }
    }
    Arrays.sort(distances);
    int links = (int) Math.min(distances.length, Math.round(stations * degree / 2));
    return new Meadow(x, y, distances[links - 1]);
  }

  private double distance(int one, int other) {
    return Math.hypot(x[one] - x[other], y[one] - y[other]);
  }

  /** Whether two of them hear each other; further stations hear nobody. */
  boolean near(int one, int other) {
    return one != other && distance(one, other) <= range;
  }

  boolean isConnected() {
    boolean[] reached = new boolean[x.length];
    int[] waiting = new int[x.length];
    int count = 1;
    reached[0] = true;
    for (int next = 0; next < count; next++) {
      for (int to = 0; to < x.length; to++) {
        if (!reached[to] && near(waiting[next], to)) {
          reached[to] = true;
          waiting[count++] = to;
        }
      }
    }
    return count == x.length;
  }

  @Override
  public double db(int from, int to) {
    boolean known = from < x.length && to < x.length;
    return known ? -10 * EXPONENT * Math.log10(Math.max(NEAREST, distance(from, to))) : 0;
  }
}
