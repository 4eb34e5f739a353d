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
 * ChannelShare}). Airtime is booked into buckets that are counted whole until their last instant
 * has left the window, so rounding always errs on the side of sending less; what was permitted is
 * never refunded, whether it left or not.
 *
 * <p>The law does not begin anew with a process: a ledger that was told of an earlier life ({@link
 * #restore}) counts what that spent, and spends no more than its own records on disk tell ({@link
 * #record}).
 *
 * <p>Time is an argument, in nanoseconds of any monotonic clock. Memory is fixed by the profile:
 * the time that {@value ChannelShare#SPEAKERS_MAX} speakers need, in buckets of a second; of five
 * on a network that no law limits.
 */
public final class AirtimeLedger {
  /** The part of a node's share of the channel that is not kept for alarms. */
  public static final double NORMAL = ChannelShare.NORMAL;

  private static final long WAITED_NANOS = 60_000_000_000L;
  private static final int BUCKETS = 60;

  /** A record tells the law's hour by such parts. */
  private static final int PARTS = 12;

  /** Of the law's limit, one such piece is written down ahead. */
  private static final int PIECES = 20;

  private final LinkProfile profile;
  private final @Nullable SlidingWindow legal; // none on a network that no law limits
  private final ChannelShare share;
  private final @Nullable Coverage coverage; // where the law limits
  private long spentMicros;

  public AirtimeLedger(LinkProfile profile) {
    this.profile = profile;
    boolean free = !profile.law().limits() && !profile.broadcast();
    legal = free ? null : new SlidingWindow(lawNanos(), lawNanos() / BUCKETS);
    boolean recorded = profile.law().limits() && lawNanos() > WAITED_NANOS;
    coverage = recorded ? new Coverage(pieceMicros()) : null;
    share = new ChannelShare(profile, free);
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
   * {@value ChannelShare#SPEAKERS_MAX}; others count as the nearer of these. Not a whole number
   * where shares are unequal.
   */
  public void shareAmong(double activeSpeakers) {
    share.among(activeSpeakers);
  }

  /**
   * Sets in what windows, of so many nanoseconds, how many members of a cell say what they have.
   */
  public void exchanges(int members, long windowNanos) {
    share.exchanges(members, windowNanos);
  }

  /**
   * Another node's frame came in.
   *
   * @param loss the share of such frames that is lost on the way here, 0 to 1
   */
  public void heard(int bytes, double loss, long nowNanos) {
    share.heard(Math.toIntExact(profile.airtime().micros(bytes)), loss, nowNanos);
  }

  /** The largest frame that may leave now, 0 to the MTU. */
  public int bytesAllowed(Purpose purpose, long nowNanos) {
    return largestBytes(Math.min(byLaw(nowNanos), share.microsAllowed(purpose, nowNanos)));
  }

  /**
   * The largest frame of repair that may leave now if nothing else leaves until then, when one of
   * so many bytes is to, 0 to the MTU.
   */
  public int bytesBefore(int bytesThen, long thenNanos, long nowNanos) {
    long microsThen = profile.airtime().micros(bytesThen);
    long byShare = share.microsBefore(microsThen, thenNanos, nowNanos);
    return largestBytes(Math.min(byLaw(nowNanos), byShare));
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
  public Optional<Permit> reserve(int bytes, Purpose purpose, long nowNanos) {
    long micros = profile.airtime().micros(bytes);
    boolean fits = bytes >= 1 && bytes <= profile.mtuBytes();
    if (!fits || micros > Math.min(byLaw(nowNanos), share.microsAllowed(purpose, nowNanos))) {
      return Optional.empty();
    }
    if (legal != null) {
      legal.add(Math.toIntExact(micros), nowNanos);
    }
    if (coverage != null) {
      coverage.spend(micros);
    }
    share.add(Math.toIntExact(micros), purpose, nowNanos);
    spentMicros += micros;
    return Optional.of(new Permit(bytes));
  }

  /** Airtime permitted since the start, in microseconds. */
  public long spentMicros() {
    return spentMicros;
  }

  /** This node's use of the channel over the last minute, 0 to 1. */
  public double utilisation(long nowNanos) {
    return share.utilisation(nowNanos);
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
    return Math.min(profile.law().share(), share.budget());
  }

  private long byLaw(long nowNanos) {
    long covered = coverage == null ? Long.MAX_VALUE : coverage.leftMicros();
    return legal == null
        ? covered
        : Math.min(covered, lawMicros() - legal.sum(lawNanos(), nowNanos));
  }

  private long lawMicros() {
    return (long) profile.law().micros();
  }

  private long lawNanos() {
    return profile.law().millis() * 1_000_000;
  }
}
