package starling.zone;

import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.engine.Event;
import starling.engine.Protocol.Urgency;
import starling.engine.SectionWriter;
import starling.link.LinkProfile;
import starling.model.Reach;
import starling.model.Window;
import starling.predict.SlotPlan;

/**
 * How contributions pass on a cell's broadcast medium: each member speaks once a window, in its
 * slot of the first half of the next one; those who want all contributions (representatives,
 * gateways) speak last and say what they have; up to three others answer, drawn by hash; they ask
 * again at growing gaps.
 */
final class BroadcastExchange {
  /** So many answers' time a promise to answer may be late. */
  private static final int LAPSE_ANSWERS = 1;

  /**
   * From here on parities cost less than the answers that they save; what is measured has
   * collisions in it, a twentieth or so more than links lose.
   */
  private static final int PARITY_LOSS_PERMILLE = 300;

  private final LinkProfile medium;
  private final CellWindows windows;
  private final Relay relay = new Relay();

  // When this node last asked: in which round after which window.
  private @Nullable Window askedOf;
  private long askedInRound;

  // When this node speaks after a window, as it was worked out last.
  private @Nullable Window slotOf;
  private long slotMillis;

  BroadcastExchange(LinkProfile medium, CellWindows windows) {
    this.medium = medium;
    this.windows = windows;
  }

  /** Others do what is to be done from now on. */
  void rerank() {
    slotOf = null;
  }

  // ---- hearing

  /** Somebody said a row: no need to say it again to those who heard that. */
  void heardRow(CellWindow window, int slot, int from, Moment at) {
    boolean hops = !at.facts().reach().all();
    Requests requests = window.anyRequests();
    if (requests != null && (!hops || Relay.satisfies(window, slot, from, at))) {
      requests.said(1L << slot);
    }
    if (hops) {
      Relay.heard(window, slot, from, turns(at), at);
    }
    if (slot == at.self()) {
      window.requests().saysOwn();
    }
  }

  /** Somebody asks in others' names. */
  void heardAsk(CellWindow window, int hops, long wanted, Event.Heard frame, Moment at) {
    long salt = frame.header().counter();
    int asker = frame.header().slot();
    relay.asked(window, asker, wanted & at.place().sensing(), hops, salt, turns(at), at);
  }

  /** When whoever is at a place among those who answer what was heard just now does so. */
  private Relay.Turns turns(Moment at) {
    Schedule schedule = schedule(at);
    long startNanos = startNanos(at);
    return place ->
        startNanos + 1000 * schedule.answerAt(place, (at.nowNanos() - startNanos) / 1000);
  }

  /** Somebody said what it has, and so what it asks for. */
  void heardHave(CellWindow window, long bits, Event.Heard frame, Moment at) {
    int asker = frame.header().slot();
    long salt = frame.header().counter();
    long wanted = at.place().sensing() & ~bits;
    long lacks = window.bits() & wanted;
    Reach reach = at.facts().reach();
    if (!reach.all() && at.ranks().wants(asker)) {
      window.mateHas(asker, bits);
    }
    long far = reach.isRemote(asker) ? wanted : wanted & ~reach.heardBy(asker);
    if (far != 0) {
      relay.asked(window, asker, far, 0, salt, turns(at), at);
      lacks &= ~far;
    }
    int place = at.ranks().answerer(asker, salt, at.self());
    if ((lacks & at.selfBit()) != 0 && window.saidOwn) {
      window.requests().lacksOwn();
    }
    if (place < 0) { // but what nobody else seems to have is mine to say, in turn
      lacks &= window.requests().nobodySaysOwn() ? at.selfBit() : 0;
      place = Ranks.ANSWERERS + Long.bitCount(wanted & at.selfBit() - 1);
    }
    if (lacks != 0) {
      promise(window, lacks, place, at);
    }
  }

  private void promise(CellWindow window, long rows, int place, Moment at) {
    Schedule schedule = schedule(at);
    long startNanos = startNanos(at);
    long answerAt = schedule.answerAt(place, (at.nowNanos() - startNanos) / 1000);
    long answerNanos = startNanos + answerAt * 1000;
    long lapseNanos = answerNanos + LAPSE_ANSWERS * schedule.answerMicros() * 1000;
    window.requests().promise(rows, answerNanos, lapseNanos, at.nowNanos());
  }

  // ---- when to speak

  /** When the window ended whose contributions are said now, monotonic. */
  private static long startNanos(Moment at) {
    return at.facts().time().nanosAt(at.current().startMillis());
  }

  private static long sinceMicros(Moment at) {
    return (at.nowNanos() - startNanos(at)) / 1000;
  }

  private Schedule schedule(Moment at) {
    int hops = at.facts().reach().isRemote(at.self()) ? Relay.GAPS : 1;
    return Schedule.of(at.current(), at.ranks().speaking(), medium, hops);
  }

  /** When this node's slot after a window begins, monotonic; never for a member that has none. */
  private long slotNanos(Window window, Moment at) {
    if (!window.equals(slotOf)) {
      slotOf = window;
      slotMillis = slotMillis(window, at);
    }
    return slotMillis < 0 ? Long.MAX_VALUE : at.facts().time().nanosAt(slotMillis);
  }

  private static long slotMillis(Window window, Moment at) {
    List<Integer> order = at.ranks().speakers(window);
    int rank = order.indexOf(at.self());
    long slotMillis = SlotPlan.speakingMillis(window.lengthMillis()) / Math.max(1, order.size());
    return rank < 0 ? -1 : window.endMillis() + rank * slotMillis;
  }

  private static boolean speaksOwn(CellWindow window, Moment at) {
    return window.has(at.self()) && !window.saidOwn;
  }

  private static boolean saysHave(CellWindow window, Moment at) {
    return at.participates() && !window.saidHave;
  }

  private boolean inSlot(CellWindow newest, Moment at) {
    return (speaksOwn(newest, at) || saysHave(newest, at))
        && at.nowNanos() >= slotNanos(newest.window, at);
  }

  /** Whether this is a turn of this node's to ask for what it lacks, and it has not done so. */
  private boolean asks(CellWindow newest, Moment at) {
    if (!at.participates() || !newest.saidHave) {
      return false;
    }
    Schedule schedule = schedule(at);
    long sinceMicros = sinceMicros(at);
    return schedule.asks(at.ranks().asker(at.self()), at.ranks().askers(), sinceMicros)
        && !(newest.window.equals(askedOf) && schedule.round(sinceMicros) == askedInRound)
        && windows.awaitsAny(at);
  }

  private static boolean answers(CellWindow window, Moment at) {
    Requests requests = window.anyRequests();
    return requests != null && requests.due(at.nowNanos());
  }

  /** Whether somebody beyond one hop waits for what this node has to say now. */
  private boolean relays(Moment at) {
    for (CellWindow window : windows.all()) {
      Passing passing = window.closed ? window.anyPassing() : null;
      if (passing != null
          && (passing.due(at.nowNanos()) || passing.owesAny() && answers(window, at))) {
        return true;
      }
    }
    return false;
  }

  private boolean repairs(CellWindow newest, Moment at) {
    for (CellWindow window : windows.all()) {
      if (window.closed && answers(window, at)) {
        return true;
      }
    }
    return asks(newest, at);
  }

  Urgency urgency(CellWindow newest, Moment at) {
    if (inSlot(newest, at)) {
      return Urgency.SLOT;
    }
    boolean asksFarAway = at.facts().reach().isRemote(at.self()) && asks(newest, at);
    if (relays(at) || asksFarAway) { // it takes several to bring an answer: no use if one can't
      return medium.isCrowded(at.place().cell().members().size()) ? Urgency.SPARE : Urgency.NORMAL;
    }
    return repairs(newest, at) ? Urgency.SPARE : Urgency.NONE;
  }

  /** When this node has promised to say something again, monotonic. */
  long nextAnswerNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (CellWindow window : windows.all()) {
      Requests requests = window.anyRequests();
      Passing passing = window.anyPassing();
      next = requests == null ? next : Math.min(next, requests.nextNanos(nowNanos));
      next = passing == null ? next : Math.min(next, passing.nextNanos(nowNanos));
    }
    return next;
  }

  /** When something more may become due, monotonic. */
  long nextNanos(CellWindow newest, Moment at) {
    boolean speaks = speaksOwn(newest, at) || saysHave(newest, at);
    long slotNanos = speaks ? slotNanos(newest.window, at) : Long.MAX_VALUE;
    long next = Math.min(nextAnswerNanos(at.nowNanos()), nextAskNanos(newest, at));
    return slotNanos > at.nowNanos() ? Math.min(slotNanos, next) : next;
  }

  private long nextAskNanos(CellWindow newest, Moment at) {
    if (!at.participates() || !newest.saidHave || !windows.awaitsAny(at)) {
      return Long.MAX_VALUE;
    }
    long nextAt =
        schedule(at).nextAskAt(at.ranks().asker(at.self()), at.ranks().askers(), sinceMicros(at));
    return startNanos(at) + nextAt * 1000;
  }

  // ---- what to say

  /** Whether this node says its own contribution now. */
  boolean saysOwn(CellWindow newest, Moment at) {
    return speaksOwn(newest, at) && inSlot(newest, at);
  }

  /**
   * What it has a node says in its slot, and in its turns after that; each of these is a request.
   */
  boolean requests(CellWindow newest, Moment at) {
    return saysHave(newest, at) && inSlot(newest, at) || asks(newest, at);
  }

  /** The contributions of a window that a frame should say, its own aside. */
  long gives(CellWindow window, Saying said, Moment at) {
    Requests requests = window.anyRequests();
    long gives = requests == null ? 0 : requests.promised(at.nowNanos()) & window.bits();
    if (said.own != null) {
      gives |= relay.forwards(window, window.window.equals(said.own), at);
    }
    return window.closed ? gives : 0;
  }

  /**
   * The rows of the newest window whose parity rides beside this node's own one: drawn by hash of
   * those that it has; none where little is lost.
   */
  long covers(CellWindow newest, Moment at) {
    long rows = newest.bits() & ~at.selfBit();
    if (at.facts().members().lossPermille() < PARITY_LOSS_PERMILLE) {
      return 0;
    }
    while (Long.bitCount(rows) > Parity.ROWS) {
      rows &= ~(1L << Ranks.first(rows, at.self(), newest.window.index()));
    }
    return rows;
  }

  /** Asks in others' names, and notes what of this frame is a request. */
  void fill(SectionWriter to, CellWindow newest, Saying said, Moment at) {
    if (!said.have.isEmpty()) {
      said.of = newest.window;
      said.inRound = schedule(at).round(sinceMicros(at));
    }
    if (!at.facts().reach().all()) {
      said.againNanos = turns(at).nanosAt(Relay.GAPS * Ranks.ANSWERERS);
      Relay.fill(to, windows, said.asked);
    }
  }

  /** A frame has left. */
  void sent(Saying said) {
    for (CellWindow window : windows.all()) {
      window.saidOwn |= window.window.equals(said.own);
      Requests requests = window.anyRequests();
      long rows = said.rows.getOrDefault(window.window, 0L);
      if (requests != null) {
        requests.said(rows);
      }
      relay.said(window, rows);
      if (said.have.contains(window.window)) {
        window.saidHave = true;
        askedOf = said.of;
        askedInRound = said.inRound;
      }
    }
    said.asked.forEach(asked -> asked.window().passing().passed(asked.rows(), said.againNanos));
  }
}
