package starling.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Equals in a ring, each linked to those 1, 3, 9, 27... places away on both sides: any of 64 is at
 * most four steps from any other. News of one goes along a tree: at each step by a larger power
 * than before, as the digits of a distance in balanced ternary, so that everybody gets it once.
 */
public final class Ring {
  /** So many are all linked to each other. */
  public static final int SMALL = 9;

  private static final int BASE = 3;

  private Ring() {}

  /** The places that one is linked to, the nearest first: at most 8 of 64. */
  public static List<Integer> neighbours(int places, int place) {
    List<Integer> neighbours = new ArrayList<>();
    for (int step = 1; step < places; step += places <= SMALL ? 1 : (BASE - 1) * step) {
      for (int next : new int[] {place + step, place - step}) {
        int there = Math.floorMod(next, places);
        if (there != place && !neighbours.contains(there)) {
          neighbours.add(there);
        }
      }
    }
    return neighbours;
  }

  /**
   * Whether one hands another the news of {@code origin}: of those linked to it exactly one does.
   *
   * @param silent places where nobody is, as a bitmap: news goes round them where it can
   */
  public static boolean hands(int places, long silent, int origin, int from, int to) {
    return from == (places <= SMALL ? origin : giver(places, silent, origin, to));
  }

  /**
   * From where one gets the news of another place: one step less, the largest; if nobody is there,
   * another step less. The place itself if nobody is at any of these, as no news comes then.
   */
  private static int giver(int places, long silent, int origin, int to) {
    int giver = to;
    int power = 1;
    for (int rest = distance(places, origin, to); rest != 0; power *= BASE) {
      int digit = Math.floorMod(rest + 1, BASE) - 1;
      int before = Math.floorMod(to - digit * power, places);
      if (digit != 0 && (before == origin || (silent & 1L << before) == 0)) {
        giver = before;
      }
      rest = (rest - digit) / BASE;
    }
    return giver;
  }

  /** How many places forward, or backward if that is nearer. */
  private static int distance(int places, int from, int to) {
    int forward = Math.floorMod(to - from, places);
    return 2 * forward > places ? forward - places : forward;
  }
}
