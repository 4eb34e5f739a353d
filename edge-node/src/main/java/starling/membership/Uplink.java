package starling.membership;

/**
 * Whether this node's uplink is any good: its link is up, and somebody is heard on it as often as
 * they promise. One that comes back is on probation for a minute, so that an uplink that comes and
 * goes moves its node's duties once.
 */
final class Uplink {
  private static final long FIRST_NANOS = 16_000_000_000L;
  private static final long PROBATION_NANOS = 60_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;

  private boolean down;
  private long dueNanos = NEVER; // when somebody should have been heard again
  private long steadyNanos = Long.MIN_VALUE; // when its probation ends

  /** This node runs: somebody should be heard soon. */
  void begins(long nowNanos) {
    dueNanos = dueNanos == NEVER ? nowNanos + FIRST_NANOS : dueNanos;
  }

  /**
   * A frame came in on it; answers whether none did for longer than promised.
   *
   * @param promise that its sender speaks again within 2^promise seconds
   */
  boolean heard(int promise, long nowNanos) {
    boolean late = nowNanos >= dueNanos;
    if (late) {
      steadyNanos = nowNanos + PROBATION_NANOS;
    }
    dueNanos = nowNanos + (1_000_000_000L << promise);
    return late;
  }

  /** The link came up or went down. */
  void turned(boolean up, long nowNanos) {
    if (up && down) {
      steadyNanos = nowNanos + PROBATION_NANOS;
    }
    down = !up;
  }

  /** This node stood still for so long: what it did not hear meanwhile nobody failed to say. */
  void excuse(long nanos) {
    dueNanos += nanos;
  }

  /** Whether others should represent the cell, if they can. */
  boolean isCutOff(long nowNanos) {
    return down || nowNanos >= dueNanos || nowNanos < steadyNanos;
  }

  /** When that may change without anything happening. */
  long nextNanos(long nowNanos) {
    if (down || nowNanos >= dueNanos) {
      return NEVER;
    }
    return nowNanos < steadyNanos ? Math.min(steadyNanos, dueNanos) : dueNanos;
  }
}
