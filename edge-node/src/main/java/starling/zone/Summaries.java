package starling.zone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.SectionWriter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Window;
import starling.query.Partial;
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
 * something better comes in, for {@link Window#LATE_MAX} windows.
 */
final class Summaries {
  static final int RESULTS = 3;
  static final int DIGEST = 4;

  private static final int DIGEST_WINDOWS = 2;

  private final ResultTable table = new ResultTable();
  private final Attendance attendance = new Attendance();
  private final Map<Long, List<Said>> filled = new HashMap<>();
  private final Map<Long, Integer> contents = new HashMap<>();
  private final Map<String, Long> timed = new HashMap<>();

  private record Said(ResultTable.Held held, ZoneRow row) {}

  /** Whether this node takes part in the zones above its cell. */
  static boolean participates(Page.Cell cell, Facts facts) {
    return (Ranks.wanting(cell, facts.members()) & 1L << facts.self().slot()) != 0;
  }

  /** The rows held, newest first. */
  List<ZoneRow> rows() {
    return table.newestFirst().stream().map(held -> held.row).toList();
  }

  // ---- folding

  /** Folds what can be folded now. */
  void fold(
      List<CellWindow> closed,
      Standing.All queries,
      Page.Cell cell,
      Facts facts,
      Effects out,
      long nowNanos) {
    long nowMillis = facts.time().millis(nowNanos);
    for (CellWindow window : closed) {
      foldCell(window, queries, cell, facts, out, nowMillis);
    }
    List<Window> windows = new ArrayList<>(table.windows());
    for (CellWindow window : closed) {
      if (!windows.contains(window.window)) {
        windows.add(window.window);
      }
    }
    for (Window window : windows) {
      foldAbove(window, queries, facts, out, nowMillis);
    }
    if (!closed.isEmpty()) {
      long length = closed.getFirst().window.lengthMillis();
      table.dropBefore(nowMillis - (Window.LATE_MAX + 2) * length);
      contents.keySet().removeIf(key -> contents.size() > 4096);
    }
  }

  private void foldCell(
      CellWindow window,
      Standing.All queries,
      Page.Cell cell,
      Facts facts,
      Effects out,
      long nowMillis) {
    boolean complete = Exchange.missing(window, cell, facts) == 0;
    boolean over = nowMillis >= window.window.endMillis() + window.window.lengthMillis();
    if (window.bits() == 0 || !complete && !over || window.computedAt == window.changes) {
      return;
    }
    window.computedAt = window.changes;
    for (Standing query : queries.queries()) {
      foldContributions(window, query, cell, facts)
          .ifPresent(row -> take(row, queries, facts, out));
    }
  }

  private static Optional<ZoneRow> foldContributions(
      CellWindow window, Standing query, Page.Cell cell, Facts facts) {
    Partial state = query.plan().empty();
    long contributors = 0;
    long oldestMillis = 0;
    for (Member member : cell.members()) {
      byte[] row = window.row(member.slot());
      if (row == null) {
        continue;
      }
      Schema schema =
          facts.charter().site().flatMap(s -> s.schema(Contribution.schemaOf(row))).orElse(null);
      if (schema == null) {
        return Optional.empty(); // a newer charter's: another representative can read it
      }
      try {
        Contribution contribution = Contribution.decode(row, schema);
        state = state.add(schema, contribution.steps(), contribution.present());
        contributors |= 1L << member.slot();
        oldestMillis = Math.max(oldestMillis, contribution.ageMillis());
      } catch (MalformedException e) {
        // sealed by a member, and still nonsense: it reports nothing
      }
    }
    byte[] bytes = encode(state);
    return bytes.length == 0 || contributors == 0
        ? Optional.empty()
        : Optional.of(
            ZoneRow.cell(
                cell.zone(),
                window.window,
                query.number(),
                cell.sensing(),
                oldestMillis,
                contributors,
                bytes));
  }

  private static byte[] encode(Partial state) {
    WireWriter to = WireWriter.ofSize(ZoneRow.STATE_MAX_BYTES);
    return state.encode(to) ? to.toBytes() : new byte[0];
  }

  private void foldAbove(
      Window window, Standing.All queries, Facts facts, Effects out, long nowMillis) {
    int level = 1;
    for (Page.Inner zone : facts.charter().ancestors(facts.self().cell())) {
      long deadline =
          window.endMillis() + window.lengthMillis() + level * (window.lengthMillis() / 4);
      for (Standing query : queries.queries()) {
        foldChildren(zone, window, query, queries, facts, out, nowMillis >= deadline);
      }
      level++;
    }
  }

  private void foldChildren(
      Page.Inner zone,
      Window window,
      Standing query,
      Standing.All queries,
      Facts facts,
      Effects out,
      boolean over) {
    List<ZoneRow> children = new ArrayList<>();
    int expected = 0;
    int content = zone.zone();
    for (Page.Child child : zone.children()) {
      ResultTable.Held held = table.get(window, child.zone(), query.number());
      expected += held == null ? child.expected() : held.row.expected();
      if (held != null) {
        children.add(held.row);
        content = (int) Hash.of(content, child.zone(), held.row.content());
      }
    }
    boolean all = children.size() == zone.children().stream().filter(c -> c.expected() > 0).count();
    if (!all && !over) {
      return;
    }
    long key = Hash.of(zone.zone(), query.number(), window.endMillis());
    Integer before = contents.put(key, content);
    if (before != null && before == content) {
      return;
    }
    silentChildren(zone, window, query, facts, out);
    if (children.isEmpty()) {
      tellSilent(zone.zone(), window, query, expected, facts, out);
      return;
    }
    fold(zone, window, query, children, expected, content)
        .ifPresent(row -> take(row, queries, facts, out));
  }

  private static Optional<ZoneRow> fold(
      Page.Inner zone,
      Window window,
      Standing query,
      List<ZoneRow> children,
      int expected,
      int content) {
    Partial state = query.plan().empty();
    int reported = 0;
    long oldestMillis = 0;
    try {
      for (ZoneRow child : children) {
        Partial part =
            Partial.decode(query.plan(), new WireReader(child.state()), child.reported());
        state = state.merge(part);
        reported += child.reported();
        oldestMillis = Math.max(oldestMillis, child.oldestMillis());
      }
    } catch (MalformedException e) {
      return Optional.empty(); // refused when it came in; a charter change may make it so later
    }
    byte[] bytes = encode(state);
    return bytes.length == 0
        ? Optional.empty()
        : Optional.of(
            ZoneRow.inner(
                zone.zone(),
                window,
                query.number(),
                expected,
                oldestMillis,
                reported,
                content,
                bytes));
  }

  /** Takes a row in and tells the owner if it is new or better. */
  private boolean take(ZoneRow row, Standing.All queries, Facts facts, Effects out) {
    ResultTable.Held before = table.get(row.window(), row.zone(), row.query());
    ZoneRow old = before == null ? null : before.row;
    boolean ownInner = row.contributors() == 0 && isAbove(row.zone(), facts);
    boolean taken = ownInner ? table.replace(row) : table.offer(row);
    if (taken && (old == null || row.reported() > old.reported())) {
      deliver(row, queries, facts, out);
    }
    return taken;
  }

  private static boolean isAbove(int zone, Facts facts) {
    return facts.charter().ancestors(facts.self().cell()).stream().anyMatch(a -> a.zone() == zone);
  }

  // ---- telling the owner

  private void deliver(ZoneRow row, Standing.All queries, Facts facts, Effects out) {
    Standing query = queries.numbered(row.query()).orElse(null);
    String path = facts.charter().path(row.zone()).orElse(null);
    if (query == null || path == null) {
      return;
    }
    try {
      Partial state = Partial.decode(query.plan(), new WireReader(row.state()), row.reported());
      tell(path, row.window(), query, state.results(), row, out);
    } catch (MalformedException e) {
      return;
    }
    if (row.contributors() != 0) {
      attendance.note(row.zone(), row.window(), row.contributors(), facts, out);
    }
  }

  private static void tell(
      String path,
      Window window,
      Standing query,
      SortedMap<String, Double> values,
      ZoneRow row,
      Effects out) {
    SortedMap<String, String> units = new TreeMap<>(query.plan().units());
    units.keySet().retainAll(values.keySet());
    out.deliver(
        new Delivery.Result(
            path,
            query.name(),
            window.startMillis(),
            window.endMillis(),
            values,
            units,
            row.reported(),
            row.expected(),
            row.oldestMillis(),
            row.reported()));
  }

  private void silentChildren(
      Page.Inner zone, Window window, Standing query, Facts facts, Effects out) {
    for (Page.Child child : zone.children()) {
      boolean silent = table.get(window, child.zone(), query.number()) == null;
      if (silent && child.expected() > 0) {
        tellSilent(child.zone(), window, query, child.expected(), facts, out);
        attendance.note(child.zone(), window, 0, facts, out);
      }
    }
  }

  /**
   * A silent zone keeps its place: nobody of so many reported. Absent is never zero, so there are
   * no values.
   */
  private static void tellSilent(
      int zone, Window window, Standing query, int expected, Facts facts, Effects out) {
    Optional<String> path = facts.charter().path(zone);
    if (path.isPresent()) {
      ZoneRow none = ZoneRow.inner(zone, window, query.number(), expected, 0, 0, 0, new byte[0]);
      tell(path.get(), window, query, new TreeMap<>(), none, out);
    }
  }

  /** Tells once a window how long a zone took, beside what the model says. */
  void time(String path, Window window, long predictedMillis, Effects out, long nowMillis) {
    if (timed.getOrDefault(path, 0L) < window.endMillis()) {
      timed.put(path, window.endMillis());
      long observedMillis = nowMillis - window.endMillis();
      out.deliver(new Delivery.Timing(path, window.endMillis(), predictedMillis, observedMillis));
    }
  }

  /** Whether every child of a zone has a row for this window, for all queries. */
  boolean heardAll(Page.Inner zone, Window window, Standing.All queries) {
    for (Page.Child child : zone.children()) {
      for (Standing query : queries.queries()) {
        boolean silent = table.get(window, child.zone(), query.number()) == null;
        if (silent && child.expected() > 0) {
          return false;
        }
      }
    }
    return true;
  }

  // ---- hearing

  boolean hear(
      Event.Section section,
      Standing.All queries,
      Page.Cell cell,
      Facts facts,
      long baseMillis,
      Effects out,
      long nowNanos)
      throws MalformedException {
    WireReader body = section.body();
    long nowMillis = facts.time().millis(nowNanos);
    boolean taken = false;
    while (body.remaining() > 0) {
      if (section.kind() == RESULTS) {
        ZoneRow row = ZoneRow.read(body, nowMillis, baseMillis);
        taken |= heardRow(row, section.frame().link(), queries, cell, facts, out, nowMillis);
      } else {
        heardDigest(body, section.frame().link(), facts, nowMillis, baseMillis);
      }
    }
    return taken;
  }

  private boolean heardRow(
      ZoneRow row,
      LinkView link,
      Standing.All queries,
      Page.Cell cell,
      Facts facts,
      Effects out,
      long nowMillis)
      throws MalformedException {
    Optional<Standing> query = queries.numbered(row.query());
    if (query.isPresent()) {
      Partial.decode(query.get().plan(), new WireReader(row.state()), row.reported());
    }
    long ageMillis = nowMillis - row.window().endMillis();
    boolean counts =
        ageMillis >= 0 && ageMillis <= (Window.LATE_MAX + 1) * row.window().lengthMillis();
    boolean above = isAbove(row.zone(), facts);
    boolean participates = participates(cell, facts);
    boolean beside = participates && isBeside(row.zone(), facts);
    boolean own = row.zone() == cell.zone();
    if (!counts
        || own && row.contributors() == 0
        || !(beside && !above || own || above && !participates)) {
      return false;
    }
    boolean taken = participates ? take(row, queries, facts, out) : table.offer(row);
    ResultTable.Held held = table.get(row.window(), row.zone(), row.query());
    if (held != null && held.row.content() == row.content()) {
      held.known(link.mate(), link.bit(), true);
      held.aired |= link.profile().broadcast();
    }
    return taken;
  }

  private static boolean isBeside(int zone, Facts facts) {
    for (Page.Inner above : facts.charter().ancestors(facts.self().cell())) {
      for (Page.Child child : above.children()) {
        if (child.zone() == zone) {
          return true;
        }
      }
    }
    return false;
  }

  private void heardDigest(
      WireReader body, LinkView link, Facts facts, long nowMillis, long baseMillis)
      throws MalformedException {
    int zone = body.u16();
    Window window = Window.ofCode(body.u8(), nowMillis, baseMillis);
    int query = body.u8();
    WireReader lows = body.slice(body.u8());
    Page.Inner page = facts.charter().inner(zone).orElse(null);
    if (page == null || page.children().size() != lows.remaining()) {
      return; // another version of the charter: its spread will mend that
    }
    for (Page.Child child : page.children()) {
      int low = lows.u8();
      ResultTable.Held held = table.get(window, child.zone(), query);
      if (held != null && link.bit() < 63) {
        held.known(link.mate(), link.bit(), low == low(held.row));
      }
    }
  }

  private static int low(ZoneRow row) {
    return Math.max(1, row.content() & 0xFF);
  }

  // ---- speaking

  Urgency urgency(LinkView link, Page.Cell cell, Facts facts) {
    boolean any = false;
    for (ResultTable.Held held : table.newestFirst()) {
      any |= relevant(held, link, cell, facts);
    }
    boolean up = !link.profile().broadcast() && participant(link, cell, facts);
    if (any) {
      return up ? Urgency.NORMAL : Urgency.IDLE;
    }
    return up && participates(cell, facts) ? Urgency.IDLE : Urgency.NONE;
  }

  private static boolean participant(LinkView link, Page.Cell cell, Facts facts) {
    return !link.mate() || (Ranks.wanting(cell, facts.members()) & 1L << link.bit()) != 0;
  }

  /** Whether this neighbour should get this row from us and may lack it. */
  private boolean relevant(ResultTable.Held held, LinkView link, Page.Cell cell, Facts facts) {
    if (!participates(cell, facts)) {
      return false;
    }
    boolean above = isAbove(held.row.zone(), facts);
    if (link.profile().broadcast()) {
      return above && !held.aired && table.newest(held.row);
    }
    if (held.knownBy(link.mate(), link.bit())) {
      return false;
    }
    if (!participant(link, cell, facts)) {
      return above && table.newest(held.row);
    }
    return concerns(held.row.zone(), link, facts)
        && (!link.mate() || held.row.zone() != cell.zone());
  }

  /**
   * Whether a zone is the child of one that both ends are below, and not the one that the other end
   * sits in.
   */
  private static boolean concerns(int zone, LinkView link, Facts facts) {
    boolean shared = link.mate();
    for (Page.Inner above : facts.charter().ancestors(facts.self().cell())) {
      shared |= above.zone() == link.shared();
      for (Page.Child child : above.children()) {
        if (shared && child.zone() == zone) {
          return link.mate() || child.contactCell() != link.to().cell();
        }
      }
    }
    return false;
  }

  void fill(SectionWriter to, LinkView link, long frameId, Page.Cell cell, Facts facts) {
    if (!participates(cell, facts)) {
      return;
    }
    if (!link.profile().broadcast() && participant(link, cell, facts)) {
      fillDigest(to, link, facts);
    }
    if (to.remaining() == 0) {
      return;
    }
    List<Said> said = new ArrayList<>();
    WireWriter body = to.open(RESULTS);
    for (ResultTable.Held held : table.newestFirst()) {
      if (relevant(held, link, cell, facts)) {
        int mark = body.mark();
        held.row.write(body);
        if (body.overflowed()) {
          body.reset(mark);
        } else {
          said.add(new Said(held, held.row));
        }
      }
    }
    if (to.close()) {
      filled.put(frameId, said);
    }
  }

  private void fillDigest(SectionWriter to, LinkView link, Facts facts) {
    List<Window> windows = table.windows();
    WireWriter body = to.open(DIGEST);
    boolean shared = link.mate();
    for (Page.Inner above : facts.charter().ancestors(facts.self().cell())) {
      shared |= above.zone() == link.shared();
      for (int i = 0; i < Math.min(DIGEST_WINDOWS, windows.size()) && shared; i++) {
        for (int query : table.queries(windows.get(i))) {
          int mark = body.mark();
          body.u16(above.zone()).u8(windows.get(i).code()).u8(query).u8(above.children().size());
          for (Page.Child child : above.children()) {
            ResultTable.Held held = table.get(windows.get(i), child.zone(), query);
            body.u8(held == null ? 0 : low(held.row));
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
      if (one.held().row.equals(one.row())) {
        if (link.profile().broadcast()) {
          one.held().aired = true;
        } else {
          one.held().known(link.mate(), link.bit(), true);
        }
      }
    }
  }

  void forgetWhoKnows() {
    table.forgetWhoKnows();
  }
}
