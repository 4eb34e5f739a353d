package starling.link;

import java.util.Optional;

/**
 * The only door out of a node: it gives a {@link Permit} for each frame, and a link sends nothing
 * without one.
 *
 * <p>Two limits hold in <em>any</em> sliding window, not on average: the law's share of an hour
 * ({@link LinkProfile#dutyCycleMax}), and this node's share of the channel ({@link
 * LinkProfile#channelTarget} divided by the active speakers heard) over a minute. A tenth of the
 * channel share is kept for alarms. Airtime is booked into buckets that are counted whole until
 * their last instant has left the window, so rounding always errs on the side of sending less; what
 * was permitted is never refunded, whether it left or not.
 *
 * <p>Time is an argument, in nanoseconds of any monotonic clock. Memory is fixed: {@value #BUCKETS}
 * buckets a window.
 */
public final class AirtimeLedger {
  private static final int BUCKETS = 120;
  private static final long LEGAL_WINDOW_NANOS = 3_600_000_000_000L;
  private static final long SHARE_WINDOW_NANOS = 60_000_000_000L;

  private final LinkProfile profile;
  private final SlidingWindow legal = new SlidingWindow(LEGAL_WINDOW_NANOS);
  private final SlidingWindow share = new SlidingWindow(SHARE_WINDOW_NANOS);
  private int speakers = 1;
  private long spentMicros;

  public AirtimeLedger(LinkProfile profile) {
    this.profile = profile;
  }

  /** The ledger's leave to send one frame. Only a ledger makes one. */
  public static final class Permit {
    private final int bytes;

    private Permit(int bytes) {
      this.bytes = bytes;
    }

    /** The frame's length that was permitted. */
    public int bytes() {
      return bytes;
    }

    /** Throws unless this permits a frame of this length: what each link calls first. */
    public void check(byte[] frame) {
      if (frame.length != bytes) {
        throw new IllegalArgumentException(
            "the permit is for " + bytes + " bytes, the frame has " + frame.length);
      }
    }
  }

  /**
   * Sets among how many active speakers (oneself included) the channel's target is shared; at least
   * 1.
   */
  public void shareAmong(int activeSpeakers) {
    speakers = Math.max(1, activeSpeakers);
  }

  /** The largest frame that may leave now, 0 to the MTU. */
  public int bytesAllowed(boolean alarm, long nowNanos) {
    long micros = microsAllowed(alarm, nowNanos);
    if (profile.airtime().micros(profile.mtuBytes()) <= micros) {
      return profile.mtuBytes();
    }
    int low = 0;
    int high = profile.mtuBytes();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (profile.airtime().micros(middle) <= micros) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Books a frame of {@code bytes} bytes, or answers empty if a limit would be passed: then nothing
   * is booked.
   */
  public Optional<Permit> reserve(int bytes, boolean alarm, long nowNanos) {
    long micros = profile.airtime().micros(bytes);
    if (bytes < 1 || bytes > profile.mtuBytes() || micros > microsAllowed(alarm, nowNanos)) {
      return Optional.empty();
    }
    legal.add(micros, nowNanos);
    share.add(micros, nowNanos);
    spentMicros += micros;
    return Optional.of(new Permit(bytes));
  }

  /** Airtime permitted since the start, in microseconds. */
  public long spentMicros() {
    return spentMicros;
  }

  /** This node's use of the channel over the last minute, 0 to 1. */
  public double utilisation(long nowNanos) {
    return share.sum(nowNanos) * 1000.0 / SHARE_WINDOW_NANOS;
  }

  private long microsAllowed(boolean alarm, long nowNanos) {
    double target = profile.channelTarget() / speakers * (alarm ? 1 : 0.9);
    long byLaw = (long) (profile.dutyCycleMax() * LEGAL_WINDOW_NANOS / 1000) - legal.sum(nowNanos);
    long byShare = (long) (target * SHARE_WINDOW_NANOS / 1000) - share.sum(nowNanos);
    return Math.max(0, Math.min(byLaw, byShare));
  }

  /**
   * The sum of what was added in the last {@code lengthNanos}, never less than true, at most one
   * bucket more.
   */
  private static final class SlidingWindow {
    private final long bucketNanos;
    private final long[] amount = new long[BUCKETS + 1];
    private long newest;
    private long sum;
    private boolean started;

    SlidingWindow(long lengthNanos) {
      bucketNanos = lengthNanos / BUCKETS;
    }

    void add(long value, long nowNanos) {
      advance(nowNanos);
      amount[Math.floorMod(newest, amount.length)] += value;
      sum += value;
    }

    long sum(long nowNanos) {
      advance(nowNanos);
      return sum;
    }

    private void advance(long nowNanos) {
      long bucket = Math.floorDiv(nowNanos, bucketNanos);
      if (!started) {
        started = true;
        newest = bucket;
      }
      long steps = Math.min(bucket - newest, amount.length);
      for (long i = 1; i <= steps; i++) {
        int index = Math.floorMod(newest + i, amount.length);
        sum -= amount[index];
        amount[index] = 0;
      }
      newest = Math.max(newest, bucket);
    }
  }
}
