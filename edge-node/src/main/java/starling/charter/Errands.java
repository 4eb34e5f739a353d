package starling.charter;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import starling.engine.LinkView;
import starling.link.Address;
import starling.model.Charter;
import starling.model.Page;

/**
 * Pages that the owner gave to this node and perhaps to no other: it offers each to the zone's
 * contacts, one after another, until one has it. And the other end of that: whom this node turns to
 * since it was offered something. One stranger at a time, so the cost is the same whatever was
 * given.
 */
final class Errands {
  /** What nodes have that were given and offered nothing: it stays as it is. */
  static final Errands NONE = new Errands();

  private static final int ZONES_MAX = 4096;
  private static final long OFFER_EVERY_NANOS = 1_500_000_000L;
  private static final long QUIET_NANOS = 4_000_000_000L;
  private static final int NOWHERE = -1;

  private List<Integer> waiting = List.of(); // first come, first served
  private boolean mine;
  private int zone = NOWHERE;
  private int contact;
  private @Nullable Address host;
  private boolean done;
  private long offerNanos = Long.MAX_VALUE;
  private long untilNanos = Long.MAX_VALUE;

  /** The owner gave this node a zone's page. */
  void given(int elsewhere, long nowNanos) {
    if (waiting.size() < ZONES_MAX && !waiting.contains(elsewhere)) {
      queue(elsewhere);
      untilNanos = Math.min(untilNanos, nowNanos + OFFER_EVERY_NANOS);
    }
  }

  private void queue(int elsewhere) {
    waiting = Stream.concat(waiting.stream(), Stream.of(elsewhere)).toList();
  }

  /**
   * Somebody offers this node a zone's page: it turns to them, unless it is on an errand itself.
   *
   * @param answers whether it lacks nothing, and says so; else it asks
   */
  void offered(Address by, int page, boolean answers, long nowNanos) {
    if (!mine) {
      zone = page;
      visit(by, nowNanos);
      offerNanos = answers ? nowNanos : Long.MAX_VALUE;
    }
  }

  private void visit(Address whom, long nowNanos) {
    host = whom;
    offerNanos = nowNanos;
    untilNanos = nowNanos + QUIET_NANOS;
  }

  /**
   * Goes on to the next contact, or to the next zone, when the one visited is quiet; answers
   * whether it did.
   */
  boolean turn(Charter charter, int own, long nowNanos) {
    if (nowNanos < untilNanos) {
      return false;
    }
    List<Address> contacts = mine && !done ? contacts(charter, zone, own) : List.of();
    if (++contact >= contacts.size()) {
      if (!contacts.isEmpty()) {
        queue(zone); // nobody is there now: again after the others
      }
      next(charter, own);
      contacts = mine ? contacts(charter, zone, own) : List.of();
    }
    if (mine) {
      visit(contacts.get(contact), nowNanos);
    } else {
      host = null;
      offerNanos = Long.MAX_VALUE;
      untilNanos = Long.MAX_VALUE;
    }
    return true;
  }

  /** The next zone that can be reached. */
  private void next(Charter charter, int own) {
    mine = false;
    contact = 0;
    done = false;
    while (!mine && !waiting.isEmpty()) {
      zone = waiting.getFirst();
      waiting = waiting.stream().skip(1).toList();
      mine = !contacts(charter, zone, own).isEmpty();
    }
  }

  private static List<Address> contacts(Charter charter, int zone, int own) {
    return charter.pages().values().stream()
        .filter(Page.Inner.class::isInstance)
        .flatMap(page -> ((Page.Inner) page).child(zone).stream())
        .flatMap(child -> child.entrances().stream())
        .filter(entrance -> entrance.cell() != own)
        .flatMap(
            entrance -> entrance.slots().stream().map(slot -> new Address(entrance.cell(), slot)))
        .toList();
  }

  /** Whom to speak to although the charter makes them no neighbour, on a link. */
  List<LinkView> guests(LinkView addressed) {
    Address whom = host;
    return whom == null
        ? List.of()
        : List.of(LinkView.guest(addressed.link(), addressed.profile(), whom));
  }

  /** Whether this neighbour is the one that is visited. */
  boolean visits(LinkView link) {
    return link.to().equals(host) && !link.profile().broadcast();
  }

  /** Whether to say the offer, or the answer to one, now. */
  boolean offers(LinkView link, long nowNanos) {
    return visits(link) && nowNanos >= offerNanos;
  }

  /** The zone whose page is offered, or was. */
  int zone() {
    return zone;
  }

  /** The offer has left; an answer to one is said once. */
  void said(long nowNanos) {
    offerNanos = mine ? nowNanos + OFFER_EVERY_NANOS : Long.MAX_VALUE;
  }

  /** Whoever is visited wants something, or brings it. */
  void busy(LinkView link, long nowNanos) {
    if (visits(link)) {
      offerNanos = Long.MAX_VALUE;
      untilNanos = nowNanos + QUIET_NANOS;
    }
  }

  /** Whoever is visited has a page. */
  void has(LinkView link, int page) {
    done |= visits(link) && page == zone;
  }

  /** There is nothing more to do here. */
  void leave(long nowNanos) {
    offerNanos = mine ? Long.MAX_VALUE : offerNanos;
    untilNanos = mine ? nowNanos + 1 : untilNanos;
  }

  /** When an offer is due. */
  long offerNanos() {
    return offerNanos;
  }

  /** When {@link #turn} is due. */
  long untilNanos() {
    return untilNanos;
  }
}
