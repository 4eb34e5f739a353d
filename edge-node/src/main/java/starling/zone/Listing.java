package starling.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.RowSource;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Page;
import starling.model.Window;
import starling.query.Cost;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What is inside a zone, for those elsewhere who ask: they hold no page of it, so names are said as
 * well.
 *
 * <pre>
 * kind 0, an inner zone   omitted v | children v (name t)... |
 *                         for each query: query 1 | pace 1 | window index v |
 *                             for each child: reported v | expected v | none if nobody reported: oldest v (0.1 s) | state length v | state
 * kind 1, a cell          pace 1 | window index v | members v (name t | windows ago v | none if 0: length 1 | contribution)...
 * kind 2, 3               level v | names v (name t)...     there is no such zone in this inner zone (2), in this cell (3)
 * </pre>
 *
 * <p>Windows ago count from 1 for the window that is named; 0 for a member of which nothing is
 * remembered. The level is that of the zone which has these names, 1 for the root.
 */
final class Listing {
  private static final int ZONES = 0;
  private static final int NODES = 1;
  private static final int NO_ZONE = 2;
  private static final int NO_ZONE_IN_CELL = 3;

  private static final long AGE_UNIT_MILLIS = 100;
  private static final int CHILDREN_MAX = 64;
  private static final int NAME_MAX_BYTES = 32;
  private static final int NODES_MAX = 1 << 24;

  /** No window has settled yet. */
  private static final byte[] NO_ROWS = {ZONES, 0, 0};

  private Listing() {}

  // ---- saying

  /** The rows of an inner zone's children. */
  static byte[] zones(Page.Inner zone, int query, ResultTable table, Moment at) {
    List<WireWriter> parts = new ArrayList<>();
    WireWriter names = WireWriter.ofSize(RowSource.LISTING_MAX_BYTES);
    names.varint(zone.children().size());
    zone.children().forEach(child -> names.text(child.name()));
    int bytes = names.length() + 2;
    int omitted = 0;
    for (Standing standing : at.place().queries().queries()) {
      Window window = newest(zone.zone(), standing.number(), table);
      if (window != null && (query == RowSource.ALL || query == standing.number())) {
        WireWriter part = WireWriter.ofSize(RowSource.LISTING_MAX_BYTES);
        part.u8(standing.number()).u8(window.pace()).varint(window.index());
        zone.children().forEach(child -> row(child, window, standing.number(), table, at, part));
        boolean fits = bytes + part.length() <= RowSource.LISTING_MAX_BYTES;
        omitted += fits ? 0 : 1;
        bytes += fits ? part.length() : 0;
        if (fits) {
          parts.add(part);
        }
      }
    }
    WireWriter to = WireWriter.ofSize(bytes);
    to.u8(ZONES).varint(omitted).bytes(names.toBytes());
    parts.forEach(part -> to.bytes(part.toBytes()));
    return to.toBytes();
  }

  /** The newest window of which a zone's row was folded: all its children are in, or overdue. */
  private static @Nullable Window newest(int zone, int query, ResultTable table) {
    for (int place = 0; place < table.size(); place++) {
      if (table.row(place).zone() == zone && table.row(place).query() == query) {
        return table.row(place).window();
      }
    }
    return null;
  }

  private static void row(
      Page.Child child, Window window, int query, ResultTable table, Moment at, WireWriter to) {
    ZoneRow row = Summaries.within(window, child.zone(), query, table);
    if (row == null) {
      to.varint(0).varint(at.expected(child.zone(), window, 0));
      return;
    }
    to.varint(row.reported()).varint(row.expected()).varint(row.oldestMillis() / AGE_UNIT_MILLIS);
    to.varint(row.state().length).bytes(row.state());
  }

  /** What a cell's members said last. */
  static byte[] nodes(List<CellWindow> closed, Moment at) {
    int first = 0;
    while (first < closed.size() && !settled(closed.get(first), at)) {
      first++;
    }
    if (first == closed.size()) {
      return NO_ROWS;
    }
    List<CellWindow> settled = closed.subList(first, closed.size());
    Window newest = settled.getFirst().window;
    List<Member> members = at.place().cell().members().stream().filter(Member::senses).toList();
    WireWriter to = WireWriter.ofSize(RowSource.LISTING_MAX_BYTES);
    to.u8(NODES).u8(newest.pace()).varint(newest.index()).varint(members.size());
    for (Member member : members) {
      to.text(member.name());
      last(member.slot(), newest, settled, to);
    }
    return to.toBytes();
  }

  private static boolean settled(CellWindow window, Moment at) {
    boolean over = at.nowMillis() >= window.window.endMillis() + window.window.lengthMillis();
    return window.bits() != 0 && (over || window.missing(at) == 0);
  }

  private static void last(int slot, Window newest, List<CellWindow> settled, WireWriter to) {
    for (CellWindow window : settled) {
      byte[] row = window.row(slot);
      if (row != null && window.window.pace() == newest.pace()) {
        to.varint(newest.index() - window.window.index() + 1).u8(row.length).bytes(row);
        return;
      }
    }
    to.varint(0);
  }

  /** What there is in a zone of this charter. */
  static byte[] names(int zone, Charter charter) {
    List<String> names = new ArrayList<>();
    charter.inner(zone).ifPresent(page -> page.children().forEach(one -> names.add(one.name())));
    charter.cell(zone).ifPresent(page -> page.members().forEach(one -> names.add(one.name())));
    WireWriter to = WireWriter.ofSize(RowSource.LISTING_MAX_BYTES);
    to.u8(charter.cell(zone).isPresent() ? NO_ZONE_IN_CELL : NO_ZONE);
    to.varint(charter.ancestors(zone).size() + 1).varint(names.size());
    names.forEach(to::text);
    return to.toBytes();
  }

  // ---- reading

  /** What a listing says, for the owner. */
  static Delivery.Inquired read(byte[] listing, long id, String path, Place place)
      throws MalformedException {
    WireReader from = new WireReader(listing);
    int kind = from.u8();
    return switch (kind) {
      case ZONES -> readZones(from, id, path, place);
      case NODES -> readNodes(from, id, path, place);
      case NO_ZONE, NO_ZONE_IN_CELL -> {
        int level = from.varint(Charter.DEPTH_MAX);
        List<String> names = readNames(from);
        from.end();
        String fault = Missing.fault(path, level, names, kind == NO_ZONE_IN_CELL);
        yield Delivery.Inquired.failed(id, path, Delivery.Outcome.UNKNOWN, fault);
      }
      default -> throw new MalformedException("a listing of kind " + kind);
    };
  }

  private static List<String> readNames(WireReader from) throws MalformedException {
    List<String> names = new ArrayList<>();
    for (int left = from.varint(CHILDREN_MAX); left > 0; left--) {
      names.add(from.text(NAME_MAX_BYTES));
    }
    return names;
  }

  private static Delivery.Inquired readZones(WireReader from, long id, String path, Place place)
      throws MalformedException {
    int omitted = from.varint(Page.QUERIES_MAX);
    List<String> names = readNames(from);
    List<Delivery.Result> rows = new ArrayList<>();
    while (from.remaining() > 0) {
      Optional<Standing> query = place.queries().numbered(from.u8());
      Window window = readWindow(from, place);
      for (String name : names) {
        readRow(from, window, query, path + "/" + name, place).ifPresent(rows::add);
      }
    }
    if (rows.isEmpty() && omitted == 0) {
      String fault = "no window of " + path + " has settled yet: ask again in a few windows";
      return Delivery.Inquired.failed(id, path, Delivery.Outcome.UNREADY, fault);
    }
    return new Delivery.Inquired(id, path, Delivery.Outcome.ROWS, "", 0, rows, List.of(), omitted);
  }

  private static Window readWindow(WireReader from, Place place) throws MalformedException {
    int pace = from.u8();
    long index = from.varint();
    if (pace > Window.PACE_MAX || index < 0 || index > Window.INDEX_MAX) {
      throw new MalformedException("no such window");
    }
    return new Window(index, pace, place.windowMillis());
  }

  private static Optional<Delivery.Result> readRow(
      WireReader from, Window window, Optional<Standing> query, String path, Place place)
      throws MalformedException {
    int reported = from.varint(NODES_MAX);
    int expected = from.varint(NODES_MAX);
    long oldestMillis = reported == 0 ? 0 : from.varint(NODES_MAX) * AGE_UNIT_MILLIS;
    byte[] state = reported == 0 ? new byte[0] : from.bytes(from.varint(Cost.STATE_MAX_BYTES));
    if (query.isEmpty()) {
      return Optional.empty(); // of another version of the charter
    }
    Standing standing = query.get();
    ZoneRow row =
        ZoneRow.inner(0, window, standing.number(), expected, oldestMillis, reported, 0, state);
    return Optional.of(
        Report.result(
            row,
            standing,
            reported == 0 ? new TreeMap<>() : row.decode(standing.plan()).answers(place.labels()),
            path));
  }

  private static Delivery.Inquired readNodes(WireReader from, long id, String path, Place place)
      throws MalformedException {
    Window newest = readWindow(from, place);
    List<Delivery.Latest> nodes = new ArrayList<>();
    for (int left = from.varint(Member.SLOTS_MAX); left > 0; left--) {
      String node = path + "/" + from.text(NAME_MAX_BYTES);
      int ago = from.varint(2 * Window.LATE_MAX) - 1;
      long endMillis = newest.endMillis() - ago * newest.lengthMillis();
      byte[] row = ago < 0 ? new byte[0] : from.bytes(from.u8());
      nodes.add(
          Report.latest(node, endMillis, row, place.charter())
              .orElse(new Delivery.Latest(node, 0, new TreeMap<>(), new TreeMap<>())));
    }
    from.end();
    return new Delivery.Inquired(
        id, path, Delivery.Outcome.ROWS, "", newest.endMillis(), List.of(), nodes, 0);
  }
}
