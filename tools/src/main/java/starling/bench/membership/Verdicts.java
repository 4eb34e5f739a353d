package starling.bench.membership;

import java.util.Arrays;
import starling.model.Members;

/**
 * What members of a cell believe of each other, beside what is so.
 *
 * <p>A <em>doubt</em> is one member's own; <em>suspect</em> is the tally's verdict at a member, by
 * which others take duties; <em>gone</em> comes after fifty broken promises on top of that.
 */
final class Verdicts {
  private final int deaf;
  private final long[] doubts; // by who last said so
  private final int[] tally; // of those who doubt a member
  private final long[] detectedNanos; // by who detected the crash; MAX_VALUE if nobody
  private int crashed = -1;
  private long returning; // whose crash some may learn of only now
  private long crashNanos;
  private long wronglyRemoved;
  private long suspects;
  private long suspectsOfTheDeaf;
  private long falselyGone;
  private long doubted;
  private int largestTally;

  Verdicts(int nodes, int deaf) {
    this.deaf = deaf;
    this.doubts = new long[nodes];
    this.tally = new int[nodes];
    this.detectedNanos = new long[nodes];
  }

  /** A member's frame says whom it doubts. */
  void says(int slot, long next, long living) {
    for (long left = (doubts[slot] ^ next) & living; left != 0; left &= left - 1) {
      int about = Long.numberOfTrailingZeros(left);
      boolean begins = (next & 1L << about) != 0;
      tally[about] += slot < deaf ? 0 : begins ? 1 : -1;
      doubted += begins ? 1 : 0;
      largestTally = Math.max(largestTally, tally[about]);
    }
    doubts[slot] = doubts[slot] & ~living | next & living;
  }

  /** A member has another opinion. */
  void changed(int slot, Members before, Members after, long living, long nowNanos) {
    long suspected = after.suspect() & ~before.suspect();
    long blameless = living & ~returning;
    int wrong = Long.bitCount(suspected & blameless);
    suspects += slot < deaf ? 0 : wrong;
    suspectsOfTheDeaf += slot < deaf ? wrong : 0;
    wronglyRemoved |= slot < deaf ? 0 : suspected & blameless;
    falselyGone += Long.bitCount(after.gone() & ~before.gone() & blameless);
    if (crashed >= 0 && (suspected & 1L << crashed) != 0 && detectedNanos[slot] == Long.MAX_VALUE) {
      detectedNanos[slot] = nowNanos - crashNanos;
    }
  }

  void crashed(int slot, long nowNanos) {
    crashed = slot;
    crashNanos = nowNanos;
    Arrays.fill(detectedNanos, Long.MAX_VALUE);
  }

  void restarted(int slot) {
    crashed = -1;
    returning = 1L << slot;
    tally[slot] = 0;
    doubts[slot] = 0;
    for (int other = 0; other < doubts.length; other++) {
      doubts[other] &= ~(1L << slot); // they still do, in earnest; what counts begins anew
    }
  }

  /** Whoever calls the one that came back suspect from now on is wrong. */
  void recovered() {
    returning = 0;
  }

  /** How long the members, the dead one aside, took to suspect the last crash, the first first. */
  long[] detectedNanos() {
    long[] others = new long[detectedNanos.length - 1];
    for (int slot = 0; slot < detectedNanos.length; slot++) {
      if (slot != crashed) {
        others[slot < crashed ? slot : slot - 1] = detectedNanos[slot];
      }
    }
    Arrays.sort(others);
    return others;
  }

  /** How often one of those who hear took a living member for suspect. */
  long suspects() {
    return suspects;
  }

  /** The same of those who hear nobody, who go by their own ears. */
  long suspectsOfTheDeaf() {
    return suspectsOfTheDeaf;
  }

  /** How often anybody took a living member for gone. */
  long falselyGone() {
    return falselyGone;
  }

  /** How many living members lost their duties. */
  int wronglyRemoved() {
    return Long.bitCount(wronglyRemoved);
  }

  /** How often a member alone began to doubt a living one. */
  long doubts() {
    return doubted;
  }

  /** The most members, of those who hear, that doubted a living one at once. */
  int largestTally() {
    return largestTally;
  }
}
