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

  /**
   * A drawn one with the first station in the middle of a side, whose range is as short as lets
   * that one hear each over so many hops.
   */
  static Meadow within(int stations, int hops, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles(stations).toArray();
    double[] y = random.doubles(stations).toArray();
    x[0] = 0;
    y[0] = 0.5;
    double[] ranges = distances(x, y);
    int tooShort = -1;
    int enough = ranges.length - 1;
    while (enough - tooShort > 1) {
      int middle = (tooShort + enough) / 2;
      boolean reaches = new Meadow(x, y, ranges[middle]).hops() <= hops;
      tooShort = reaches ? tooShort : middle;
      enough = reaches ? middle : enough;
    }
    return new Meadow(x, y, ranges[enough]);
  }

  private static Meadow of(int stations, double degree, SplittableRandom random) {
    double[] x = random.doubles(stations).toArray();
    double[] y = random.doubles(stations).toArray();
    double[] distances = distances(x, y);
    int links = (int) Math.min(distances.length, Math.round(stations * degree / 2));
    return new Meadow(x, y, distances[links - 1]);
  }

  /** Of all pairs, the shortest first. */
  private static double[] distances(double[] x, double[] y) {
    double[] distances = new double[x.length * (x.length - 1) / 2];
    int next = 0;
    for (int one = 0; one < x.length; one++) {
      for (int other = 0; other < one; other++) {
        distances[next++] = Math.hypot(x[one] - x[other], y[one] - y[other]);
      }
    }
    Arrays.sort(distances);
    return distances;
  }

  int stations() {
    return x.length;
  }

  private double distance(int one, int other) {
    return Math.hypot(x[one] - x[other], y[one] - y[other]);
  }

  /** Whether two of them hear each other; further stations hear nobody. */
  boolean near(int one, int other) {
    return one != other && distance(one, other) <= range;
  }

  boolean isConnected() {
    return hops() < Integer.MAX_VALUE;
  }

  /** Over how many hops the first station hears the farthest one; the most there is if never. */
  private int hops() {
    int[] hops = new int[x.length];
    int[] waiting = new int[x.length];
    int count = 1;
    for (int next = 0; next < count; next++) {
      for (int to = 1; to < x.length; to++) {
        if (hops[to] == 0 && near(waiting[next], to)) {
          hops[to] = hops[waiting[next]] + 1;
          waiting[count++] = to;
        }
      }
    }
    return count == x.length ? hops[waiting[count - 1]] : Integer.MAX_VALUE;
  }

  /** Lets the stations of a channel hear each other as they do here. */
  void shape(Air air) {
    air.strengths(this);
    for (int from = 0; from < x.length; from++) {
      for (int to = 0; to < x.length; to++) {
        air.hears(to, from, near(from, to));
      }
    }
  }

  /** How strong the farthest are that are heard at all. */
  double faintestDb() {
    return db(range);
  }

  @Override
  public double db(int from, int to) {
    boolean known = from < x.length && to < x.length;
    return known ? db(distance(from, to)) : 0;
  }

  private static double db(double distance) {
    return -10 * EXPONENT * Math.log10(Math.max(NEAREST, distance));
  }
}
