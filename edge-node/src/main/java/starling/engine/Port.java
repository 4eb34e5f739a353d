package starling.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.frame.FrameHeader;
import starling.frame.Keyring;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.model.Hash;

/** One link's side of the engine: its rounds, counters, ledger, and to whom it has spoken. */
final class Port {
  private static final int IN_FLIGHT_MAX = 8;
  private static final long NO_TURN = Long.MAX_VALUE;
  private static final long NO_RECORD = -1;
  private static final byte[] NOTHING = {};
  private static final long NEVER_QUIET = Long.MIN_VALUE;
  private static final long IN_FLIGHT_NANOS = 10_000_000_000L;
  private static final int INTRODUCTIONS = 3;
  private static final short OWN_MAX_BYTES = 127;
  private static final int OWN_GROWTH_BYTES = 8;
  private static final int FAREWELLS_BROADCAST = 3; // a collision takes one from all
  private static final int INTRODUCE_EVERY = 32;

  final int index;
  final LinkProfile profile;
  final AirtimeLedger ledger;
  final Opener opener;
  boolean up;

  /** Whether somebody has news that this link may not send yet. */
  boolean waiting;

  private long quietAt = NEVER_QUIET;

  private @Nullable Sealer sealer;
  private int counter;
  private Neighbours views = Neighbours.NONE;
  private final ByNeighbour lastSent = new ByNeighbour();
  private final ByNeighbour frames = new ByNeighbour();
  private @Nullable UnderWay<LinkView> inFlight;
  private long roundEndNanos;
  private int spentThisRound;
  private byte[] earlierAirtime = NOTHING;
  private long airtimeRecord = NO_RECORD;
  private long notBeforeNanos;
  private long lastSentNanos;
  private long turnNanos = NO_TURN;
  private short ownBytes = OWN_MAX_BYTES;
  private @Nullable ByNeighbour farewells; // mostly nobody sleeps

  Port(int index, LinkProfile profile, Opener opener, long phaseNanos) {
    this.index = index;
    this.profile = profile;
    this.opener = opener;
    this.ledger = new AirtimeLedger(profile);
    this.roundEndNanos = phaseNanos;
    this.up = true;
  }

  /** What an earlier life of this node sent on this link. */
  void restoreAirtime(byte[] record) {
    earlierAirtime = record;
  }

  void start(long nowNanos) {
    ledger.restore(earlierAirtime, nowNanos);
  }

  /** Has the ledger's next record written, if it needs one; {@code write} answers its id. */
  void recordAirtime(ToLongFunction<byte[]> write, long nowNanos) {
    ledger.record(nowNanos).ifPresent(record -> airtimeRecord = write.applyAsLong(record));
  }

  /** Whether a record that is on disk is the ledger's. */
  boolean recorded(long id) {
    if (id != airtimeRecord) {
      return false;
    }
    airtimeRecord = NO_RECORD;
    ledger.recorded();
    return true;
  }

  /** This boot is durable: it may speak, begins to count, and introduces itself to everybody. */
  void boot(Sealer next) {
    sealer = next;
    counter = 0;
    frames.clear();
    quietAt = NEVER_QUIET;
  }

  /** Whether there is a boot that may speak. */
  boolean sealed() {
    return sealer != null;
  }

  /** The epoch of the site key that frames are sealed with. */
  int keyEpoch() {
    return sealer == null ? 0 : sealer.epoch();
  }

  /**
   * Takes in who the neighbours are from now on; answers those who are new. Later ones are spoken
   * to in a turn drawn by {@code random}, lest all mates of a new one speak to it at the same time.
   */
  List<LinkView> views(Neighbours next, RandomGenerator random, long nowNanos) {
    List<LinkView> replaced = new ArrayList<>(0);
    boolean begins = views.isEmpty();
    if (begins) {
      lastSentNanos = nowNanos - roundNanos();
    }
    for (LinkView view : next) {
      if (!views.contains(view)) {
        int rounds = begins ? 1 : 1 + random.nextInt(next.size());
        lastSent.set(view, ByNeighbour.ticks(nowNanos - rounds * roundNanos()));
        frames.set(view, 0);
        if (farewells != null) {
          farewells.set(view, farewellsOwed()); // who sleeps meets nobody: all are said
        }
        replaced.add(view);
      }
    }
    views = next;
    quietAt = NEVER_QUIET;
    return replaced;
  }

  Neighbours views() {
    return views;
  }

  boolean isNeighbour(Address who) {
    for (LinkView view : views) {
      if (view.to().equals(who)) {
        return true;
      }
    }
    return false;
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
        && nowNanos >= notBeforeNanos
        && counter <= FrameHeader.COUNTER_MAX
        && hasRoom();
  }

  private boolean hasRoom() {
    return UnderWay.size(inFlight) < IN_FLIGHT_MAX && spentThisRound < profile.fanoutMax();
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
    long nextNanos = turnNanos == NO_TURN ? lastSentNanos + silenceNanos : turnNanos;
    return Math.max(nextNanos, notBeforeNanos);
  }

  private long roundNanos() {
    return profile.roundMillis() * 1_000_000;
  }

  /** Whether it is this node's turn on a shared medium, so long after it first wanted to speak. */
  boolean turn(long waitNanos, long nowNanos) {
    turnNanos = turnNanos == NO_TURN ? nowNanos + waitNanos : turnNanos;
    return nowNanos >= turnNanos;
  }

  /** What was to be said in this node's turn was said by others. */
  void forgoTurn() {
    turnNanos = NO_TURN;
  }

  /** Says nothing more for a while: the ledger has no airtime, or nobody had anything that fits. */
  void rest(long untilNanos) {
    notBeforeNanos = Math.max(notBeforeNanos, untilNanos);
  }

  /** No neighbour had news while protocols' {@link Protocol#changes} amounted to this. */
  void quiet(long changes) {
    quietAt = changes;
  }

  boolean isQuiet(long changes) {
    return quietAt == changes;
  }

  /** Whether a frame to this neighbour was handed to the link and is not reported on yet. */
  boolean isUnderWay(LinkView view) {
    return UnderWay.carries(view, inFlight);
  }

  /** How long a neighbour has not been spoken to; guests are owed nothing. */
  long silentNanos(LinkView view, long nowNanos) {
    if (view.stranger()) {
      return 0;
    }
    return profile.broadcast()
        ? nowNanos - lastSentNanos
        : ByNeighbour.sinceNanos(lastSent.get(view), nowNanos);
  }

  /** A number below {@code bound}, a power of two, that stays until this neighbour is spoken to. */
  int shuffle(LinkView view, int bound) {
    return (int) Hash.of(lastSent.get(view), view.index()) & bound - 1;
  }

  boolean introduces(LinkView view) {
    int said = frames.get(view);
    return said < INTRODUCTIONS || said == INTRODUCE_EVERY;
  }

  /**
   * Introduces this node again in the next two frames to whoever hears that neighbour's address.
   */
  void introduceAgain(Address to) {
    for (LinkView view : views) {
      if (profile.broadcast() || view.to().equals(to)) {
        frames.set(view, Math.min(frames.get(view), INTRODUCTIONS - 2));
      }
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

  /** A frame of this node's own accord has left: what has to be in the next is hardly more. */
  void said(int bytes) {
    int atMost = Math.min(ownBytes + OWN_GROWTH_BYTES, OWN_MAX_BYTES);
    ownBytes = (short) Math.min(bytes, atMost);
  }

  /** What is kept of its share for what it says for itself after a window. */
  int ownBytes() {
    return ownBytes;
  }

  /** A frame was handed to the link. */
  void departed(LinkView view, long frameId, long nowNanos) {
    int said = frames.get(view) + 1;
    frames.set(view, said > INTRODUCE_EVERY ? INTRODUCTIONS : said);
    lastSent.set(view, ByNeighbour.ticks(nowNanos));
    counter++;
    spentThisRound++;
    lastSentNanos = nowNanos;
    turnNanos = NO_TURN;
    inFlight = UnderWay.with(frameId, view, inFlight);
    if (profile.broadcast()) {
      roundEndNanos = nowNanos + roundNanos();
    }
  }

  // ---- before sleep

  /** Nobody was told anything, and whatever else this node waited to say in its turn it forgoes. */
  void forgetFarewells() {
    farewells = null;
    forgoTurn();
  }

  boolean saidFarewell(LinkView view) {
    return farewells != null && farewells.get(view) >= farewellsOwed();
  }

  /** How often each neighbour is told. */
  private int farewellsOwed() {
    return profile.broadcast() ? FAREWELLS_BROADCAST : 1;
  }

  /** This neighbour knows that nothing more will come. */
  void farewell(LinkView view) {
    farewells = farewells == null ? new ByNeighbour() : farewells;
    farewells.set(view, farewells.get(view) + 1);
  }

  /** What it should have known by did not leave. */
  void owesFarewell(LinkView view) {
    if (farewells != null) {
      farewells.set(view, Math.max(0, farewells.get(view) - 1));
    }
  }

  /** When the next neighbour can be told, if one is not. */
  long nextFarewellNanos() {
    boolean all = views.stream().allMatch(this::saidFarewell);
    if (all || !up || sealer == null) {
      return Long.MAX_VALUE;
    }
    boolean awaitsTurn = turnNanos != NO_TURN && hasRoom();
    return Math.max(awaitsTurn ? turnNanos : roundEndNanos, notBeforeNanos);
  }

  LinkStatistics statistics(long nowNanos) {
    return new LinkStatistics(
        up,
        UnderWay.size(inFlight),
        ledger.utilisation(nowNanos),
        ledger.budget(),
        ledger.legalUtilisation(nowNanos));
  }

  /** What a frame was for, once: null if it is not, or no longer, under way. */
  @Nullable LinkView arrived(long frameId) {
    LinkView view = UnderWay.find(frameId, inFlight);
    inFlight = UnderWay.without(frameId, inFlight);
    return view;
  }

  /** Gives up frames that the link never reported on: none was sent for as long. */
  void expire(long nowNanos, BiConsumer<Long, LinkView> lost) {
    while (inFlight != null && nowNanos - lastSentNanos > IN_FLIGHT_NANOS) {
      long frameId = inFlight.oldest();
      LinkView view = arrived(frameId);
      if (view != null) {
        lost.accept(frameId, view);
      }
    }
  }

  static Opener opener(Keyring keyring, LinkProfile profile, Opener.Knowledge knowledge) {
    return new Opener(keyring, profile.keyNumber(), knowledge);
  }
}
