package starling.gateway.upstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import starling.gateway.outbox.Entry;
import starling.gateway.outbox.Outbox;
import starling.gateway.outbox.Page;

/**
 * Brings what is on disk and no longer the newest of its topic to the broker, the oldest first, a
 * page at a time and at a bounded rate, so that live messages always find room. It goes through the
 * outbox again whenever something has become late.
 */
final class LateLane {
  private static final int PAGE_MAX = 256;

  /** With fewer left, the next page is asked for: each waits for the disk once. */
  private static final int LEFT_MIN = PAGE_MAX / 2;

  /** As much as may be made up for after a pause. */
  private static final int BURSTS_PER_SECOND = 20;

  private static final int LATELY_MAX = 1024;
  private static final double SECOND_NANOS = 1e9;

  private record Key(String topic, long number) {}

  private final Outbox outbox;
  private final int perSecond;
  private final int inFlightMax;
  private final Deque<Entry> page = new ArrayDeque<>();
  private final LinkedHashSet<Key> lately = new LinkedHashSet<>();
  private long after;
  private boolean asked;
  private boolean scanning;
  private boolean stirred = true;
  private int inFlight;
  private double allowed = 1;
  private long allowedNanos;

  LateLane(Outbox outbox, int perSecond, int inFlightMax) {
    this.outbox = outbox;
    this.perSecond = perSecond;
    this.inFlightMax = inFlightMax;
    this.allowedNanos = System.nanoTime();
  }

  /** Something in the outbox has become late. */
  void stir() {
    stirred = true;
  }

  /** What it asked the outbox for. */
  void came(Page next) {
    asked = false;
    scanning = !next.entries().isEmpty();
    page.addAll(next.entries());
    after = next.last();
  }

  /** The next message that may be sent now; it is only sent with {@link #sending}. */
  Optional<Entry> next(long nowNanos) {
    double most = Math.max(1, perSecond / BURSTS_PER_SECOND);
    allowed = Math.min(most, allowed + (nowNanos - allowedNanos) / SECOND_NANOS * perSecond);
    allowedNanos = nowNanos;
    if (page.size() <= LEFT_MIN) {
      turn();
    }
    return page.isEmpty() || allowed < 1 || inFlight >= inFlightMax
        ? Optional.empty()
        : Optional.of(page.removeFirst());
  }

  void sending(Entry entry) {
    allowed--;
    inFlight++;
    lately.add(new Key(entry.topic(), entry.number()));
    if (lately.size() > LATELY_MAX) {
      lately.removeFirst();
    }
  }

  void settled(boolean sent) {
    inFlight--;
    stirred |= !sent;
  }

  /** Whether this lane sent it a short time ago. */
  boolean sentLately(String topic, long number) {
    return lately.contains(new Key(topic, number));
  }

  /** Asks for the next page; for the first one again only when nothing is on its way. */
  private void turn() {
    if (asked) {
      return;
    }
    if (scanning) {
      asked = outbox.ask(after, PAGE_MAX);
    } else if (stirred && inFlight == 0 && page.isEmpty()) {
      stirred = false;
      asked = outbox.ask(0, PAGE_MAX);
      stirred = !asked;
    }
  }
}
