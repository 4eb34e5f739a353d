package starling.engine;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import starling.frame.FrameHeader;
import starling.frame.Keyring;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;

/** One link's side of the engine: its rounds, counters, ledger, and to whom it has spoken. */
final class Port {
  private static final int IN_FLIGHT_MAX = 8;
  private static final long IN_FLIGHT_NANOS = 10_000_000_000L;
  private static final int INTRODUCTIONS = 3;
  private static final int INTRODUCE_EVERY = 32;

  final int index;
  final LinkProfile profile;
  final AirtimeLedger ledger;
  final Opener opener;
  boolean up;

  /** Whether somebody has news that this link may not send yet. */
  boolean waiting;

  private @Nullable Sealer sealer;
  private int keyEpoch;
  private int counter;
  private List<LinkView> views = List.of();
  private final Map<Address, Contact> contacts = new LinkedHashMap<>();
  private final Map<Long, Departure> inFlight = new LinkedHashMap<>();
  private long roundEndNanos;
  private int spentThisRound;
  private long notBeforeNanos;

  /** What was said to one neighbour, and when. */
  private static final class Contact {
    long lastSentNanos;
    int frames;
    boolean introduce;
  }

  private record Departure(LinkView view, long atNanos) {}

  Port(int index, LinkProfile profile, Opener opener, long phaseNanos) {
    this.index = index;
    this.profile = profile;
    this.opener = opener;
    this.ledger = new AirtimeLedger(profile);
    this.roundEndNanos = phaseNanos;
    this.up = true;
  }

  /** This boot is durable: it may speak, begins to count, and introduces itself to everybody. */
  void boot(int epoch, Sealer next) {
    keyEpoch = epoch;
    sealer = next;
    counter = 0;
    contacts.values().forEach(contact -> contact.frames = 0);
  }

  /** Whether there is a boot that may speak. */
  boolean sealed() {
    return sealer != null;
  }

  /** The epoch of the site key that frames are sealed with. */
  int keyEpoch() {
    return keyEpoch;
  }

  void views(List<LinkView> next, long nowNanos) {
    views = next;
    contacts.keySet().retainAll(next.stream().map(LinkView::to).toList());
    for (LinkView view : next) {
      contacts.computeIfAbsent(view.to(), _ -> new Contact()).lastSentNanos =
          Math.max(contacts.get(view.to()).lastSentNanos, nowNanos - roundNanos());
    }
  }

  List<LinkView> views() {
    return views;
  }

  /**
   * Where a frame came from, as one of this link's views; if it is none of them (another cell on
   * the same channel, a charter that differs), a view of a stranger, whose bit is -1.
   */
  LinkView viewOf(FrameHeader header, int ownCell) {
    boolean mate = header.cell() == ownCell;
    for (LinkView view : views) {
      boolean same = view.to().cell() == header.cell() && view.to().slot() == header.slot();
      if (profile.broadcast() ? mate : same) {
        return view;
      }
    }
    Address from = new Address(header.cell(), header.slot());
    return new LinkView(index, profile, profile.broadcast() ? Address.ALL : from, mate, -1, 0);
  }

  /**
   * Whether a frame may leave now: link up, boot durable, round not spent, few frames under way.
   */
  boolean open(long nowNanos) {
    return up
        && sealer != null
        && inFlight.size() < IN_FLIGHT_MAX
        && nowNanos >= notBeforeNanos
        && counter <= FrameHeader.COUNTER_MAX
        && spentThisRound < profile.fanoutMax();
  }

  /** Whether the round is over without a frame. */
  boolean idleRound(long nowNanos) {
    return nowNanos >= roundEndNanos && spentThisRound == 0;
  }

  /** Begins the next round when this one is over; rounds keep their phase. */
  void turnRound(long nowNanos) {
    if (nowNanos >= roundEndNanos) {
      long late = (nowNanos - roundEndNanos) / roundNanos();
      roundEndNanos += (late + 1) * roundNanos();
      spentThisRound = 0;
    }
  }

  /**
   * When this link may have something to do: each round's end on an addressed one; on a broadcast
   * one when what waits may go, or when the promise to speak is about to break.
   *
   * @param silenceNanos how long it may be silent
   */
  long nextWakeNanos(long silenceNanos) {
    if (!up || sealer == null) {
      return Long.MAX_VALUE;
    }
    if (!profile.broadcast() || waiting) {
      return Math.max(roundEndNanos, notBeforeNanos);
    }
    return Math.max(contact(Address.ALL).lastSentNanos + silenceNanos, notBeforeNanos);
  }

  private long roundNanos() {
    return profile.roundMillis() * 1_000_000;
  }

  /** Says nothing more for a while: the ledger has no airtime, or nobody had anything that fits. */
  void rest(long untilNanos) {
    notBeforeNanos = Math.max(notBeforeNanos, untilNanos);
  }

  long silentNanos(LinkView view, long nowNanos) {
    return nowNanos - contact(view).lastSentNanos;
  }

  boolean introduces(LinkView view) {
    Contact contact = contact(view);
    return contact.introduce
        || contact.frames < INTRODUCTIONS
        || contact.frames % INTRODUCE_EVERY == 0;
  }

  /** Introduces this node again in the next frame to whoever hears that neighbour's address. */
  void introduceAgain(Address to) {
    Contact contact = contacts.get(profile.broadcast() ? Address.ALL : to);
    if (contact != null) {
      contact.introduce = true;
    }
  }

  int nextCounter() {
    return counter;
  }

  boolean exhausted() {
    return counter > FrameHeader.COUNTER_MAX - IN_FLIGHT_MAX;
  }

  byte[] seal(FrameHeader header, byte[] sections, int length) {
    if (sealer == null) {
      throw new IllegalStateException("nothing is sealed before the generation is durable");
    }
    return sealer.seal(header, sections, length);
  }

  /** A frame was handed to the link. */
  void departed(LinkView view, long frameId, long nowNanos) {
    Contact contact = contact(view);
    contact.lastSentNanos = nowNanos;
    contact.frames++;
    contact.introduce = false;
    counter++;
    spentThisRound++;
    inFlight.put(frameId, new Departure(view, nowNanos));
    if (profile.broadcast()) {
      roundEndNanos = nowNanos + roundNanos();
    }
  }

  /** What a frame was for, once: null if it is not, or no longer, under way. */
  @Nullable LinkView arrived(long frameId) {
    Departure departure = inFlight.remove(frameId);
    return departure == null ? null : departure.view();
  }

  /** Gives up frames that the link never reported on. */
  void expire(long nowNanos, BiConsumer<Long, LinkView> lost) {
    Iterator<Map.Entry<Long, Departure>> departures = inFlight.entrySet().iterator();
    while (departures.hasNext()) {
      Map.Entry<Long, Departure> next = departures.next();
      if (nowNanos - next.getValue().atNanos() > IN_FLIGHT_NANOS) {
        departures.remove();
        lost.accept(next.getKey(), next.getValue().view());
      }
    }
  }

  private Contact contact(LinkView view) {
    return contact(view.to());
  }

  private Contact contact(Address to) {
    return contacts.computeIfAbsent(to, _ -> new Contact());
  }

  static Opener opener(Keyring keyring, LinkProfile profile, Opener.Knowledge knowledge) {
    return new Opener(keyring, linkNumber(profile), knowledge);
  }

  /**
   * The number both ends give a medium when they derive keys: a frame captured on one opens on no
   * other.
   */
  static int linkNumber(LinkProfile profile) {
    return profile.broadcast() ? 1 : 2;
  }
}
