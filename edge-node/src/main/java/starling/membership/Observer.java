package starling.membership;

/**
 * What this node heard of one member: when, what it promised, and how much of what it sent was lost
 * on the way, from the gaps in its frame counter (never from missing replies).
 */
final class Observer {
  private static final int GAP_MAX = 64;
  private static final double LOSS_WEIGHT = 1 / 32.0;

  private long heardNanos;
  private long promiseNanos;
  private int counter = -1;
  private double loss;
  private boolean heard;
  private long votes;
  private long hears;
  private long votedNanos;
  private boolean voted;

  /**
   * A frame of this member came in; {@code countable} if its counter counts frames that we should
   * have heard.
   */
  void heard(int frameCounter, boolean countable, long promise, long nowNanos) {
    heard = true;
    heardNanos = nowNanos;
    promiseNanos = promise;
    if (countable) {
      int gap = counter < 0 || frameCounter <= counter ? 1 : frameCounter - counter;
      for (int lost = Math.min(gap, GAP_MAX) - 1; lost > 0; lost--) {
        loss += (1 - loss) * LOSS_WEIGHT;
      }
      loss -= loss * LOSS_WEIGHT;
      counter = frameCounter;
    }
  }

  /** It says whom it misses, and whom it used to hear. */
  void says(long suspects, long hearsBits, long nowNanos) {
    votes = suspects;
    hears = hearsBits;
    votedNanos = nowNanos;
    voted = true;
  }

  boolean everHeard() {
    return heard;
  }

  double loss() {
    return loss;
  }

  /** Whole promises broken since it was last heard. */
  long brokenPromises(long nowNanos) {
    return heard && promiseNanos > 0 ? (nowNanos - heardNanos) / promiseNanos : 0;
  }

  /** When another promise will be broken. */
  long nextBreakNanos(long nowNanos) {
    return heard ? heardNanos + (brokenPromises(nowNanos) + 1) * promiseNanos : Long.MAX_VALUE;
  }

  /**
   * Whether its last word counts as a vote on the member at {@code slot}: recent, and it used to
   * hear it.
   */
  boolean votesOn(int slot, long nowNanos, long freshNanos) {
    return voted && nowNanos - votedNanos < freshNanos && (hears & 1L << slot) != 0;
  }

  boolean suspects(int slot) {
    return (votes & 1L << slot) != 0;
  }
}
