package starling.zone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.model.Delivery;
import starling.model.Page;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What zones amount to. Those who represent a cell fold its contributions, tell the other zones'
 * representatives on the uplink, fold what these tell, level by level up to the root, and say the
 * results of the cell's ancestors on its own medium.
 *
 * <pre>
 * kind 3, RESULTS  {@link ZoneRow}...
 * kind 4, DIGEST   (zone 2 | window 1 | query 1 | count 1 | low byte of each child's content, 0 for none (count))...
 * </pre>
 *
 * <p>A cell's row is made once every present member's contribution is in, or a window after its
 * end; an inner zone's once every child's row is in, or a little later; both again whenever
 * something better comes in, for {@link Window#LATE_MAX} windows. Where cells go at different
 * paces, the zone above goes at the slowest, and takes a faster one's last window within its own:
 * nobody counts twice. Of a window that had begun before this node listened, nobody is called
 * silent.
 */
final class Summaries {
  static final int RESULTS = 3;
  static final int DIGEST = 4;

  private static final int DIGEST_WINDOWS = 2;
  private static final int SILENT = 0;
  private static final int UNREAD_MAX = 256;

  private final ResultTable table = new ResultTable();
  private final Map<Long, List<Said>> filled = new HashMap<>();
  private final TreeMap<Window, Map<Integer, Integer>> told = new TreeMap<>();
  private final Report report;
  private long sinceMillis = Long.MAX_VALUE;
  private long slowestMillis = Long.MAX_VALUE;

  private record Said(ResultTable.Held held, ZoneRow row) {}

  Summaries(Report report) {
    this.report = report;
  }

  // ---- folding

  /** Forgets what no longer counts, and folds what can be folded now. */
  void fold(List<CellWindow> closed, Moment at, Effects out) {
    if (slowestMillis != slowestMillis(at)) {
      slowestMillis = slowestMillis(at);
      sinceMillis = Long.MAX_VALUE; // of windows of that length nothing was kept until now
    }
    table.removeIf(window -> at.past(window) && !ends(window, Window.LATE_MAX + 2, at));
    told.keySet().removeIf(at::past);
    if (!at.participates()) {
      sinceMillis = Long.MAX_VALUE;
      return;
    }
    sinceMillis = Math.min(sinceMillis, at.nowMillis());
    TreeSet<Window> windows = new TreeSet<>(table.windows());
    for (CellWindow window : closed) {
      windows.add(window.window);
      foldCell(window, at, out);
    }
    for (Window window : windows.descendingSet()) {
      foldAbove(window, at, out);
    }
  }

  private long slowestMillis(Moment at) {
    int slowest = at.facts().pace().exponent();
    for (Page.Inner zone : at.place().above()) {
      slowest = Math.max(slowest, pace(zone, at));
    }
    return at.place().windowMillis() << slowest;
  }

  /** Whether a window is the last one within a slower cell's window that still counts. */
  private boolean ends(Window window, int windowsMax, Moment at) {
    long ageMillis = at.nowMillis() - window.endMillis();
    return window.endMillis() % slowestMillis == 0
        && ageMillis >= 0
        && ageMillis <= windowsMax * slowestMillis;
  }

  private void foldCell(CellWindow window, Moment at, Effects out) {
    boolean over = at.nowMillis() >= window.window.endMillis() + window.window.lengthMillis();
    boolean due = window.missing(at) == 0 || over;
    if (window.bits() == 0 || !due || window.computedAt == window.changes) {
      return;
    }
    window.computedAt = window.changes;
    for (Standing query : at.then(window.window).queries().queries()) {
      Fold.cell(window, query, at).ifPresent(row -> take(row, at, out));
    }
  }

  /** Folds the zones above over one window, from the cell's parent up. */
  private void foldAbove(Window window, Moment at, Effects out) {
    long deadline = window.endMillis() + window.lengthMillis();
    for (Page.Inner zone : at.place().above()) {
      deadline += window.lengthMillis() / 4;
      if (window.pace() == pace(zone, at)) {
        for (Standing query : at.then(window).queries().queries()) {
          foldChildren(zone, window, query, at.nowMillis() >= deadline, at, out);
        }
      }
    }
  }

  /** A zone goes at the pace of the slowest of its children, each as it spoke last. */
  private int pace(Page.Inner zone, Moment at) {
    int slowest = at.facts().pace().exponent();
    Set<Integer> seen = new HashSet<>();
    for (ResultTable.Held held : table.newestFirst()) {
      int child = held.row().zone();
      if (seen.add(child) && zone.child(child).isPresent()) {
        slowest = Math.max(slowest, held.row().window().pace());
      }
    }
    return slowest;
  }

  /** A child's row for a window; of a faster child, the one of the last window within it. */
  private ResultTable.@Nullable Held within(Window window, int zone, int query) {
    ResultTable.Held held = null;
    for (int pace = window.pace(); pace >= 0 && held == null; pace--) {
      Window last = Window.at(window.endMillis() - 1, pace, window.baseMillis());
      held = table.get(last, zone, query);
    }
    return held;
  }

  private void foldChildren(
      Page.Inner zone, Window window, Standing query, boolean over, Moment at, Effects out) {
    List<ZoneRow> children = new ArrayList<>();
    List<Integer> silent = new ArrayList<>();
    for (Page.Child child : zone.children()) {
      ResultTable.Held held = within(window, child.zone(), query.number());
      if (held != null) {
        children.add(held.row());
      } else if (child.expected() > 0) {
        silent.add(child.zone());
      }
    }
    if (!silent.isEmpty() && !over) {
      return;
    }
    boolean listened = window.startMillis() >= sinceMillis;
    for (int child : silent) {
      tellSilent(child, window, query, listened, at, out);
    }
    if (children.isEmpty()) {
      tellSilent(zone.zone(), window, query, listened, at, out);
    } else if (news(zone.zone(), window, query, Fold.content(zone, children))) {
      Fold.inner(zone, window, query, children, at).ifPresent(row -> take(row, at, out));
    }
  }

  private void tellSilent(
      int zone, Window window, Standing query, boolean listened, Moment at, Effects out) {
    if (listened && news(zone, window, query, SILENT)) {
      report.silent(zone, window, query, at, out);
    }
  }

  /** Whether this was not the last thing made of that zone. */
  private boolean news(int zone, Window window, Standing query, int content) {
    Map<Integer, Integer> zones = told.computeIfAbsent(window, _ -> new HashMap<>());
    Integer before = zones.put(zone << 8 | query.number(), content);
    return before == null || before != content;
  }

  /** Takes a row in and tells the owner if it is new or better. */
  private void take(ZoneRow row, Moment at, Effects out) {
    boolean folded = at.place().isAbove(row.zone());
    if (folded ? table.follow(row) : table.offer(row)) {
      report.result(row, at, out);
    }
  }

  /** Whether every child of a zone has a row for this window, for all queries. */
  boolean heardAll(Page.Inner zone, Window window, Moment at) {
    if (at.then(window).queries().queries().isEmpty()) {
      return false;
    }
    for (Page.Child child : zone.children()) {
      for (Standing query : at.then(window).queries().queries()) {
        boolean silent = within(window, child.zone(), query.number()) == null;
        if (silent && child.expected() > 0) {
          return false;
        }
      }
    }
    return true;
  }

  // ---- hearing

  void read(Section section, Moment at, Effects out) throws MalformedException {
    WireReader body = section.body();
    while (body.remaining() > 0) {
      if (section.kind() == RESULTS) {
        ZoneRow row = ZoneRow.read(body, at.nowMillis(), at.place().windowMillis());
        heardRow(row, section, at, out);
      } else {
        heardDigest(body, section.frame().link(), at);
      }
    }
  }

  private void heardRow(ZoneRow said, Section section, Moment at, Effects out) {
    Place place = at.place();
    boolean beside = at.participates() && place.isBeside(said.zone());
    boolean above = !at.participates() && place.isAbove(said.zone());
    boolean counts = at.counts(said.window()) || ends(said.window(), Window.LATE_MAX + 1, at);
    if (!counts || !beside && !above || tooManyUnread(said, place)) {
      return;
    }
    int expected = at.expected(said.zone(), said.window(), said.reported());
    Optional<String> fault = fault(said, expected, place);
    if (fault.isPresent()) {
      refuse(fault.get(), section, at, out);
      return;
    }
    ZoneRow row = said.expecting(expected);
    if (above) {
      table.offer(row);
    } else {
      take(row, at, out);
    }
    known(row, section.frame().link());
  }

  /** Rows of queries that only others know yet are kept and passed on, but not without limit. */
  private boolean tooManyUnread(ZoneRow row, Place place) {
    return place.queries().numbered(row.query()).isEmpty()
        && table.newestFirst().stream()
                .filter(held -> place.queries().numbered(held.row().query()).isEmpty())
                .count()
            >= UNREAD_MAX;
  }

  /** Why a row can't be true, by the charter: else one liar could make counts of a whole site. */
  private static Optional<String> fault(ZoneRow row, int expected, Place place) {
    if (row.reported() > expected) {
      return Optional.of(row.reported() + " reported, the charter has " + expected);
    }
    if ((row.contributors() != 0) != (place.isBeside(row.zone()) && place.isCell(row.zone()))) {
      return Optional.of("a cell says which slots contributed, an inner zone can't");
    }
    try {
      Optional<Standing> query = place.queries().numbered(row.query());
      if (query.isPresent()) {
        row.decode(query.get().plan());
      }
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void refuse(String fault, Section section, Moment at, Effects out) {
    var header = section.frame().header();
    if (header.charterLow() != at.place().charter().low()) {
      return; // they go by another charter: its spread will mend that
    }
    String who = at.place().path(header.cell()) + ", slot " + header.slot();
    out.deliver(new Delivery.Warning("row", who, "row of a zone dropped: " + fault));
  }

  private void known(ZoneRow row, LinkView link) {
    ResultTable.Held held = table.get(row.window(), row.zone(), row.query());
    if (held != null && held.row().content() == row.content()) {
      if (link.profile().broadcast()) {
        held.aired = true;
      } else if (link.bit() >= 0) {
        held.known(link.mate(), link.bit(), true);
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
    for (Page.Child child : page.children()) {
      int low = lows.u8();
      ResultTable.Held held = table.get(window, child.zone(), query);
      if (held != null && !link.profile().broadcast()) {
        held.known(link.mate(), link.bit(), low == low(held.row()));
      }
    }
  }

  private static int low(ZoneRow row) {
    return Math.max(1, row.content() & 0xFF);
  }

  // ---- speaking

  Urgency urgency(LinkView link, Moment at) {
    if (!at.participates()) {
      return Urgency.NONE;
    }
    boolean up = !link.profile().broadcast() && participant(link, at);
    for (ResultTable.Held held : table.newestFirst()) {
      if (relevant(held, link, at)) {
        return up ? Urgency.NORMAL : Urgency.IDLE;
      }
    }
    return up ? Urgency.IDLE : Urgency.NONE;
  }

  private static boolean participant(LinkView link, Moment at) {
    return !link.mate() || at.ranks().wants(link.bit());
  }

  /** Whether this neighbour should get this row from us and may lack it. */
  private boolean relevant(ResultTable.Held held, LinkView link, Moment at) {
    int zone = held.row().zone();
    if (link.profile().broadcast()) {
      return !held.aired && at.place().isAbove(zone) && table.isNewest(held);
    }
    if (held.knownBy(link.mate(), link.bit())) {
      return false;
    }
    return participant(link, at)
        ? concerns(zone, link, at.place())
        : at.place().isAbove(zone) && table.isNewest(held);
  }

  /**
   * Whether a zone is the child of one that both ends are below, and not one that the other end
   * sits in: that one it knows best itself.
   */
  private static boolean concerns(int zone, LinkView link, Place place) {
    if (link.mate()) {
      return place.isBeside(zone);
    }
    boolean shared = false;
    for (Page.Inner above : place.above()) {
      shared |= above.zone() == link.shared();
      for (Page.Child child : above.children()) {
        if (shared && child.zone() == zone) {
          return child.contactCell() != link.to().cell();
        }
      }
    }
    return false;
  }

  void fill(SectionWriter to, LinkView link, long frameId, Moment at) {
    if (!at.participates()) {
      return;
    }
    List<Said> said = new ArrayList<>();
    WireWriter body = to.open(RESULTS);
    for (ResultTable.Held held : table.newestFirst()) {
      if (relevant(held, link, at)) {
        int mark = body.mark();
        held.row().write(body);
        if (body.overflowed()) {
          body.reset(mark);
        } else {
          said.add(new Said(held, held.row()));
        }
      }
    }
    if (to.close()) {
      filled.put(frameId, said);
    }
    if (!link.profile().broadcast() && participant(link, at)) {
      fillDigest(to, link, at.place());
    }
  }

  private void fillDigest(SectionWriter to, LinkView link, Place place) {
    List<Window> windows = table.windows();
    WireWriter body = to.open(DIGEST);
    boolean shared = link.mate();
    for (Page.Inner above : place.above()) {
      shared |= above.zone() == link.shared();
      for (int i = 0; i < Math.min(DIGEST_WINDOWS, windows.size()) && shared; i++) {
        for (int query : table.queries(windows.get(i))) {
          int mark = body.mark();
          body.u16(above.zone()).u8(windows.get(i).code()).u8(query).u8(above.children().size());
          for (Page.Child child : above.children()) {
            ResultTable.Held held = table.get(windows.get(i), child.zone(), query);
            body.u8(held == null ? 0 : low(held.row()));
          }
          if (body.overflowed()) {
            body.reset(mark);
          }
        }
      }
    }
    to.close();
  }

  void sent(LinkView link, long frameId, boolean left) {
    List<Said> said = filled.remove(frameId);
    if (said == null || !left) {
      return;
    }
    for (Said one : said) {
      if (one.held().row().equals(one.row())) {
        if (link.profile().broadcast()) {
          one.held().aired = true;
        } else {
          one.held().known(link.mate(), link.bit(), true);
        }
      }
    }
  }

  /**
   * The charter changed: neighbours have other numbers, and rows that were kept unread may answer
   * queries that are known now.
   */
  void rewire(Optional<Place> before, Moment at, Effects out) {
    table.forgetWhoKnows();
    for (ResultTable.Held held : table.newestFirst()) {
      int query = held.row().query();
      boolean unread = before.flatMap(place -> place.queries().numbered(query)).isEmpty();
      if (unread && fault(held.row(), held.row().expected(), at.place()).isPresent()) {
        table.remove(held.row());
      } else if (unread && at.participates()) {
        report.result(held.row(), at, out);
      }
    }
  }
}
