package starling.charter;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;

/**
 * A page that is being taken in, in order. On each link it asks for the next part again and again
 * while nothing comes, at growing gaps once it has asked often.
 */
final class Intake {
  private static final long ASK_AGAIN_NANOS = 1_500_000_000L;
  private static final int DOUBLINGS_MAX = 4;

  final int zone;
  private long held;
  private long version;
  private long before;
  private final long sinceNanos;
  private final TreeMap<Integer, Asking> links = new TreeMap<>();
  private byte[] bytes = new byte[0];
  private int have;

  private static final class Asking {
    int asks;
    long atNanos;
  }

  /**
   * Nothing of it yet.
   *
   * @param held which version of it is here, so that what has changed since then will do
   */
  Intake(int zone, long version, long held, long nowNanos) {
    this.zone = zone;
    this.version = version;
    this.held = held;
    this.before = held;
    this.sinceNanos = nowNanos;
  }

  /** Whether what comes in is that page, at that version or a later one. */
  boolean is(int ofZone, long ofVersion) {
    return zone == ofZone && version >= ofVersion;
  }

  /**
   * Whether a part is of use, of that page or of what leads to it from another. One of a later
   * version begins it anew, and so does the beginning of the page itself: not everybody knows what
   * has changed.
   */
  boolean takes(int ofZone, long ofVersion, long since, int offset) {
    boolean readable = since == held || since == Shelf.NOTHING;
    boolean begins = ofVersion > version || since != before && offset == 0;
    if (ofZone == zone && ofVersion >= version && readable && begins) {
      version = ofVersion;
      before = since;
      bytes = new byte[0];
      have = 0;
    }
    return ofZone == zone && ofVersion == version && since == before;
  }

  /** Which version comes in, and is asked for. */
  long version() {
    return version;
  }

  /** From which version what comes in leads to it. */
  long before() {
    return before;
  }

  /** What came in was no page: the page itself is asked for. */
  void fail() {
    held = Shelf.NOTHING;
    before = Shelf.NOTHING;
    bytes = new byte[0];
    have = 0;
  }

  /** How many bytes are in: where the next part should begin. */
  int have() {
    return have;
  }

  private Asking on(int link) {
    return links.computeIfAbsent(
        link,
        _ -> {
          Asking asking = new Asking();
          asking.atNanos = sinceNanos;
          return asking;
        });
  }

  /** Whether to ask on this link now. */
  boolean due(int link, long nowNanos) {
    return nowNanos >= on(link).atNanos;
  }

  /** When it will be due to ask on some link. */
  long nextNanos(long nowNanos) {
    return links.values().stream()
        .mapToLong(asking -> asking.atNanos)
        .filter(nanos -> nanos > nowNanos)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** How often it was asked for on this link since something came. */
  int asks(int link) {
    return on(link).asks;
  }

  /** How often it was asked for since something came, wherever. */
  int asks() {
    return links.values().stream().mapToInt(asking -> asking.asks).sum();
  }

  /** Waits so much longer, so that those who want the same don't ask at the same time. */
  void postpone(int link, long nanos) {
    on(link).atNanos += nanos;
  }

  /** Somebody there says that it has the page: it is asked as if for the first time. */
  void offered(int link, long nowNanos) {
    offered(link, 0, nowNanos);
  }

  /** The same where all in reach hear of that at once: each asks so much later. */
  void offered(int link, long laterNanos, long nowNanos) {
    Asking asking = on(link);
    asking.asks = 0;
    asking.atNanos = Math.min(asking.atNanos, nowNanos + ASK_AGAIN_NANOS + laterNanos);
  }

  /**
   * Another's request for the same part was heard. It does not count: who has the page may hear us
   * and not them.
   */
  void deferred(int link, long nowNanos) {
    Asking asking = on(link);
    asking.atNanos = Math.max(asking.atNanos, nowNanos + ASK_AGAIN_NANOS);
  }

  /**
   * A request has left.
   *
   * @param steady after so many the gaps begin to grow
   */
  void asked(int link, int steady, long nowNanos) {
    Asking asking = on(link);
    asking.asks++;
    int doublings = Math.clamp(asking.asks - steady, 0, DOUBLINGS_MAX);
    asking.atNanos = nowNanos + (ASK_AGAIN_NANOS << doublings);
  }

  /**
   * Takes in a part that came on a link: the next is asked for there at once, elsewhere later.
   *
   * @return the whole, if this was the last part
   */
  byte @Nullable [] take(int link, int offset, int total, byte[] part, long nowNanos)
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
    for (Asking asking : links.values()) {
      asking.asks = 0;
      asking.atNanos = nowNanos + ASK_AGAIN_NANOS;
    }
    on(link).atNanos = nowNanos;
    return have == total ? Arrays.copyOf(bytes, total) : null;
  }
}
