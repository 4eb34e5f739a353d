package starling.bench.gossip;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Who gossips with whom in a tree of zones. The leaves of a zone are consecutive; each cell has
 * representatives, and those of a zone's first child represent the zone. So who represents a cell
 * may gossip on many levels: 0 is the cell, above it is one for each zone that begins with it.
 */
final class ZoneTree {
  private static final byte NONE = -1;

  private final int representatives;
  private final int[] branching;

  /** Leaves of a zone, by level of its group; one more for the whole tree. */
  private final int[] size;

  /** By cell, so many each: the leaves that represent it. */
  private final int[] seats;

  /** By leaf: which of its cell's seats it has. */
  private final byte[] seat;

  /** By cell: on how many levels its representatives gossip. */
  private final byte[] levels;

  /**
   * @param representatives of a zone, the first ones of its first cell
   * @param branching from the cells up: members of a cell, then children of a zone
   */
  ZoneTree(int representatives, int... branching) {
    if (representatives < 1 || representatives > branching[0]) {
      throw new IllegalArgumentException("a cell has no " + representatives + " representatives");
    }
    this.representatives = representatives;
    this.branching = branching.clone();
    size = new int[branching.length + 1];
    size[0] = 1;
    for (int level = 0; level < branching.length; level++) {
      size[level + 1] = Math.multiplyExact(size[level], branching[level]);
    }
    int cells = leaves() / branching[0];
    seats = new int[cells * representatives];
    seat = new byte[leaves()];
    levels = new byte[cells];
    for (int cell = 0; cell < cells; cell++) {
      levels[cell] = (byte) levelsOf(cell);
    }
    seat(new BitSet());
  }

  private int levelsOf(int cell) {
    int count = 1;
    int first = cell;
    while (count < depth()) {
      count++;
      if (first % branching[count - 1] != 0) {
        break;
      }
      first /= branching[count - 1];
    }
    return count;
  }

  int leaves() {
    return size[branching.length];
  }

  int depth() {
    return branching.length;
  }

  /** The leaves of a cell. */
  int cellSize() {
    return branching[0];
  }

  /**
   * Elects the first of each cell that have not crashed; crashed ones where there are no others.
   */
  void seat(BitSet crashed) {
    Arrays.fill(seat, NONE);
    for (int cell = 0; cell < levels.length; cell++) {
      int start = cell * branching[0];
      int leaf = start - 1;
      for (int next = 0; next < representatives; next++) {
        leaf = crashed.nextClearBit(leaf + 1);
        int taken = leaf < start + branching[0] ? leaf : start + next;
        seats[cell * representatives + next] = taken;
        seat[taken] = (byte) next;
      }
    }
  }

  /** On how many levels a leaf gossips. */
  int levels(int leaf) {
    return seat[leaf] == NONE ? 1 : levels[leaf / branching[0]];
  }

  /** Somebody else of the group that a leaf gossips with on a level. */
  int partner(int leaf, int level, SplittableRandom random) {
    int zone = leaf / size[level + 1] * size[level + 1];
    if (level == 0) {
      int drawn = random.nextInt(branching[0] - 1);
      return zone + (zone + drawn < leaf ? drawn : drawn + 1);
    }
    int own = (leaf - zone) / size[level] * representatives + seat[leaf];
    int drawn = random.nextInt(branching[level] * representatives - 1);
    int other = drawn < own ? drawn : drawn + 1;
    int cell = (zone + other / representatives * size[level]) / branching[0];
    return seats[cell * representatives + other % representatives];
  }
}
