package starling.engine;

import java.util.random.RandomGenerator;

/**
 * A Trickle timer (RFC 6206): speaks in the second half of an interval unless enough others said
 * the same, doubles the interval while all agree, and falls back to the shortest when somebody
 * differs.
 */
public final class Trickle {
  private final int doublings;
  private final int redundancy;
  private final RandomGenerator random;
  private long intervalNanos;
  private long beganNanos;
  private long endNanos;
  private long atNanos = Long.MAX_VALUE;
  private int consistent;
  private int again; // so often the present interval comes once more
  private boolean running;
  private long shortestNanos;

  /**
   * A timer that {@link #reset} starts.
   *
   * @param shortestNanos Imin
   * @param doublings Imax = Imin * 2^doublings
   * @param redundancy k: so many consistent messages heard in an interval silence one's own, 1 or
   *     more
   */
  public Trickle(long shortestNanos, int doublings, int redundancy, RandomGenerator random) {
    this.shortestNanos = shortestNanos;
    this.doublings = doublings;
    this.redundancy = redundancy;
    this.random = random;
  }

  /**
   * Changes Imin, and Imax with it, from the next {@link #reset} on. So that timers that were reset
   * together don't all speak at once, it should be 16 times what all members' messages take.
   */
  public void pace(long nextShortestNanos) {
    shortestNanos = nextShortestNanos;
  }

  /**
   * Somebody differs, or something is new: the shortest interval begins, unless it runs already.
   */
  public void reset(long nowNanos) {
    if (!running || intervalNanos > shortestNanos) {
      restart(nowNanos);
    }
  }

  /** What we would say is new: the shortest interval begins, whatever was heard or said in it. */
  public void restart(long nowNanos) {
    running = true;
    intervalNanos = shortestNanos;
    begin(nowNanos);
  }

  /** The present interval comes so often once more: who lacks the news altogether can't differ. */
  public void repeat(int times) {
    again = times;
  }

  /** Somebody said what we would say. */
  public void heardSame() {
    consistent++;
  }

  /** When the present interval began. */
  public long beganNanos() {
    return beganNanos;
  }

  /** When to ask {@link #due} next. */
  public long nextNanos() {
    return running ? Math.min(atNanos, endNanos) : Long.MAX_VALUE;
  }

  /** Whether to speak now; then {@link #spoke} once the message has left. */
  public boolean due(long nowNanos) {
    if (running && nowNanos >= endNanos) {
      intervalNanos =
          again > 0 ? intervalNanos : Math.min(shortestNanos << doublings, 2 * intervalNanos);
      again = Math.max(0, again - 1);
      begin(nowNanos);
    }
    if (nowNanos >= atNanos && consistent >= redundancy) {
      atNanos = Long.MAX_VALUE;
    }
    return nowNanos >= atNanos;
  }

  /** The message has left; silent for the rest of this interval. */
  public void spoke() {
    atNanos = Long.MAX_VALUE;
  }

  private void begin(long nowNanos) {
    consistent = 0;
    beganNanos = nowNanos;
    long half = intervalNanos / 2;
    atNanos = nowNanos + half + random.nextLong(Math.max(1, half));
    endNanos = nowNanos + intervalNanos;
  }
}
