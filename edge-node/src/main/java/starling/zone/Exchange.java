package starling.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.link.LinkProfile;
import starling.model.Member;
import starling.model.Reach;
import starling.model.Window;
import starling.predict.SlotPlan;
import starling.wire.Bytes;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * How a cell's members come to have each other's contributions.
 *
 * <pre>
 * kind 0, OWN   window 1 | contribution                                      the sender's own
 * kind 1, ROWS  (window 1 | slot 1 | length 1 | contribution)...             passed on
 * kind 2, HAVE  (window 1 | length 1 | bitmap (length))...                   a missing bit is the request
 * </pre>
 *
 * <p>On a broadcast medium each member speaks once a window, in its slot of the first half of the
 * next one; those who want all contributions (representatives, gateways) speak last and say what
 * they have; up to three others answer, drawn by hash; they ask again at growing gaps. On an
 * addressed one each member gives its own contribution to those who want it, and these exchange
 * what they have. Contributions are said for {@link Window#LATE_MAX} windows more.
 */
final class Exchange {
  static final int OWN = 0;
  static final int ROWS = 1;
  static final int HAVE = 2;

  /** Who gave nothing to so many windows, a member or a zone, is not waited for. */
  static final int SILENT_WINDOWS = 3;

  private static final CellWindow[] NONE = {};

  /** So many answers' time a promise to answer may be late. */
  private static final int LAPSE_ANSWERS = 1;

  private final @Nullable LinkProfile radio;
  private CellWindow[] windows = NONE; // newest first
  private @Nullable UnderWay<Said> filled;
  private long asked; // the mates that heard what is here in this quarter of a window
  private long collecting; // the mates that said lately what they have, and so what they want
  private int changes;
  private int rows;
  private final Relay relay = new Relay();

  // Which mates lack something that this node should give them, as far as that was looked at since
  // something changed: the question comes up for each neighbour at each event.
  private int judgedAt;
  private long judged;
  private long lacking;

  // When this node last asked: in which round after which window.
  private @Nullable Window askedOf;
  private long askedInRound;

  // When this node speaks after a window, as it was worked out last.
  private @Nullable Window slotOf;
  private long slotMillis;

  /**
   * The exchange of one node.
   *
   * @param radio its cell's medium, if that is broadcast
   */
  Exchange(@Nullable LinkProfile radio) {
    this.radio = radio;
  }

  /** Is told what became of each contribution that came in. */
  interface Contributed {
    void came(Window window, int slot, byte[] row, CellWindow.Added added);
  }

  /** What a frame under way says, to be committed when it has left. */
  private static final class Said {
    @Nullable Window own;
    final Map<Window, Long> rows = new HashMap<>();
    final List<Window> have = new ArrayList<>();
    final List<Relay.Asked> asked = new ArrayList<>(0);
    @Nullable Window of;
    long inRound;
    long againNanos;
  }

  /** Takes in a contribution. */
  CellWindow.Added add(Window window, int slot, byte[] row, Effects out) {
    CellWindow held = window(window, out);
    CellWindow.Added added = held.add(slot, out.shared(new Bytes(row)).array());
    if (added == CellWindow.Added.NEW) {
      changes++;
      rows++;
    }
    return added;
  }

  private @Nullable CellWindow find(Window window) {
    for (CellWindow held : windows) {
      if (held.window.equals(window)) {
        return held;
      }
    }
    return null;
  }

  /** What is held of a window, from now on. */
  private CellWindow window(Window window, Effects out) {
    CellWindow held = find(window);
    if (held != null) {
      return held;
    }
    int place = 0;
    while (place < windows.length && windows[place].window.compareTo(window) > 0) {
      place++;
    }
    CellWindow[] more = Arrays.copyOf(windows, windows.length + 1);
    System.arraycopy(windows, place, more, place + 1, windows.length - place);
    more[place] = new CellWindow(out.shared(window));
    windows = more;
    changes++;
    return more[place];
  }

  /** Counts whatever may have given this node something to say to somebody, or taken it. */
  int changes() {
    return changes;
  }

  /** Counts the contributions that came in. */
  int rows() {
    return rows;
  }

  /** Others do what is to be done from now on. */
  void rerank() {
    changes++;
    slotOf = null;
  }

  /** The windows held, newest first; those that are over and still count are {@code closed}. */
  CellWindow[] windows() {
    return windows;
  }

  /**
   * The contributions that are missing and waited for: not of those who gave none to any of the
   * last windows. They will be missed, or were; and count again when they come.
   */
  long awaited(CellWindow window, Moment at) {
    long missing = window.missing(at);
    return missing == 0 ? 0 : missing & ~silent(at);
  }

  private long silent(Moment at) {
    long silent = -1;
    int collected = 0;
    for (int place = 0; place < windows.length && collected < SILENT_WINDOWS; place++) {
      CellWindow window = windows[place];
      if (window.closed) {
        boolean some = window.collected && window.size() > 1; // else it says nothing of anybody
        silent &= some ? window.missing(at) : 0;
        collected++;
      }
    }
    return collected == SILENT_WINDOWS ? silent : 0;
  }

  /** Those that are over and still count, newest first. */
  List<CellWindow> closed() {
    return Arrays.stream(windows).filter(window -> window.closed).toList();
  }

  /** The newest window that is over and still counts. */
  @Nullable CellWindow newest() {
    for (CellWindow window : windows) {
      if (window.closed) {
        return window;
      }
    }
    return null;
  }

  /**
   * When a window is over, its contributions are due, heard of or not.
   *
   * @param anotherQuarter whether another quarter of a window has begun
   */
  void turn(boolean anotherQuarter, Moment at, Effects out) {
    if (anotherQuarter) {
      asked = 0;
    }
    Window last = at.current().plus(-1);
    if (find(last) == null && last.index() % Window.LATE_MAX == 0) {
      collecting = 0;
    }
    window(last, out);
    int kept = 0;
    for (CellWindow window : windows) {
      kept += at.past(window.window) ? 0 : 1;
    }
    if (kept < windows.length) {
      windows = Arrays.stream(windows).filter(w -> !at.past(w.window)).toArray(CellWindow[]::new);
      changes++;
    }
    for (CellWindow window : windows) {
      boolean counts = at.counts(window.window);
      changes += counts == window.closed ? 0 : 1;
      window.collected |= counts && !window.closed && at.participates();
      window.closed = counts;
    }
    for (int place = 1; anotherQuarter && place < windows.length; place++) {
      windows[place].share(windows[place - 1]);
    }
  }

  // ---- hearing

  void read(Section section, Moment at, Effects out, Contributed to) throws MalformedException {
    WireReader body = section.body();
    int from = section.frame().header().slot();
    switch (section.kind()) {
      case OWN ->
          heardRow(
              at.windowOf(body.u8()), from, body.bytes(body.remaining()), section, at, out, to);
      case ROWS -> {
        while (body.remaining() > 0) {
          Window window = at.windowOf(body.u8());
          int slot = body.u8();
          heardRow(window, slot, body.bytes(body.u8()), section, at, out, to);
        }
      }
      case HAVE -> {
        while (body.remaining() > 0) {
          heardHave(at.windowOf(body.u8()), bits(body), section.frame(), at);
        }
      }
      case Relay.ASK -> {
        while (body.remaining() > 0) {
          heardAsk(at.windowOf(body.u8()), body.u8(), bits(body), section.frame(), at);
        }
      }
      default -> {} // a later version's
    }
  }

  private void heardRow(
      Window window, int slot, byte[] row, Section by, Moment at, Effects out, Contributed to)
      throws MalformedException {
    if (row.length == 0 || row.length > Contribution.BYTES_MAX) {
      throw new MalformedException("a contribution of " + row.length + " bytes");
    }
    boolean sensing = slot < Member.SLOTS_MAX && (at.place().sensing() & 1L << slot) != 0;
    // Whose clock runs ahead of ours may have closed the window that we are in.
    boolean counts = at.counts(window) || at.counts(window.plus(-1));
    int from = by.frame().header().slot();
    if (sensing && counts && from < Member.SLOTS_MAX) {
      CellWindow.Added added = add(window, slot, row, out);
      said(window(window, out), slot, from, at);
      if (at.place().broadcast() && slot == at.self()) {
        window(window, out).requests().saysOwn();
      }
      if (!at.place().broadcast()) {
        window(window, out).mateHasToo(from, 1L << slot);
        changes++;
      }
      to.came(window, slot, row, added);
    }
  }

  /** Somebody said a row: no need to say it again to those who heard that. */
  private void said(CellWindow window, int slot, int from, Moment at) {
    boolean hops = at.place().broadcast() && !at.facts().reach().all();
    Requests requests = window.anyRequests();
    if (requests != null && (!hops || Relay.satisfies(window, slot, from, at))) {
      requests.said(1L << slot);
    }
    if (hops) {
      Relay.heard(window, slot, from, turns(at), at);
    }
  }

  private void heardAsk(Window window, int hops, long wanted, Event.Heard frame, Moment at) {
    CellWindow held = find(window);
    int asker = frame.header().slot();
    if (held != null && asker < Member.SLOTS_MAX && frame.link().profile().broadcast()) {
      long salt = frame.header().counter();
      relay.asked(held, asker, wanted & at.place().sensing(), hops, salt, turns(at), at);
    }
  }

  /** When whoever is at a place among those who answer what was heard just now does so. */
  private Relay.Turns turns(Moment at) {
    Schedule schedule = schedule(at);
    long startNanos = startNanos(at);
    return place ->
        startNanos + 1000 * schedule.answerAt(place, (at.nowNanos() - startNanos) / 1000);
  }

  private void heardHave(Window window, long bits, Event.Heard frame, Moment at) {
    CellWindow held = find(window);
    int asker = frame.header().slot();
    if (held == null || asker >= Member.SLOTS_MAX) {
      return;
    }
    if (!frame.link().profile().broadcast()) {
      held.mateHas(asker, at.participates() ? bits : bits & at.selfBit()); // who else gives more?
      collecting |= 1L << asker;
      changes++;
      return;
    }
    Schedule schedule = schedule(at);
    long startNanos = startNanos(at);
    long wanted = at.place().sensing() & ~bits;
    long lacks = held.bits() & wanted;
    Reach reach = at.facts().reach();
    long far = reach.isRemote(asker) ? wanted : wanted & ~reach.heardBy(asker);
    if (far != 0) {
      relay.asked(held, asker, far, 0, frame.header().counter(), turns(at), at);
      lacks &= ~far;
    }
    int place = at.ranks().answerer(asker, frame.header().counter(), at.self());
    if ((lacks & at.selfBit()) != 0 && held.saidOwn) {
      held.requests().lacksOwn();
    }
    if (place < 0) { // but what nobody else seems to have is mine to say, in turn
      lacks &= held.requests().nobodySaysOwn() ? at.selfBit() : 0;
      place = Ranks.ANSWERERS + Long.bitCount(wanted & at.selfBit() - 1);
    }
    if (lacks != 0) {
      long answerAt = schedule.answerAt(place, (at.nowNanos() - startNanos) / 1000);
      long answerNanos = startNanos + answerAt * 1000;
      long lapseNanos = answerNanos + LAPSE_ANSWERS * schedule.answerMicros() * 1000;
      held.requests().promise(lacks, answerNanos, lapseNanos, at.nowNanos());
    }
  }

  /** When the window ended whose contributions are said now, monotonic. */
  private static long startNanos(Moment at) {
    return at.facts().time().nanosAt(at.current().startMillis());
  }

  private Schedule schedule(Moment at) {
    LinkProfile medium = Objects.requireNonNull(radio, "only radio cells go by schedules");
    int hops = at.facts().reach().isRemote(at.self()) ? Relay.GAPS : 1;
    return Schedule.of(at.current(), at.ranks().speaking(), medium, hops);
  }

  // ---- speaking

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

  /**
   * What it has a node says in its slot, and in its turns after that; each of these is a request.
   */
  private boolean requests(CellWindow newest, Moment at) {
    return saysHave(newest, at) && inSlot(newest, at) || asks(newest, at);
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
        && lacksAny(at);
  }

  private boolean lacksAny(Moment at) {
    for (CellWindow window : windows) {
      if (window.closed && awaited(window, at) != 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean answers(CellWindow window, Moment at) {
    Requests requests = window.anyRequests();
    return requests != null && requests.due(at.nowNanos());
  }

  /** Whether somebody beyond one hop waits for what this node has to say now. */
  private boolean relays(Moment at) {
    for (CellWindow window : windows) {
      Passing passing = window.closed ? window.anyPassing() : null;
      if (passing != null
          && (passing.due(at.nowNanos()) || passing.owesAny() && answers(window, at))) {
        return true;
      }
    }
    return false;
  }

  Urgency urgency(LinkView link, Moment at) {
    CellWindow newest = newest();
    if (newest == null) {
      return Urgency.NONE;
    }
    if (link.profile().broadcast()) {
      boolean asksFarAway = at.facts().reach().isRemote(at.self()) && asks(newest, at);
      if (inSlot(newest, at) || relays(at) || asksFarAway) {
        return Urgency.NORMAL;
      }
      return repairs(newest, at) ? Urgency.SPARE : Urgency.NONE;
    }
    if (lacks(link, at)) {
      return Urgency.PRESSING; // the results of all zones above wait for it
    }
    return asksMate(newest, link, at) ? Urgency.NORMAL : Urgency.IDLE;
  }

  private boolean repairs(CellWindow newest, Moment at) {
    for (CellWindow window : windows) {
      if (window.closed && answers(window, at)) {
        return true;
      }
    }
    return asks(newest, at);
  }

  /** Whether this mate should get something from us that it may lack. */
  private boolean lacks(LinkView link, Moment at) {
    if (judgedAt != changes) {
      judgedAt = changes;
      judged = 0;
      lacking = 0;
    }
    long mate = 1L << link.bit();
    if ((judged & mate) == 0) {
      judged |= mate;
      for (CellWindow window : windows) {
        lacking |= window.closed && unknown(window, link, at) != 0 ? mate : 0;
      }
    }
    return (lacking & mate) != 0;
  }

  /**
   * On an addressed link: the contributions that this mate should get from us and may lack. Who
   * collects although we would not have it do so, for we don't know the same, gets ours at least.
   */
  private long unknown(CellWindow window, LinkView link, Moment at) {
    long give = at.participates() ? window.bits() : window.bits() & at.selfBit();
    if (!at.ranks().wants(link.bit())) {
      give &= (collecting & 1L << link.bit()) == 0 ? 0 : at.selfBit();
    }
    return window.unknownTo(link.bit(), give);
  }

  /**
   * Whether a mate's own contribution has been missing for so long, a quarter of a window, that it
   * should be asked; once in each quarter, or once a window if that is not the first it missed.
   */
  private boolean asksMate(CellWindow window, LinkView link, Moment at) {
    long bit = 1L << link.bit();
    if (!at.participates() || (window.missing(at) & ~asked & bit) == 0) {
      return false;
    }
    long quarters = (at.nowMillis() - window.window.endMillis()) * 4 / window.window.lengthMillis();
    CellWindow before = find(window.window.plus(-1));
    boolean again = before != null && (before.missing(at) & bit) != 0;
    return again ? quarters == 2 : quarters >= 1;
  }

  void fill(SectionWriter to, LinkView link, long frameId, Moment at) {
    CellWindow newest = newest();
    if (newest == null) {
      return;
    }
    Said said = new Said();
    boolean broadcast = link.profile().broadcast();
    if (broadcast && speaksOwn(newest, at) && inSlot(newest, at)) {
      fillOwn(to, newest, at.self(), said);
    }
    if (broadcast ? requests(newest, at) : at.participates()) {
      fillHave(to, newest, at, said);
    }
    if (broadcast && !said.have.isEmpty()) {
      said.of = newest.window;
      said.inRound = schedule(at).round(sinceMicros(at));
    }
    fillRows(to, link, at, said);
    if (broadcast && !at.facts().reach().all()) {
      said.againNanos = turns(at).nanosAt(Relay.GAPS * Ranks.ANSWERERS);
      Relay.fill(to, windows, said.asked);
    }
    filled = UnderWay.with(frameId, said, filled);
  }

  private static void fillOwn(SectionWriter to, CellWindow window, int self, Said said) {
    byte[] row = window.row(self);
    if (row != null) {
      to.open(OWN).u8(window.window.code()).bytes(row);
      if (to.close()) {
        said.own = window.window;
      }
    }
  }

  private void fillHave(SectionWriter to, CellWindow newest, Moment at, Said said) {
    int length = (64 - Long.numberOfLeadingZeros(at.place().sensing() | 1) + 7) / 8;
    WireWriter body = to.open(HAVE);
    for (CellWindow window : windows) {
      boolean says = window.closed && (window == newest || awaited(window, at) != 0);
      if (says && body.remaining() >= 2 + length) {
        body.u8(window.window.code()).u8(length);
        for (int i = 0; i < length; i++) {
          body.u8((int) (window.bits() >>> 8 * i));
        }
        said.have.add(window.window);
      }
    }
    if (!to.close()) {
      said.have.clear();
    }
  }

  private void fillRows(SectionWriter to, LinkView link, Moment at, Said said) {
    boolean broadcast = link.profile().broadcast();
    WireWriter body = to.open(ROWS);
    int rows = 0;
    for (CellWindow window : windows) {
      long gives = gives(window, link, at);
      if (window.window.equals(said.own)) {
        gives |= relay.forwards(window) & ~at.selfBit();
      }
      for (long rest = gives; rest != 0; rest &= rest - 1) {
        int slot = Long.numberOfTrailingZeros(rest);
        byte[] row = window.row(slot);
        boolean fits = row != null && body.remaining() >= SlotPlan.ROW_HEADER_BYTES + row.length;
        if (row != null && fits && !(broadcast && rows >= SlotPlan.ROWS_MAX)) {
          body.u8(window.window.code()).u8(slot).u8(row.length).bytes(row);
          said.rows.merge(window.window, 1L << slot, (a, b) -> a | b);
          rows++;
        }
      }
    }
    if (!to.close()) {
      said.rows.clear();
    }
  }

  private long gives(CellWindow window, LinkView link, Moment at) {
    if (!window.closed) {
      return 0;
    }
    if (!link.profile().broadcast()) {
      return unknown(window, link, at);
    }
    Requests requests = window.anyRequests();
    return requests == null ? 0 : requests.promised(at.nowNanos()) & window.bits();
  }

  void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Said said = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (said == null || !left) {
      return;
    }
    if (!link.profile().broadcast()) {
      changes++;
      said.rows.forEach((window, slots) -> mateHas(window, link.bit(), slots));
      if (!said.have.isEmpty()) {
        asked |= 1L << link.bit();
      }
      return;
    }
    for (CellWindow window : windows) {
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

  private void mateHas(Window window, int mate, long slots) {
    CellWindow held = find(window);
    if (held != null) {
      held.mateHasToo(mate, slots);
    }
  }

  /** When this node has promised to say something again, monotonic. */
  long nextAnswerNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (CellWindow window : windows) {
      Requests requests = window.anyRequests();
      Passing passing = window.anyPassing();
      next = requests == null ? next : Math.min(next, requests.nextNanos(nowNanos));
      next = passing == null ? next : Math.min(next, passing.nextNanos(nowNanos));
    }
    return next;
  }

  /** When something more may become due, monotonic. */
  long nextNanos(Moment at) {
    CellWindow newest = newest();
    if (newest == null || !at.place().broadcast()) {
      return Long.MAX_VALUE;
    }
    boolean speaks = speaksOwn(newest, at) || saysHave(newest, at);
    long slotNanos = speaks ? slotNanos(newest.window, at) : Long.MAX_VALUE;
    long next = Math.min(nextAnswerNanos(at.nowNanos()), nextAskNanos(newest, at));
    return slotNanos > at.nowNanos() ? Math.min(slotNanos, next) : next;
  }

  private long nextAskNanos(CellWindow newest, Moment at) {
    if (!at.participates() || !newest.saidHave || !lacksAny(at)) {
      return Long.MAX_VALUE;
    }
    long nextAt =
        schedule(at).nextAskAt(at.ranks().asker(at.self()), at.ranks().askers(), sinceMicros(at));
    return startNanos(at) + nextAt * 1000;
  }

  private static long sinceMicros(Moment at) {
    return (at.nowNanos() - startNanos(at)) / 1000;
  }

  private static long bits(WireReader body) throws MalformedException {
    int length = body.u8();
    if (length > Long.BYTES) {
      throw new MalformedException("a cell has at most 64 slots");
    }
    long bits = 0;
    for (int i = 0; i < length; i++) {
      bits |= (long) body.u8() << 8 * i;
    }
    return bits;
  }
}
