package starling.link;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The only door out of a node: it gives a {@link Permit} for each frame, and a link sends nothing
 * without one.
 *
 * <p>Two limits hold in <em>any</em> sliding window, not on average: the law's share of an hour, or
 * of whatever it says ({@link LinkProfile#law}), and this node's share of the channel ({@link
 * LinkProfile#channelTarget} divided by the active speakers heard) over a minute; where a minute's
 * share holds no frame of MTU size (many speakers on a slow channel), over the time whose share
 * does, so that nobody falls silent for good. A tenth of the channel share is kept for alarms.
 * Airtime is booked into buckets that are counted whole until their last instant has left the
 * window, so rounding always errs on the side of sending less; what was permitted is never
 * refunded, whether it left or not.
 *
 * <p>The law does not begin anew with a process: a ledger that was told of an earlier life ({@link
 * #restore}) counts what that spent, and spends no more than its own records on disk tell ({@link
 * #record}).
 *
 * <p>Time is an argument, in nanoseconds of any monotonic clock. Memory is fixed by the profile:
 * the time that {@value #SPEAKERS_MAX} speakers need, in buckets of a second; of five on a network
 * that no law limits.
 */
public final class AirtimeLedger {
  /** The part of a node's share of the channel that is not kept for alarms. */
  public static final double NORMAL = 0.9;

  /** More speakers than this share the channel as if they were this many. */
  static final int SPEAKERS_MAX = 256;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long WAITED_NANOS = MINUTE_NANOS;
  private static final int BUCKETS = 60;

  /** A record tells the law's hour by such parts. */
  private static final int PARTS = 12;

  /** Of the law's limit, one such piece is written down ahead. */
  private static final int PIECES = 20;

  private static final int BUCKETS_FREE = 12;

  private final LinkProfile profile;
  private final @Nullable SlidingWindow legal; // none on a network that no law limits
  private final SlidingWindow share;
  private final @Nullable Coverage coverage; // where the law limits
  private double speakers = 1;
  private long spentMicros;

  public AirtimeLedger(LinkProfile profile) {
    this.profile = profile;
    boolean free = !profile.law().limits() && !profile.broadcast();
    legal = free ? null : new SlidingWindow(lawNanos(), lawNanos() / BUCKETS);
    boolean recorded = profile.law().limits() && lawNanos() > WAITED_NANOS;
    coverage = recorded ? new Coverage(pieceMicros()) : null;
    share =
        new SlidingWindow(
            shareWindowNanos(SPEAKERS_MAX), MINUTE_NANOS / (free ? BUCKETS_FREE : BUCKETS));
  }

  private long pieceMicros() {
    long largestMicros = profile.airtime().micros(profile.mtuBytes());
    return Math.max(2 * largestMicros, lawMicros() / PIECES);
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
   * Takes up an earlier life's record, before anything is sent: as if no time had passed since it
   * was written. From now on nothing is sent that no record of this life covers.
   *
   * @param record what {@link #record} made; empty for a new node
   */
  public void restore(byte[] record, long nowNanos) {
    if (coverage == null || legal == null) {
      waitForTheLaw(nowNanos);
      return;
    }
    coverage.begin();
    if (record.length == 0) {
      return;
    }
    long partNanos = lawNanos() / PARTS;
    try {
      WireReader reader = new WireReader(record);
      for (int part = PARTS - 1; part >= 0; part--) {
        int micros = (int) Math.min(reader.u32(), partNanos / 1000);
        legal.add(micros, nowNanos - part * partNanos);
      }
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a record of airtime has " + PARTS + " parts", e);
    }
  }

  /** What is over so soon is waited for, not written down. */
  private void waitForTheLaw(long nowNanos) {
    if (legal != null && profile.law().limits()) {
      legal.add(Math.toIntExact(lawMicros()), nowNanos);
    }
  }

  /**
   * The record that is to be on disk before much more is sent: what was sent in the last hour, the
   * oldest part first, and in the youngest a piece ahead. Empty while there is no need of one.
   */
  public Optional<byte[]> record(long nowNanos) {
    if (coverage == null || legal == null || !coverage.isDue(nowNanos)) {
      return Optional.empty();
    }
    long partNanos = lawNanos() / PARTS;
    boolean much = legal.sum(lawNanos(), nowNanos) + coverage.pieceMicros() > lawMicros() / 2;
    long oldNanos = nowNanos + partNanos + 2 * lawNanos() / BUCKETS;
    coverage.writing(much ? oldNanos : Long.MAX_VALUE);
    WireWriter record = WireWriter.ofSize(PARTS * Integer.BYTES);
    for (int part = PARTS; part > 1; part--) {
      long older = legal.sum(part * partNanos, nowNanos);
      record.u32(older - legal.sum((part - 1) * partNanos, nowNanos));
    }
    return Optional.of(
        record.u32(legal.sum(partNanos, nowNanos) + coverage.pieceMicros()).toBytes());
  }

  /** The last record is on disk. */
  public void recorded() {
    if (coverage != null) {
      coverage.written();
    }
  }

  /**
   * Sets among how many active speakers (oneself included) the channel's target is shared, 1 to
   * {@value #SPEAKERS_MAX}; others count as the nearer of these. Not a whole number where shares
   * are unequal.
   */
  public void shareAmong(double activeSpeakers) {
    speakers = Math.clamp(activeSpeakers, 1, SPEAKERS_MAX);
  }

  /** The largest frame that may leave now, 0 to the MTU. */
  public int bytesAllowed(boolean alarm, long nowNanos) {
    return largestBytes(microsAllowed(alarm, nowNanos));
  }

  /**
   * The largest frame that may leave now if nothing else leaves until then, when one of so many
   * bytes is to, 0 to the MTU.
   */
  public int bytesBefore(int bytesThen, long thenNanos, long nowNanos) {
    long allowed = microsAllowed(false, nowNanos);
    long windowNanos = shareWindowNanos(speakers);
    long stillCounts = windowNanos - Math.max(0, thenNanos - nowNanos);
    if (stillCounts > 0) {
      long then = microsIn(windowNanos, NORMAL) - share.sum(stillCounts, nowNanos);
      allowed = Math.min(allowed, then - profile.airtime().micros(bytesThen));
    }
    return largestBytes(allowed);
  }

  private int largestBytes(long micros) {
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
    if (legal != null) {
      legal.add(Math.toIntExact(micros), nowNanos);
    }
    if (coverage != null) {
      coverage.spend(micros);
    }
    share.add(Math.toIntExact(micros), nowNanos);
    spentMicros += micros;
    return Optional.of(new Permit(bytes));
  }

  /** Airtime permitted since the start, in microseconds. */
  public long spentMicros() {
    return spentMicros;
  }

  /** This node's use of the channel over the last minute, 0 to 1. */
  public double utilisation(long nowNanos) {
    return share.sum(MINUTE_NANOS, nowNanos) * 1000.0 / MINUTE_NANOS;
  }

  /**
   * This node's use of the channel over the last hour, or whatever time the law says, 0 to 1; 0 on
   * a network that no law limits.
   */
  public double legalUtilisation(long nowNanos) {
    return legal == null ? 0 : legal.sum(lawNanos(), nowNanos) * 1000.0 / lawNanos();
  }

  /** The share of the channel that is this node's own, alarms aside, 0 to 1. */
  public double budget() {
    return Math.min(profile.law().share(), profile.channelTarget() / speakers * NORMAL);
  }

  private long microsAllowed(boolean alarm, long nowNanos) {
    long windowNanos = shareWindowNanos(speakers);
    long byShare = microsIn(windowNanos, alarm ? 1 : NORMAL) - share.sum(windowNanos, nowNanos);
    long covered = coverage == null ? Long.MAX_VALUE : coverage.leftMicros();
    return Math.max(0, Math.min(covered, Math.min(byLaw(nowNanos), byShare)));
  }

  /** This part of the node's share of the channel, in so much time. */
  private long microsIn(long nanos, double part) {
    return (long) (profile.channelTarget() / speakers * part * nanos / 1000);
  }

  private long byLaw(long nowNanos) {
    return legal == null ? Long.MAX_VALUE : lawMicros() - legal.sum(lawNanos(), nowNanos);
  }

  private long lawMicros() {
    return (long) profile.law().micros();
  }

  private long lawNanos() {
    return profile.law().millis() * 1_000_000;
  }

  /** A minute, or as long as it takes for one speaker's share to hold the largest frame. */
  private long shareWindowNanos(double sharedAmong) {
    double target = profile.channelTarget() / sharedAmong * NORMAL;
    long largestMicros = profile.airtime().micros(profile.mtuBytes());
    return Math.max(MINUTE_NANOS, (long) ((largestMicros + 1) * 1000 / target));
  }
}
