package starling.gateway.upstream;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import starling.gateway.outbox.Entry;
import starling.gateway.outbox.Outbox;
import starling.gateway.outbox.Page;
import starling.link.mqtt.Message;

/**
 * Which message goes to the broker next, and what its acknowledgement means: events first, then
 * what should be retained, then what is late. It sends nothing itself. Under the upstream's lock.
 */
final class Dispatch {
  /** Messages that the broker has not acknowledged. */
  static final int IN_FLIGHT_MAX = 128;

  private static final int LATE_IN_FLIGHT_MAX = IN_FLIGHT_MAX / 2;

  /** The second of several gateways waits half a window for the first, any other a whole one. */
  private static final int PATIENCE_MAX_HALVES = 2;

  /** Others that brought something late so recently are likely to bring more. */
  private static final long OTHERS_NANOS = 3_000_000_000L;

  private static final byte[] NOTHING = {};

  private final Holdings holdings;
  private final Outbox outbox;
  private final Shelf shelf;
  private final Alerts alerts = new Alerts();
  private final LateLane late;
  private long othersNanos = System.nanoTime() - OTHERS_NANOS;
  private int inFlight;
  private long kept; // messages
  private long published;
  private long lost;

  /**
   * A dispatch with nothing in flight.
   *
   * @param latePerSecond how many late messages a second it gives, at most
   */
  Dispatch(Holdings holdings, int latePerSecond) {
    this.holdings = holdings;
    outbox = holdings.outbox();
    shelf = holdings.shelf();
    late = new LateLane(outbox, latePerSecond, LATE_IN_FLIGHT_MAX);
  }

  /** Answers and events that came to be on disk. */
  long kept() {
    return kept;
  }

  /** Messages that the broker has acknowledged. */
  long published() {
    return published;
  }

  /** Messages that are neither on disk nor sent. */
  long lost() {
    return lost;
  }

  /** How many messages the broker has not been sent yet, besides those on disk only. */
  int waiting() {
    return alerts.size() + shelf.waiting() + inFlight;
  }

  /**
   * What is to be sent now; it is in flight until it is {@link #settled}.
   *
   * @param listening whether what is retained is still being heard: no zone's answer goes yet
   */
  @Nullable Parcel next(boolean listening) {
    if (inFlight >= IN_FLIGHT_MAX) {
      return null;
    }
    long now = System.nanoTime();
    Parcel next = alerts.next().map(event -> Parcel.event(Parcel.Lane.ALERT, event)).orElse(null);
    if (next == null) {
      next = shelf.next(!listening, now).map(this::shelved).orElse(null);
    }
    if (next == null && !listening) {
      next = nextLate(now);
    }
    inFlight += next == null ? 0 : 1;
    return next;
  }

  private Parcel shelved(Message message) {
    Rank rank = shelf.newest(message.topic());
    return new Parcel(
        Parcel.Lane.SHELF,
        message,
        Optional.ofNullable(rank).map(of -> of.entry(message.topic(), message.payload())));
  }

  private @Nullable Parcel nextLate(long now) {
    for (Optional<Entry> next = late.next(now); next.isPresent(); next = late.next(now)) {
      Entry entry = next.get();
      if (isLive(entry)) {
        continue;
      }
      if (isOthers(entry, now)) {
        late.stir();
        continue;
      }
      late.sending(entry);
      return Parcel.event(Parcel.Lane.LATE, entry);
    }
    return null;
  }

  private boolean isLive(Entry entry) {
    return entry.isEvent() ? alerts.has(entry) : shelf.isDue(entry.topic(), entry.number());
  }

  /** Whether another gateway goes before this one and is just bringing what is late. */
  private boolean isOthers(Entry entry, long now) {
    return now - othersNanos < OTHERS_NANOS
        && !entry.isEvent()
        && holdings.before(entry.topic()) > 0;
  }

  /** The broker has acknowledged it, or it could not be sent and comes again. */
  void settled(Parcel parcel, boolean sent) {
    inFlight--;
    switch (parcel.lane()) {
      case ALERT -> stirIf(alerts.settled(parcel.kept().orElseThrow(), sent));
      case LATE -> late.settled(sent);
      case SHELF -> {
        if (shelf.settled(parcel.message().topic(), sent)) {
          holdings.remembered().remove(parcel.message().topic());
        }
        stirIf(!sent); // something newer may have come meanwhile
      }
    }
    if (sent) {
      published++;
      parcel.kept().ifPresent(outbox::done);
    }
  }

  /** Something in the outbox may have become late. */
  void stirIf(boolean may) {
    if (may) {
      late.stir();
    }
  }

  /**
   * The outbox has taken these, or could not: then they go from memory, as far as there is room.
   */
  void kept(List<Entry> entries, boolean onDisk) {
    long now = System.nanoTime();
    for (Entry entry : entries) {
      kept(entry, onDisk, now);
    }
    kept += onDisk ? entries.size() : 0;
  }

  private void kept(Entry entry, boolean onDisk, long now) {
    boolean live =
        entry.isEvent()
            ? alerts.add(entry, onDisk)
            : shelf.release(entry.topic(), Rank.of(entry), notBefore(entry, now));
    if (!onDisk) {
      // On the shelf the next window takes its place, perhaps before it has left.
      boolean waits = entry.isEvent() ? live : alerts.add(entry, false);
      lost += live || waits ? 0 : 1;
    } else if (!live) {
      late.stir();
    }
  }

  private long notBefore(Entry entry, long now) {
    int halves = Math.min(holdings.before(entry.topic()), PATIENCE_MAX_HALVES);
    return now + TimeUnit.MILLISECONDS.toNanos(halves * entry.lengthMillis() / 2);
  }

  /** A page of what is late. */
  void came(Page page) {
    late.came(page);
  }

  /** The broker has told a zone's answer: where it is ours or better, ours need not go any more. */
  void heard(String topic, byte[] payload, long nowNanos) {
    shelf.heard(topic, payload).ifPresent(rank -> isThere(topic, rank, nowNanos));
  }

  private void isThere(String topic, Rank rank, long now) {
    if (!late.sentLately(topic, rank.endMillis())) {
      Rank newest = shelf.newest(topic);
      if (newest != null && rank.endMillis() < newest.endMillis()) {
        othersNanos = now;
      }
      late.stir();
      outbox.done(rank.entry(topic, NOTHING));
    }
  }

  /** Other gateways have come or gone: nothing waits for one that is not there. */
  void hurry(long nowNanos) {
    shelf.hurry(nowNanos);
    late.stir();
  }
}
