package starling.engine;

import static starling.engine.Protocol.Urgency.NONE;
import static starling.engine.Protocol.Urgency.RUMOUR;
import static starling.engine.Protocol.Urgency.SPARE;
import static starling.engine.Protocol.Urgency.TURN;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.engine.Protocol.Urgency;
import starling.frame.FrameHeader;
import starling.frame.Sealer;
import starling.link.AirtimeLedger;
import starling.link.Purpose;
import starling.model.Facts;
import starling.wire.WireWriter;

/**
 * When a node speaks, to whom, and who fills the frame.
 *
 * <p>Each link speaks in rounds. A frame leaves in a round when a protocol has news for a neighbour
 * ("news leaves now"), else one leaves at the round's end if somebody has anything to say at all;
 * never more than the profile's fan-out a round, and only with the ledger's permit. Each frame is
 * shared: a protocol gets what is left after the guarantees of those behind it, and who got less
 * than its guarantee lately goes first (deficit round robin, in bytes).
 *
 * <p>A node whose owner lets it sleep says so to each neighbour once more, on a shared medium three
 * times, then nothing.
 */
final class Speaking {
  private static final int DEFICIT_MAX_BYTES = 1024;
  private static final long REST_NANOS = 250_000_000L;
  private static final int SPEAK_MIN_BYTES = 8;
  private static final int TURN_BYTES = 64;
  private static final int SPARE_MIN_BYTES = 48;
  private static final int MISSED_SELDOM = 4;
  private static final int ROUNDS_FEW = 12;
  private static final int SHUFFLE = 256;
  private static final long TURN_MARGIN_MICROS = 5_000;
  private static final int FRAMES_A_CALL_MAX = 8;
  private static final long WINDOW_DEFAULT_MILLIS = 4_000;
  private static final int REHEARSED_BYTES = 8192;
  private static final long REHEARSED_ID = -1;
  private static final long AWAKE = Long.MIN_VALUE;

  private final Engine engine;
  private final short[] deficitBytes;
  private long framesSent;
  private long asleepUntilNanos = AWAKE;

  Speaking(Engine engine) {
    this.engine = engine;
    this.deficitBytes = new short[engine.protocols().size()];
  }

  long framesSent() {
    return framesSent;
  }

  /** What became of a frame; answers whether it was under way. */
  boolean left(Port port, long frameId, boolean left, long nowNanos) {
    LinkView view = port.arrived(frameId);
    if (view == null) {
      return false;
    }
    framesSent += left ? 1 : 0;
    if (!left) {
      port.owesFarewell(view);
    }
    sent(view, frameId, left, nowNanos);
    return true;
  }

  /** Says until when this node is silent, and is. */
  void sleep(long untilNanos) {
    asleepUntilNanos = untilNanos;
    engine.ports().forEach(Port::forgetFarewells);
  }

  /** Speaks again as ever. */
  void wake() {
    asleepUntilNanos = AWAKE;
    engine.ports().forEach(Port::forgetFarewells);
  }

  private void sent(LinkView view, long frameId, boolean left, long nowNanos) {
    for (Protocol protocol : engine.protocols()) {
      protocol.sent(view, frameId, left, nowNanos);
    }
  }

  /**
   * Bytes that would leave at once were it not for rounds and ledgers: for each neighbour that
   * there is news for, all frames it would take, with what rides in them.
   */
  long backlogBytes(long nowNanos) {
    byte[] room = new byte[REHEARSED_BYTES];
    long bytes = 0;
    for (Port port : engine.ports()) {
      for (LinkView view : port.views()) {
        if (urgency(view, nowNanos).compareTo(RUMOUR) >= 0) {
          bytes += rehearsedBytes(port, view, room, nowNanos);
        }
      }
    }
    return bytes;
  }

  /** Lets protocols write all that they have to say to a neighbour, and takes it back. */
  private long rehearsedBytes(Port port, LinkView view, byte[] room, long nowNanos) {
    int bytes = 0;
    for (int index : speakers(view, nowNanos)) {
      WireWriter to = new WireWriter(room);
      engine
          .protocols()
          .get(index)
          .fill(new SectionWriter(to), view, REHEARSED_ID, engine.facts(), nowNanos);
      bytes += to.length();
    }
    sent(view, REHEARSED_ID, false, nowNanos);
    int overhead = Sealer.overheadBytes(false);
    return bytes + (long) overhead * Math.ceilDiv(bytes, port.profile.mtuBytes() - overhead);
  }

  /** When a link may have something to do. */
  long nextWakeNanos() {
    long next = Long.MAX_VALUE;
    for (Port port : engine.ports()) {
      next =
          Math.min(
              next,
              asleepUntilNanos == AWAKE
                  ? port.nextWakeNanos(silenceMaxNanos(port))
                  : port.nextFarewellNanos());
    }
    return asleepUntilNanos == AWAKE ? next : Math.min(next, asleepUntilNanos);
  }

  /** Sends what is due, on every link. */
  void speak(long nowNanos) {
    if (nowNanos >= asleepUntilNanos && asleepUntilNanos != AWAKE) {
      wake();
    }
    for (Port port : engine.ports()) {
      port.expire(nowNanos, (frameId, view) -> sent(view, frameId, false, nowNanos));
      port.ledger.shareAmong(port.profile.broadcast() ? among() : speakers());
      port.ledger.exchanges(speakers(), windowMillis(engine.facts()) * 1_000_000);
      if (asleepUntilNanos == AWAKE) {
        speak(port, nowNanos);
      } else {
        sayFarewells(port, nowNanos);
      }
    }
  }

  private void sayFarewells(Port port, long nowNanos) {
    port.turnRound(nowNanos);
    for (LinkView view : port.views()) {
      if (port.open(nowNanos)
          && !port.saidFarewell(view)
          && isTurn(port, nowNanos)
          && compose(port, view, nowNanos)) {
        port.farewell(view);
      }
    }
  }

  /**
   * Among how many the cell's channel is shared: all of the roster, but those who are gone for
   * good. A silent one may come back at any time, and must find its share unspent.
   */
  private int speakers() {
    Facts facts = engine.facts();
    int listed = facts.charter().cell(facts.self().cell()).map(c -> c.members().size()).orElse(1);
    return Math.max(1, listed - Long.bitCount(facts.members().gone()));
  }

  private double among() {
    int speakers = speakers();
    double among = speakers;
    for (Protocol protocol : engine.protocols()) {
      double next = protocol.among(speakers);
      among = next == speakers ? among : next;
    }
    return among;
  }

  private void speak(Port port, long nowNanos) {
    for (int i = 0; i < FRAMES_A_CALL_MAX; i++) {
      boolean idle = port.idleRound(nowNanos);
      if (!idle) {
        port.turnRound(nowNanos);
      }
      if (!port.profile.broadcast() && !port.open(nowNanos)) {
        port.turnRound(nowNanos);
        return; // it looks again when its round ends, whoever has what to say
      }
      LinkView view = choose(port, idle, nowNanos);
      port.waiting = view != null && !port.open(nowNanos);
      if (view == null || port.waiting || !compose(port, view, nowNanos)) {
        port.turnRound(nowNanos);
        return;
      }
    }
  }

  /**
   * The neighbour with the most urgent news; failing that, at a round's end, whoever was not spoken
   * to for longest. On a broadcast medium nobody speaks for idleness; on an addressed one nobody is
   * spoken to while a frame to it is under way, which may say all there is.
   */
  private @Nullable LinkView choose(Port port, boolean idle, long nowNanos) {
    long changes = changes();
    if (port.profile.broadcast()) {
      return mostUrgent(port, false, nowNanos);
    }
    return port.isQuiet(changes)
        ? longestSilent(port, idle, nowNanos)
        : mostUrgent(port, idle, nowNanos);
  }

  private long changes() {
    long changes = engine.wokeUps();
    for (Protocol protocol : engine.protocols()) {
      changes = 31 * changes + protocol.changes();
    }
    return changes;
  }

  private @Nullable LinkView mostUrgent(Port port, boolean idle, long nowNanos) {
    LinkView best = null;
    Urgency news = port.profile.broadcast() ? Urgency.NORMAL : RUMOUR;
    Urgency most = idle ? Urgency.IDLE : news;
    long longest = -1;
    boolean quiet = true;
    for (LinkView view : reachable(port, nowNanos)) {
      if (!port.profile.broadcast() && port.isUnderWay(view)) {
        quiet = false;
        continue;
      }
      Urgency urgency = urgency(view, nowNanos);
      long silentNanos = silentNanos(port, view, nowNanos);
      boolean must = mustSpeak(port, silentNanos, urgency);
      if (must && port.profile.broadcast() && urgency.compareTo(Urgency.NORMAL) < 0) {
        urgency = TURN; // all may have been silent since the same instant
      }
      urgency = turns(port, urgency, nowNanos);
      quiet &= urgency.compareTo(news) < 0;
      if (must && !port.profile.broadcast() && urgency.compareTo(Urgency.NORMAL) < 0) {
        urgency = Urgency.NORMAL;
      }
      int compared = urgency.compareTo(most);
      boolean guest = view.stranger(); // named only while that is their turn
      if (compared > 0 || compared == 0 && (guest || silentNanos > longest)) {
        most = urgency;
        longest = guest ? Long.MAX_VALUE : silentNanos;
        best = view;
      }
    }
    if (quiet) {
      port.quiet(changes());
    }
    return best;
  }

  /** While nobody has news, the answer of {@link #mostUrgent} without asking for each neighbour. */
  private @Nullable LinkView longestSilent(Port port, boolean idle, long nowNanos) {
    LinkView best = null;
    long longest = idle ? -1 : silenceMaxNanos(port) - 1;
    for (LinkView view : port.views()) {
      long silentNanos = silentNanos(port, view, nowNanos);
      if (silentNanos > longest && !port.isUnderWay(view) && urgency(view, nowNanos) != NONE) {
        longest = silentNanos;
        best = view;
      }
    }
    return best;
  }

  /**
   * How long a neighbour was not spoken to, for the order of turns; mates who are missed count
   * less, but for ever. Where one is spoken to after the other, turns are longer or shorter by
   * chance: else all who once had news for one neighbour at the same time would go on to speak to
   * it then.
   */
  private long silentNanos(Port port, LinkView view, long nowNanos) {
    long nanos = port.silentNanos(view, nowNanos);
    boolean missed =
        view.mate() && !view.profile().broadcast() && !engine.facts().members().present(view.bit());
    long counted = missed ? nanos / MISSED_SELDOM : nanos;
    boolean due = view.profile().broadcast() || counted >= silenceMaxNanos(port);
    return due ? counted : counted / SHUFFLE * (1 + port.shuffle(view, SHUFFLE));
  }

  /** The neighbours on a link, and now and then others whom a protocol wants to reach. */
  private List<LinkView> reachable(Port port, long nowNanos) {
    List<LinkView> guests = new ArrayList<>(0);
    for (Protocol protocol : engine.protocols()) {
      for (LinkView guest : protocol.guests(engine.facts(), nowNanos)) {
        if (guest.link() == port.index && !port.isNeighbour(guest.to())) {
          guests.add(guest);
        }
      }
    }
    if (guests.isEmpty()) {
      return port.views();
    }
    guests.addAll(port.views());
    return guests;
  }

  /** To guests only those speak who named them, and who introduces this node. */
  private boolean speaksTo(LinkView view, Protocol protocol, long nowNanos) {
    return !view.stranger()
        || protocol.type() == SectionType.ENGINE
        || protocol.guests(engine.facts(), nowNanos).contains(view);
  }

  /** On a shared medium, those who have the same news at once take turns by slot. */
  private Urgency turns(Port port, Urgency urgency, long nowNanos) {
    if (urgency == SPARE) {
      int bytes = Math.min(SPARE_MIN_BYTES, port.profile.mtuBytes());
      return spareBytes(port, nowNanos) >= bytes ? Urgency.NORMAL : Urgency.IDLE;
    }
    if (!port.profile.broadcast() || urgency != TURN) {
      port.forgoTurn();
      return urgency == TURN ? Urgency.NORMAL : urgency;
    }
    return isTurn(port, nowNanos) ? Urgency.NORMAL : Urgency.IDLE;
  }

  /** How large a frame the ledger holds beside this node's own after this window. */
  private int spareBytes(Port port, long nowNanos) {
    Facts facts = engine.facts();
    long windowMillis = windowMillis(facts);
    long nowMillis = facts.time().millis(nowNanos);
    long endNanos = facts.time().nanosAt((nowMillis / windowMillis + 1) * windowMillis);
    return port.ledger.bytesBefore(port.ownBytes(), endNanos, nowNanos);
  }

  private static long windowMillis(Facts facts) {
    long window = facts.charter().site().map(s -> s.windowMillis()).orElse(WINDOW_DEFAULT_MILLIS);
    return window << facts.pace().exponent();
  }

  private boolean isTurn(Port port, long nowNanos) {
    return !port.profile.broadcast()
        || port.turn(engine.facts().self().slot() * turnNanos(port), nowNanos);
  }

  private static long turnNanos(Port port) {
    return (port.profile.airtime().micros(TURN_BYTES) + TURN_MARGIN_MICROS) * 1000;
  }

  private boolean mustSpeak(Port port, long silentNanos, Urgency urgency) {
    return silentNanos >= silenceMaxNanos(port) && (port.profile.broadcast() || urgency != NONE);
  }

  private Urgency urgency(LinkView view, long nowNanos) {
    Urgency most = NONE;
    for (Protocol protocol : engine.protocols()) {
      Urgency urgency = urgency(view, protocol, nowNanos);
      most = urgency.compareTo(most) > 0 ? urgency : most;
    }
    return most;
  }

  private Urgency urgency(LinkView view, Protocol protocol, long nowNanos) {
    return speaksTo(view, protocol, nowNanos)
        ? protocol.urgency(view, engine.facts(), nowNanos)
        : NONE;
  }

  private boolean compose(Port port, LinkView view, long nowNanos) {
    Urgency urgency = urgency(view, nowNanos);
    Purpose purpose = purpose(urgency);
    boolean introduces = port.introduces(view);
    int bytes =
        urgency == SPARE ? spareBytes(port, nowNanos) : port.ledger.bytesAllowed(purpose, nowNanos);
    int room = bytes - Sealer.overheadBytes(introduces);
    if (room < SPEAK_MIN_BYTES) {
      return rest(port, nowNanos);
    }
    long frameId = engine.nextId();
    byte[] sections = new byte[room];
    int length = fill(sections, view, frameId, nowNanos);
    boolean overdue = port.silentNanos(view, nowNanos) >= silenceMaxNanos(port);
    if (length == 0 && !overdue && !introduces && asleepUntilNanos == AWAKE) {
      return drop(port, view, frameId, nowNanos);
    }
    byte[] frame = port.seal(header(port, introduces, nowNanos), sections, length);
    AirtimeLedger.Permit permit = port.ledger.reserve(frame.length, purpose, nowNanos).orElse(null);
    if (permit == null) {
      return drop(port, view, frameId, nowNanos);
    }
    port.departed(view, frameId, nowNanos);
    if (urgency != SPARE) {
      port.said(frame.length);
    }
    engine.recordAirtime(port, nowNanos);
    engine.host().send(port.index, frameId, view.to(), permit, frame);
    if (port.exhausted()) {
      engine.beginAnotherBoot();
    }
    return true;
  }

  private static Purpose purpose(Urgency urgency) {
    return switch (urgency) {
      case SPARE -> Purpose.REPAIR;
      case SLOT -> Purpose.OWN;
      case ALARM -> Purpose.ALARM;
      default -> Purpose.NEWS;
    };
  }

  private boolean drop(Port port, LinkView view, long frameId, long nowNanos) {
    sent(view, frameId, false, nowNanos);
    return rest(port, nowNanos);
  }

  /** Looks again after a while: on a shared medium each at another time. */
  private boolean rest(Port port, long nowNanos) {
    long slot = engine.facts().self().slot();
    port.rest(nowNanos + REST_NANOS + (port.profile.broadcast() ? slot * turnNanos(port) : 0));
    port.waiting = true;
    return false;
  }

  private FrameHeader header(Port port, boolean introduces, long nowNanos) {
    Facts facts = engine.facts();
    boolean asleep = asleepUntilNanos != AWAKE;
    long silentMillis = asleep ? (asleepUntilNanos - nowNanos) / 1_000_000 : promiseMillis(port);
    return new FrameHeader(
        introduces,
        port.keyEpoch(),
        facts.self().cell(),
        facts.self().slot(),
        port.nextCounter(),
        facts.charter().low(),
        FrameHeader.promise(silentMillis));
  }

  /** Lets the protocols write their shares; answers the sections' length. */
  private int fill(byte[] room, LinkView view, long frameId, long nowNanos) {
    WireWriter to = new WireWriter(room);
    SectionWriter sections = new SectionWriter(to);
    List<Integer> speakers = speakers(view, nowNanos);
    int guaranteed = 0;
    for (int index : speakers) {
      guaranteed += engine.protocols().get(index).share().guaranteedBytes();
    }
    for (int index : speakers) {
      Protocol protocol = engine.protocols().get(index);
      int own = protocol.share().guaranteedBytes();
      guaranteed -= own;
      int before = to.length();
      int oldLimit =
          to.narrow(Math.max(Math.min(own, to.remaining()), to.remaining() - guaranteed));
      sections.type(protocol.type());
      protocol.fill(sections, view, frameId, engine.facts(), nowNanos);
      to.widen(oldLimit);
      int deficit = deficitBytes[index] + own - (to.length() - before);
      deficitBytes[index] = (short) Math.clamp(deficit, -DEFICIT_MAX_BYTES, DEFICIT_MAX_BYTES);
    }
    return SectionWriter.finish(room, sections);
  }

  /** Those with something to say: most urgent first, then who got least lately. */
  private List<Integer> speakers(LinkView view, long nowNanos) {
    List<Integer> speakers = new ArrayList<>(engine.protocols().size());
    Urgency[] urgencies = new Urgency[engine.protocols().size()];
    for (int i = 0; i < urgencies.length; i++) {
      urgencies[i] = urgency(view, engine.protocols().get(i), nowNanos);
      if (urgencies[i] != NONE) {
        speakers.add(i);
      }
    }
    speakers.sort(
        Comparator.comparing((Integer i) -> urgencies[i])
            .thenComparingInt(i -> deficitBytes[i])
            .reversed());
    return speakers;
  }

  /**
   * Within what time a neighbour on this link hears from us again, as each frame promises: one and
   * a half windows on a shared medium, or once round all neighbours, with time to spare where they
   * are many: nobody has to be spoken to before its turn. Rounded up to a power of two that is at
   * most three windows, so that three broken promises are less than ten.
   */
  private long promiseMillis(Port port) {
    Facts facts = engine.facts();
    if (port.profile.broadcast()) {
      return 3 * windowMillis(facts) / 2;
    }
    int rounds = Math.max(4, port.views().size() + 1);
    return port.profile.roundMillis() * (rounds > ROUNDS_FEW ? rounds * 4 / 3 : rounds);
  }

  /** How long to be silent at most, so that the promise holds. */
  private long silenceMaxNanos(Port port) {
    long promiseNanos = promiseMillis(port) * 1_000_000;
    return port.profile.broadcast() ? promiseNanos : promiseNanos * 3 / 4;
  }
}
