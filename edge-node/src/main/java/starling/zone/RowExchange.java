package starling.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
import starling.engine.Effects;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.model.Counterparts;
import starling.model.Delivery;
import starling.model.Page;
import starling.model.Ring;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * How representatives come to have each other's rows. Each tells those on its uplink what they may
 * lack, and says in a digest what it has; on its cell's own medium it says the results of the zones
 * above.
 *
 * <pre>
 * kind 3, RESULTS  {@link ZoneRow}...
 * kind 4, DIGEST   (zone 2 | window 1 | query 1 | count 1 | low byte of each child's content, 0 for none (count))...
 * </pre>
 */
final class RowExchange {
  static final int RESULTS = 3;
  static final int DIGEST = 4;

  private static final int DIGEST_WINDOWS = 2;
  private static final int UNREAD_MAX = 256;
  private static final int ASK_TURNS = 6;
  private static final int ASKED = 2;
  private static final int STARTING_WINDOWS = 3;
  private static final int PATIENCE_ROUNDS = 3;
  private static final long CHARTER_SPREADS_NANOS = 60_000_000_000L;

  private final ResultTable table;
  private final Summaries summaries;
  private @Nullable UnderWay<List<ZoneRow>> filled;

  private @Nullable ByNeighbour told; // when, what this node has
  private @Nullable Pairing pairing; // of one who takes part
  private long chartedNanos;

  // What was found out since something changed: the question comes up for each neighbour at each
  // event.
  private int judgedAt;
  private @Nullable Judged mates; // those who represent judge
  private @Nullable Judged contacts;
  private @Nullable Boolean airs;

  /** Which neighbours were looked at, and which of them lack a row that they should get from us. */
  private static final class Judged {
    long seen;
    long lacking;
  }

  RowExchange(ResultTable table, Summaries summaries) {
    this.table = table;
    this.summaries = summaries;
  }

  // ---- hearing

  void read(Section section, Moment at, Effects out) throws MalformedException {
    WireReader body = section.body();
    met(section.frame().link(), at);
    while (body.remaining() > 0) {
      if (section.kind() == RESULTS) {
        ZoneRow row = ZoneRow.read(body, at.nowMillis(), at.place().windowMillis());
        heardRow(row, section, at, out);
      } else {
        heardDigest(body, section.frame().link(), at);
      }
    }
  }

  private void met(LinkView from, Moment at) {
    if (pairing == null || from.mate() || from.profile().broadcast()) {
      return;
    }
    for (Level level : at.place().levels()) {
      int place = level.enteredBy(from.to().cell());
      if (place >= 0 && place != level.own()) {
        int zone = level.ring().get(place).zone();
        pairing.heard(zone, from.to(), !from.stranger(), at.quarter());
      }
    }
  }

  private void heardRow(ZoneRow said, Section section, Moment at, Effects out) {
    Place place = at.place();
    Place then = at.then(said.window());
    boolean above = then.isAbove(said.zone()) && !(at.participates() && then.serves(said.zone()));
    boolean beside = at.participates() && then.isBesideServed(said.zone());
    LinkView link = section.frame().link();
    if (link.mate()
        && link.profile().broadcast()
        && at.participates()
        && then.isAbove(said.zone())) {
      known(said, link, at); // a mate said what this node would
    }
    if (!summaries.counts(said.window(), at) || !beside && !above || tooManyUnread(said, place)) {
      return;
    }
    if (!then.fits(said)) {
      return; // they go by another charter
    }
    int expected = at.expected(said.zone(), said.window(), said.reported());
    Optional<String> fault = place.fault(said, expected, then);
    if (fault.isPresent()) {
      refuse(fault.get(), section, at, out);
      return;
    }
    ZoneRow row = out.shared(said.expecting(expected));
    if (at.participates()) {
      summaries.take(row, at, out);
    } else {
      table.offer(row, at.nowNanos());
    }
    known(row, section.frame().link(), at);
  }

  /** Rows of queries that only others know yet are kept and passed on, but not without limit. */
  private boolean tooManyUnread(ZoneRow row, Place place) {
    return place.queries().numbered(row.query()).isEmpty() && unread(place) >= UNREAD_MAX;
  }

  private int unread(Place place) {
    int unread = 0;
    for (int i = 0; i < table.size(); i++) {
      unread += place.queries().numbered(table.row(i).query()).isEmpty() ? 1 : 0;
    }
    return unread;
  }

  private void refuse(String fault, Section section, Moment at, Effects out) {
    Place place = at.place();
    boolean alike =
        section.frame().header().charterLow() == place.charter().low()
            && place.charter().isWhole(place.cell().zone())
            && at.nowNanos() - chartedNanos > CHARTER_SPREADS_NANOS;
    if (!alike) {
      return; // they may go by another charter, which its spread will mend
    }
    int cell = section.frame().header().cell();
    String who = place.path(cell) + ", slot " + section.frame().header().slot();
    out.deliver(new Delivery.Warning("row", who, "row of a zone dropped: " + fault));
  }

  private void known(ZoneRow row, LinkView link, Moment at) {
    int place = table.find(row.window(), row.zone(), row.query());
    if (place >= 0 && table.row(place).content() == row.content()) {
      if (link.profile().broadcast()) {
        table.aired(place);
      } else if (link.bit() >= 0 && at.participates()) {
        table.has(place, link);
      }
    }
  }

  private void heardDigest(WireReader body, LinkView link, Moment at) throws MalformedException {
    int zone = body.u16();
    Window window = at.windowOf(body.u8());
    int query = body.u8();
    WireReader lows = body.slice(body.u8());
    Page.Inner page = at.place().charter().inner(zone).orElse(null);
    if (page == null || page.children().size() != lows.remaining() || link.bit() < 0) {
      return; // another version of the charter: its spread will mend that
    }
    if (!at.participates()) {
      return; // it tells nobody
    }
    for (Page.Child child : page.children()) {
      int low = lows.u8();
      int place = table.find(window, child.zone(), query);
      if (place >= 0 && !link.profile().broadcast() && others(child, link, at.place())) {
        if (low == low(table.row(place))) {
          table.has(place, link);
        } else if (table.heldNanos(place, at.nowNanos()) >= patienceNanos(window, link)) {
          table.lacks(place, link);
        }
      }
    }
  }

  /** How long a row may be under way to a neighbour before it counts as lost. */
  private static long patienceNanos(Window window, LinkView link) {
    long rounds = PATIENCE_ROUNDS * link.profile().roundMillis();
    return 1_000_000 * Math.min(rounds, window.lengthMillis() / 4);
  }

  /** Whether a zone is neither the other end's own, which it knows best itself, nor above both. */
  private static boolean others(Page.Child child, LinkView link, Place place) {
    return link.mate() ? !place.isAbove(child.zone()) : !child.enteredBy(link.to().cell());
  }

  private static int low(ZoneRow row) {
    return Math.max(1, row.content() & 0xFF);
  }

  /** Looks whether those to whom rows are told are still there. */
  void pair(Moment at, Effects out) {
    if (at.participates()) {
      pairing = pairing == null ? new Pairing(starting(at)) : pairing;
      long[] silent =
          at.place().levels().stream().mapToLong(level -> summaries.silent(level, at)).toArray();
      if (pairing.turn(silent, at, out)) {
        rerank();
      }
    } else if (pairing != null) {
      pairing = null;
      out.publish(Counterparts.NONE);
    }
  }

  /** Whether the site may just have been switched on: nothing is here of some windows ago. */
  private boolean starting(Moment at) {
    int rows = table.size();
    long since = at.current().index() - STARTING_WINDOWS;
    return rows == 0 || table.row(rows - 1).window().index() > since;
  }

  /** Others do what is to be done from now on. */
  void rerank() {
    judgedAt = table.changes() - 1;
  }

  // ---- speaking

  Urgency urgency(LinkView link, Moment at) {
    if (!at.participates()) {
      return Urgency.NONE;
    }
    boolean up = !link.profile().broadcast() && participant(link, at);
    if (up && asks(link, at)) {
      return Urgency.NORMAL;
    }
    if (lacks(link, at)) {
      return up ? Urgency.NORMAL : Urgency.IDLE;
    }
    return up ? Urgency.IDLE : Urgency.NONE;
  }

  /** Whether this neighbour should get some row from us that it may lack. */
  private boolean lacks(LinkView link, Moment at) {
    if (judgedAt != table.changes()) {
      judgedAt = table.changes();
      mates = null;
      contacts = null;
      airs = null;
    }
    if (link.profile().broadcast()) {
      airs = airs == null ? (Boolean) anyRelevant(link, at) : airs;
      return airs;
    }
    Judged judged = judged(link.mate());
    long bit = 1L << link.bit();
    if ((judged.seen & bit) == 0) {
      judged.seen |= bit;
      judged.lacking = anyRelevant(link, at) ? judged.lacking | bit : judged.lacking & ~bit;
    }
    return (judged.lacking & bit) != 0;
  }

  private Judged judged(boolean asMates) {
    Judged held = asMates ? mates : contacts;
    Judged judged = held == null ? new Judged() : held;
    mates = asMates ? judged : mates;
    contacts = asMates ? contacts : judged;
    return judged;
  }

  private boolean anyRelevant(LinkView link, Moment at) {
    for (int place = 0; place < table.size(); place++) {
      if (relevant(place, link, at)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether to say at once what this node has: rows of the newest window are missing that should
   * have come by now. It asks {@value #ASKED} neighbours on each level, others each time, and one
   * of its mates that take part or two, who have what came to them by other ways; and all of them
   * when rows of the window before are still missing in the end.
   */
  private boolean asks(LinkView link, Moment at) {
    Window newest = at.current().plus(-1);
    long quarter = newest.lengthMillis() / 4;
    long agoMillis = at.nowMillis() - newest.endMillis();
    boolean overdue = agoMillis >= 3 * quarter;
    int last = told == null ? 0 : told.get(link);
    int turn = (int) Math.floorMod(link.bit() + newest.index(), (long) ASK_TURNS);
    return (overdue || turn < ASKED)
        && agoMillis >= quarter + quarter / 2
        && (last == 0 || ByNeighbour.sinceNanos(last, at.nowNanos()) >= quarter * 1_000_000)
        && lacks(overdue ? newest.plus(-1) : newest, link, at);
  }

  private boolean lacks(Window window, LinkView link, Moment at) {
    return link.mate() ? lacksAny(window, at) : summaries.lacks(link.shared(), window, at);
  }

  /** Whether rows are missing that come along a tree of their own; a mate may be on it. */
  private boolean lacksAny(Window window, Moment at) {
    return at.place().levels().stream()
        .filter(level -> level.ring().size() > Ring.SMALL)
        .anyMatch(level -> summaries.lacks(level.zone().zone(), window, at));
  }

  private static boolean participant(LinkView link, Moment at) {
    return link.mate() ? at.ranks().wants(link.bit()) : link.bit() >= 0;
  }

  /** Whether this neighbour should get this row from us and may lack it, sooner or later. */
  private boolean relevant(int place, LinkView link, Moment at) {
    int zone = table.row(place).zone();
    if (link.profile().broadcast()) {
      return !table.isAired(place) && at.place().isAbove(zone) && table.isNewest(place);
    }
    if (table.isSettled(place, link)) {
      return false;
    }
    if (!participant(link, at)) {
      return tells(link, at) && at.place().isAbove(zone) && table.isNewest(place);
    }
    if (table.isLacking(place, link) || hands(table.row(place), link, at)) {
      return true;
    }
    table.settle(place, link);
    return false;
  }

  /** A mate who does not take part hears of the zones above from one of us. */
  private static boolean tells(LinkView link, Moment at) {
    return at.ranks().tells(at.self(), link.bit());
  }

  /**
   * Whether a row goes on to a neighbour unasked: along the ring of the zones on its level; to a
   * mate to whom nobody else speaks, what nobody in the cell folds.
   */
  private boolean hands(ZoneRow row, LinkView link, Moment at) {
    Place place = at.place();
    if (link.mate()) {
      List<Integer> spokenTo = place.contacts().stream().limit(Ranks.REPRESENTATIVES).toList();
      return place.isAbove(row.zone())
          && !place.serves(row.zone())
          && !spokenTo.contains(link.bit());
    }
    Level level = place.level(link.shared()).orElse(null);
    if (level == null) {
      return false;
    }
    long silent = pairing == null ? 0 : pairing.silent(place.levels().indexOf(level));
    int origin = place.origin(row, level, silent);
    return level.hands(row.zone(), origin, level.enteredBy(link.to().cell()), silent);
  }

  void fill(SectionWriter to, LinkView link, long frameId, Moment at) {
    if (!at.participates()) {
      return;
    }
    List<ZoneRow> said = new ArrayList<>();
    WireWriter body = to.open(RESULTS);
    for (int place = 0; place < table.size(); place++) {
      if (relevant(place, link, at)) {
        int mark = body.mark();
        table.row(place).write(body);
        if (body.overflowed()) {
          body.reset(mark);
        } else {
          said.add(table.row(place));
        }
      }
    }
    boolean says = to.close();
    if (!link.profile().broadcast() && participant(link, at)) {
      says |= fillDigest(to, link, at);
    }
    if (says) {
      filled = UnderWay.with(frameId, said, filled);
    }
  }

  /** What is held of the newest window, and of the one before while something of it is missing. */
  private boolean fillDigest(SectionWriter to, LinkView link, Moment at) {
    Place place = at.place();
    WireWriter body = to.open(DIGEST);
    List<Window> windows = table.windows(DIGEST_WINDOWS);
    for (Page.Inner above : place.above()) {
      boolean shared = link.mate() ? place.serves(above.zone()) : above.zone() == link.shared();
      for (int i = 0; i < windows.size() && shared; i++) {
        Window window = windows.get(i);
        if (i > 0 && !summaries.lacks(above.zone(), window, at)) {
          continue;
        }
        table.queries(window).forEach(query -> writeDigest(body, above, window, query));
      }
    }
    return to.close();
  }

  /** Says what is held of a zone's children, if it fits. */
  private void writeDigest(WireWriter body, Page.Inner zone, Window window, int query) {
    int mark = body.mark();
    body.u16(zone.zone()).u8(window.code()).u8(query).u8(zone.children().size());
    for (Page.Child child : zone.children()) {
      ZoneRow held = table.get(window, child.zone(), query);
      body.u8(held == null ? 0 : low(held));
    }
    if (body.overflowed()) {
      body.reset(mark);
    }
  }

  void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    List<ZoneRow> said = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (said == null || !left) {
      return;
    }
    if (!link.profile().broadcast()) {
      told = told == null ? new ByNeighbour() : told;
      told.set(link, ByNeighbour.ticks(nowNanos));
    }
    for (ZoneRow row : said) {
      int place = table.find(row.window(), row.zone(), row.query());
      if (place >= 0 && table.row(place).equals(row)) {
        if (link.profile().broadcast()) {
          table.aired(place);
        } else {
          table.has(place, link);
        }
      }
    }
  }

  /** A neighbour's number is another's now. */
  void replaced(LinkView by) {
    if (!by.profile().broadcast()) {
      if (pairing != null) {
        table.meets(by);
      }
      if (told != null) {
        told.set(by, 0);
      }
    }
  }

  /** The charter changed. */
  void charted(long nowNanos) {
    chartedNanos = nowNanos;
  }

  /** Rows go other ways from now on. */
  void rewire() {
    table.forgetWhoKnows();
  }
}
