package starling.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.model.Page;
import starling.model.Window;

/**
 * What zones amount to: those who represent a cell fold its contributions, and with what other
 * zones' representatives tell them the zones above, level by level up to the root.
 *
 * <p>A cell's row is made once every present member's contribution is in, or a window after its
 * end; an inner zone's once every child's row is in but of those silent in the windows before, or a
 * little later; both again whenever something better comes in, for {@link Window#LATE_MAX} windows.
 * Where cells go at different paces, the zone above goes at the slowest, and takes a faster one's
 * last window within its own: nobody counts twice. Of a window that had begun before this node
 * listened, nobody is called silent.
 */
final class Summaries {
  private static final int SILENT = 0;

  private final ResultTable table;
  private final Report report;
  private @Nullable Told told; // by those who represent
  private long sinceMillis = Long.MAX_VALUE;
  private long slowestMillis = Long.MAX_VALUE;

  Summaries(ResultTable table, Report report) {
    this.table = table;
    this.report = report;
  }

  /** Forgets what no longer counts, and folds what can be folded now. */
  void fold(CellWindows windows, Moment at, Effects out) {
    if (slowestMillis != slowestMillis(at)) {
      slowestMillis = slowestMillis(at);
      sinceMillis = Long.MAX_VALUE; // of windows of that length nothing was kept until now
    }
    table.removeIf(
        window -> at.past(window) && !ends(window, Window.LATE_MAX + 2, at), at.nowNanos());
    if (told != null) {
      told.removeIf(at::past);
    }
    if (!at.participates()) {
      sinceMillis = Long.MAX_VALUE;
      told = null;
      return;
    }
    sinceMillis = Math.min(sinceMillis, at.nowMillis());
    TreeSet<Window> all = new TreeSet<>(table.windows(Integer.MAX_VALUE - 1));
    for (CellWindow window : windows.all()) {
      if (window.closed) {
        all.add(window.window);
        foldCell(window, windows.awaited(window, at) == 0, at, out);
      }
    }
    for (Window window : all.descendingSet()) {
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

  /** Whether rows of a window still count. */
  boolean counts(Window window, Moment at) {
    return at.counts(window) || ends(window, Window.LATE_MAX + 1, at);
  }

  /** Whether a window is the last one within a slower cell's window that still counts. */
  private boolean ends(Window window, int windowsMax, Moment at) {
    long ageMillis = at.nowMillis() - window.endMillis();
    return window.endMillis() % slowestMillis == 0
        && ageMillis >= 0
        && ageMillis < windowsMax * slowestMillis;
  }

  private void foldCell(CellWindow window, boolean whole, Moment at, Effects out) {
    boolean over = at.nowMillis() >= window.window.endMillis() + window.window.lengthMillis();
    boolean due = whole || over;
    if (window.bits() == 0 || !due || window.computedAt == window.size()) {
      return;
    }
    window.computedAt = window.size();
    for (Standing query : at.then(window.window).queries().due(window.window)) {
      Fold.cell(window, query, at).ifPresent(row -> take(row, at, out));
    }
  }

  /** Folds the zones above over one window, from the cell's parent up. */
  private void foldAbove(Window window, Moment at, Effects out) {
    long deadline = window.endMillis() + window.lengthMillis();
    for (Page.Inner zone : at.then(window).above()) {
      deadline += window.lengthMillis() / 4;
      if (at.then(window).serves(zone.zone()) && window.pace() == pace(zone, at)) {
        for (Standing query : at.then(window).queries().due(window)) {
          foldChildren(zone, window, query, at.nowMillis() >= deadline, at, out);
        }
      }
    }
  }

  /** A zone goes at the pace of the slowest of its children, each as it spoke last. */
  private int pace(Page.Inner zone, Moment at) {
    int slowest = at.facts().pace().exponent();
    long seen = 0;
    for (int place = 0; place < table.size(); place++) {
      ZoneRow row = table.row(place);
      int child = zone.indexOf(row.zone());
      if (child >= 0 && (seen & 1L << child) == 0) {
        seen |= 1L << child;
        slowest = Math.max(slowest, row.window().pace());
      }
    }
    return slowest;
  }

  /** A child's row for a window; of a faster child, the one of the last window within it. */
  static @Nullable ZoneRow within(Window window, int zone, int query, ResultTable table) {
    ZoneRow held = table.get(window, zone, query);
    for (int pace = window.pace() - 1; pace >= 0 && held == null; pace--) {
      Window last = Window.at(window.endMillis() - 1, pace, window.baseMillis());
      held = table.get(last, zone, query);
    }
    return held;
  }

  private void foldChildren(
      Page.Inner zone, Window window, Standing query, boolean over, Moment at, Effects out) {
    List<ZoneRow> children = new ArrayList<>();
    List<Page.Child> silent = new ArrayList<>();
    for (Page.Child child : zone.children()) {
      ZoneRow held = within(window, child.zone(), query.number(), table);
      if (held == null && child.expected() > 0) {
        silent.add(child);
      } else if (held != null && held.shape() == child.shape()) {
        children.add(held);
      }
    }
    if (over) {
      silent.forEach(child -> tellSilent(child.zone(), window, query, at, out));
    } else if (children.isEmpty() || silent.stream().anyMatch(child -> !silent(child, at))) {
      return; // some may come yet
    }
    if (children.isEmpty()) {
      tellSilent(zone.zone(), window, query, at, out);
    } else if (news(zone.zone(), window, query, Fold.content(zone, children))) {
      Fold.inner(zone, window, query, children, at)
          .ifPresentOrElse(row -> take(row, at, out), () -> forget(zone.zone(), window, query));
    }
  }

  private void tellSilent(int zone, Window window, Standing query, Moment at, Effects out) {
    boolean listened = window.startMillis() >= sinceMillis;
    if (listened && news(zone, window, query, SILENT)) {
      report.silent(zone, window, query, at, out);
    }
  }

  /** Whether this was not the last thing made of that zone. */
  private boolean news(int zone, Window window, Standing query, int content) {
    Told all = told == null ? new Told() : told;
    told = all;
    return all.news(zone, window, query.number(), content);
  }

  /** It came to nothing, and may later: when another page of the charter is here. */
  private void forget(int zone, Window window, Standing query) {
    if (told != null) {
      told.forget(zone, window, query.number());
    }
  }

  /** Takes a row in and tells the owner if it is new or better. */
  void take(ZoneRow taken, Moment at, Effects out) {
    ZoneRow row = out.shared(taken);
    boolean folded = at.then(row.window()).serves(row.zone());
    if (folded ? table.follow(row, at.nowNanos()) : table.offer(row, at.nowNanos())) {
      report.result(row, at, out);
    }
  }

  /** Whether rows of a zone's children are missing that contribute to a window, and may come. */
  boolean lacks(int zone, Window window, Moment at) {
    return at.place().serves(zone)
        && at.place()
            .level(zone)
            .filter(level ->
                level.zone().children().stream()
                    .anyMatch(child -> silent(child, window, at) && !silent(child, at)))
            .isPresent();
  }

  /** Whether every child of a zone has a row for this window, for all queries. */
  boolean heardAll(Page.Inner zone, Window window, Moment at) {
    return !at.then(window).queries().due(window).isEmpty()
        && zone.children().stream().noneMatch(child -> silent(child, window, at));
  }

  /** Whether a child that contributes has no row for this window, for some query. */
  private boolean silent(Page.Child child, Window window, Moment at) {
    return child.expected() > 0
        && at.then(window).queries().due(window).stream()
            .anyMatch(query -> within(window, child.zone(), query.number(), table) == null);
  }

  /** Whether a child has no row for any of the last windows. */
  private boolean silent(Page.Child child, Moment at) {
    Window window = at.current().plus(-1);
    for (int i = 0; i < CellWindows.SILENT_WINDOWS; i++) {
      if (window.endMillis() < sinceMillis || !silent(child, window, at)) {
        return false;
      }
      window = window.plus(-1);
    }
    return true;
  }

  /** The places of a level from which no row came in any of the last windows, as a bitmap. */
  long silent(Level level, Moment at) {
    long silent = 0;
    for (int place = 0; place < level.ring().size(); place++) {
      if (place != level.own() && silent(level.ring().get(place), at)) {
        silent |= 1L << place;
      }
    }
    return silent;
  }

  /** The charter changed: rows that were kept unread may answer queries that are known now. */
  void rewire(Optional<Place> before, Moment at, Effects out) {
    table.removeRowsIf(row -> isUnread(row, before) && faulty(row, at), at.nowNanos());
    for (int i = 0; i < table.size() && at.participates(); i++) {
      if (isUnread(table.row(i), before)) {
        report.result(table.row(i), at, out);
      }
    }
  }

  private static boolean isUnread(ZoneRow row, Optional<Place> before) {
    return before.flatMap(place -> place.queries().numbered(row.query())).isEmpty();
  }

  private static boolean faulty(ZoneRow row, Moment at) {
    return at.place().fault(row, row.expected(), at.then(row.window())).isPresent();
  }
}
