package starling.charter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;

/**
 * A page that is being taken in, in order. Asks for the next part again and again while nothing
 * comes, at growing gaps once it has asked often.
 */
final class Intake {
  private static final long ASK_AGAIN_NANOS = 1_500_000_000L;
  private static final int ASKS_STEADY = 16;
  private static final int DOUBLINGS_MAX = 6;

  final int zone;
  final long version;
  private byte[] bytes = new byte[0];
  private int have;
  private int asks;
  private long askNanos;

  Intake(int zone, long version, long nowNanos) {
    this.zone = zone;
    this.version = version;
    this.askNanos = nowNanos;
  }

  boolean is(int ofZone, long ofVersion) {
    return zone == ofZone && version == ofVersion;
  }

  /** How many bytes are in: where the next part should begin. */
  int have() {
    return have;
  }

  /** When to ask next. */
  long askNanos() {
    return askNanos;
  }

  /** Waits so much longer, so that those who want the same don't ask at the same time. */
  void postpone(long nanos) {
    askNanos += nanos;
  }

  /** A request has left, or another's for the same part was heard. */
  void asked(long nowNanos) {
    asks++;
    int doublings = Math.clamp(asks - ASKS_STEADY, 0, DOUBLINGS_MAX);
    askNanos = nowNanos + (ASK_AGAIN_NANOS << doublings);
  }

  /** How often it was asked for since something came. */
  int asks() {
    return asks;
  }

  /**
   * Takes in a part.
   *
   * @return the whole page, if this was the last part
   */
  byte @Nullable [] take(int offset, int total, byte[] part, long nowNanos)
      throws MalformedException {
    if (offset + part.length > total) {
      throw new MalformedException("a part passes its page's end");
    }
    if (bytes.length != total) { // the first, or somebody lied: begin again
      bytes = new byte[total];
      have = 0;
    }
    if (offset > have || offset + part.length <= have) {
      return null; // a gap before it, or nothing new in it
    }
    System.arraycopy(part, 0, bytes, offset, part.length);
    have = offset + part.length;
    asks = 0;
    askNanos = nowNanos;
    return have == total ? Arrays.copyOf(bytes, total) : null;
  }
}
