package starling.zone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.SectionWriter;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Page;
import starling.model.Window;
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

  private static final int ANSWER_BYTES = 120;
  private static final long ANSWER_MARGIN_NANOS = 50_000_000L;
  private static final int ROWS_MAX = 8;

  private final TreeMap<Window, CellWindow> windows = new TreeMap<>();
  private final Requests requests = new Requests();
  private final Map<Long, Said> filled = new HashMap<>();
  private final Map<Integer, Long> askedNanos = new HashMap<>();
  private final TreeMap<Window, Aired> aired = new TreeMap<>();

  /** What a frame under way says, to be committed when it has left. */
  private static final class Said {
    @Nullable Window own;
    final Map<Window, Long> rows = new HashMap<>();
    final List<Window> have = new ArrayList<>();
  }

  /** What this node has said of a window on the broadcast medium. */
  private static final class Aired {
    boolean own;
    boolean have;
  }

  /** Takes in a contribution; answers whether it is new. */
  boolean add(Window window, int slot, byte[] row) {
    boolean fresh = windows.computeIfAbsent(window, CellWindow::new).add(slot, row);
    requests.said(window, 1L << slot);
    return fresh;
  }

  /** The windows that are over and still count, newest first. */
  List<CellWindow> closed(long nowMillis) {
    List<CellWindow> closed = new ArrayList<>();
    for (CellWindow window : windows.descendingMap().values()) {
      long ageMillis = nowMillis - window.window.endMillis();
      if (ageMillis >= 0 && ageMillis <= (Window.LATE_MAX + 1) * window.window.lengthMillis()) {
        closed.add(window);
      }
    }
    return closed;
  }

  /** A window is over: from now on its contributions are due, heard of or not. */
  void turn(Facts facts, long baseMillis, long nowMillis) {
    Window last = Window.at(nowMillis, facts.pace().exponent(), baseMillis).plus(-1);
    windows.computeIfAbsent(last, CellWindow::new);
    long oldest = nowMillis - (Window.LATE_MAX + 2) * last.lengthMillis();
    windows.headMap(Window.at(Math.max(0, oldest), 0, baseMillis)).clear();
    aired.headMap(Window.at(Math.max(0, oldest), 0, baseMillis)).clear();
    requests.dropBefore(oldest);
  }

  /** A roster changed: what slots that changed hands said is no longer theirs. */
  void forgetSlots(long slots) {
    for (CellWindow window : windows.values()) {
      for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
        if ((slots & 1L << slot) != 0) {
          window.forget(slot);
        }
      }
    }
  }

  /** The contribution of a slot, if held. */
  byte @Nullable [] row(Window window, int slot) {
    CellWindow held = windows.get(window);
    return held == null ? null : held.row(slot);
  }

  /** Stops asking for windows of which nothing is missing any more. */
  void settle(List<CellWindow> closed, Page.Cell cell, Facts facts) {
    for (CellWindow window : closed) {
      if (missing(window, cell, facts) == 0) {
        requests.satisfied(window.window);
      }
    }
  }

  // ---- hearing

  /** Reads a section of this exchange; answers the slots whose contributions are new, by window. */
  Map<Window, Long> hear(
      Event.Section section, Page.Cell cell, Facts facts, long baseMillis, long nowNanos)
      throws MalformedException {
    WireReader body = section.body();
    long nowMillis = facts.time().millis(nowNanos);
    int from = section.frame().header().slot();
    Map<Window, Long> fresh = new HashMap<>();
    switch (section.kind()) {
      case OWN -> {
        Window window = Window.ofCode(body.u8(), nowMillis, baseMillis);
        heardRow(window, from, body.bytes(body.remaining()), from, cell, nowMillis, fresh);
      }
      case ROWS -> {
        while (body.remaining() > 0) {
          Window window = Window.ofCode(body.u8(), nowMillis, baseMillis);
          int slot = body.u8();
          byte[] row = body.bytes(body.u8());
          heardRow(window, slot, row, from, cell, nowMillis, fresh);
        }
      }
      case HAVE -> {
        while (body.remaining() > 0) {
          Window window = Window.ofCode(body.u8(), nowMillis, baseMillis);
          heardHave(window, bits(body), section.frame(), cell, facts, nowNanos);
        }
      }
      default -> {}
    }
    return fresh;
  }

  private void heardRow(
      Window window,
      int slot,
      byte[] row,
      int from,
      Page.Cell cell,
      long nowMillis,
      Map<Window, Long> fresh)
      throws MalformedException {
    if (row.length == 0 || row.length > Contribution.BYTES_MAX) {
      throw new MalformedException("a contribution of " + row.length + " bytes");
    }
    boolean sensing = slot < Member.SLOTS_MAX && (cell.sensingBits() & 1L << slot) != 0;
    long ageMillis = nowMillis - window.endMillis();
    boolean counts =
        ageMillis <= (Window.LATE_MAX + 1) * window.lengthMillis()
            && ageMillis >= -window.lengthMillis();
    if (sensing && counts) {
      if (add(window, slot, row)) {
        fresh.merge(window, 1L << slot, (a, b) -> a | b);
      }
      windows.computeIfAbsent(window, CellWindow::new).mateHasOne(from & 63, slot);
    }
  }

  private void heardHave(
      Window window, long bits, Event.Heard frame, Page.Cell cell, Facts facts, long nowNanos) {
    CellWindow held = windows.get(window);
    if (held == null) {
      return;
    }
    int asker = frame.header().slot() & 63;
    held.mateHas(asker, bits);
    if (!frame.link().profile().broadcast()) {
      return;
    }
    long lacks = held.bits() & ~bits;
    long answerNanos = answerNanos(frame.link());
    if (lacks != 0) {
      int rank =
          Ranks.answerer(
              cell, facts.members(), asker, frame.header().counter(), facts.self().slot());
      if (rank >= 0) {
        requests.promise(window, lacks, nowNanos + (rank + 1) * answerNanos);
      }
    }
    long mine = cell.sensingBits() & ~held.bits();
    if (requests.began(window) && (mine & bits) == 0) {
      requests.asked(window, 4 * answerNanos, nowNanos); // they asked for us too
    }
  }

  private static long answerNanos(LinkView link) {
    return link.profile().airtime().micros(ANSWER_BYTES) * 1000 + ANSWER_MARGIN_NANOS;
  }

  // ---- speaking

  /** When this node's slot after a window begins, monotonic; never for a member that has none. */
  private long slotNanos(Window window, Page.Cell cell, Facts facts) {
    List<Integer> order = Ranks.speakers(cell, facts.members(), window);
    int rank = order.indexOf(facts.self().slot());
    if (rank < 0) {
      return Long.MAX_VALUE;
    }
    long slotMillis = window.lengthMillis() / 2 / order.size();
    return facts.time().nanosAt(window.endMillis() + rank * slotMillis);
  }

  private static boolean wants(Page.Cell cell, Facts facts, int slot) {
    return (Ranks.wanting(cell, facts.members()) & 1L << slot) != 0;
  }

  /** Contributions of present members that are still missing. */
  static long missing(CellWindow window, Page.Cell cell, Facts facts) {
    return cell.sensingBits() & ~window.bits() & ~facts.members().suspect();
  }

  private boolean speaksOwn(CellWindow window, Facts facts) {
    Aired said = aired.get(window.window);
    return window.has(facts.self().slot()) && (said == null || !said.own);
  }

  private boolean saysHave(CellWindow window, Page.Cell cell, Facts facts) {
    Aired said = aired.get(window.window);
    return wants(cell, facts, facts.self().slot()) && (said == null || !said.have);
  }

  Urgency urgency(LinkView link, Page.Cell cell, Facts facts, long nowNanos) {
    long nowMillis = facts.time().millis(nowNanos);
    List<CellWindow> closed = closed(nowMillis);
    if (!link.mate() || closed.isEmpty()) {
      return Urgency.NONE;
    }
    if (link.profile().broadcast()) {
      CellWindow newest = closed.getFirst();
      boolean slot =
          (speaksOwn(newest, facts) || saysHave(newest, cell, facts))
              && nowNanos >= slotNanos(newest.window, cell, facts);
      boolean asks = closed.stream().anyMatch(w -> asks(w, cell, facts, nowNanos));
      return slot || asks || requests.anyDue(nowNanos) ? Urgency.NORMAL : Urgency.NONE;
    }
    boolean news = closed.stream().anyMatch(w -> unknown(w, link, cell, facts) != 0);
    if (news || asksMate(closed.getFirst(), link, cell, facts, nowNanos)) {
      return Urgency.NORMAL;
    }
    return Urgency.IDLE;
  }

  private boolean asks(CellWindow window, Page.Cell cell, Facts facts, long nowNanos) {
    return requests.asks(window.window, nowNanos)
        && missing(window, cell, facts) != 0
        && wants(cell, facts, facts.self().slot());
  }

  /** On an addressed link: the contributions that this mate should get from us and may lack. */
  private static long unknown(CellWindow window, LinkView link, Page.Cell cell, Facts facts) {
    long wanting = Ranks.wanting(cell, facts.members());
    if ((wanting & 1L << link.bit()) == 0) {
      return 0;
    }
    int self = facts.self().slot();
    long give = (wanting & 1L << self) != 0 ? window.bits() : window.bits() & 1L << self;
    long unknown = 0;
    for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
      boolean fresh = slot != link.bit() && !window.knownBy(link.bit(), slot);
      unknown |= (give & 1L << slot) != 0 && fresh ? 1L << slot : 0;
    }
    return unknown;
  }

  private boolean asksMate(
      CellWindow window, LinkView link, Page.Cell cell, Facts facts, long nowNanos) {
    long lengthNanos = window.window.lengthMillis() * 1_000_000;
    long sinceEnd = nowNanos - facts.time().nanosAt(window.window.endMillis());
    long last = askedNanos.getOrDefault(link.bit(), nowNanos - lengthNanos);
    return wants(cell, facts, facts.self().slot())
        && (missing(window, cell, facts) & 1L << link.bit()) != 0
        && sinceEnd > lengthNanos / 4
        && nowNanos - last >= lengthNanos / 4;
  }

  void fill(
      SectionWriter to, LinkView link, long frameId, Page.Cell cell, Facts facts, long nowNanos) {
    List<CellWindow> closed = closed(facts.time().millis(nowNanos));
    if (!link.mate() || closed.isEmpty()) {
      return;
    }
    Said said = new Said();
    if (link.profile().broadcast()) {
      CellWindow newest = closed.getFirst();
      if (speaksOwn(newest, facts) && nowNanos >= slotNanos(newest.window, cell, facts)) {
        fillOwn(to, newest, facts.self().slot(), said);
      }
    }
    if (wants(cell, facts, facts.self().slot())) {
      fillHave(to, closed, cell, facts, said);
    }
    fillRows(to, closed, link, cell, facts, said);
    filled.put(frameId, said);
  }

  private static void fillOwn(SectionWriter to, CellWindow window, int self, Said said) {
    byte[] row = window.row(self);
    if (row != null && to.remaining() >= 1 + row.length) {
      to.open(OWN).u8(window.window.code()).bytes(row);
      if (to.close()) {
        said.own = window.window;
      }
    }
  }

  private static void fillHave(
      SectionWriter to, List<CellWindow> closed, Page.Cell cell, Facts facts, Said said) {
    int length = (64 - Long.numberOfLeadingZeros(cell.sensingBits() | 1) + 7) / 8;
    if (to.remaining() < 2 + length) {
      return;
    }
    WireWriter body = to.open(HAVE);
    for (CellWindow window : closed) {
      boolean newest = window == closed.getFirst();
      if ((newest || missing(window, cell, facts) != 0) && body.remaining() >= 2 + length) {
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

  private void fillRows(
      SectionWriter to,
      List<CellWindow> closed,
      LinkView link,
      Page.Cell cell,
      Facts facts,
      Said said) {
    if (to.remaining() < 4) {
      return;
    }
    WireWriter body = to.open(ROWS);
    int rows = 0;
    for (CellWindow window : closed) {
      long give =
          link.profile().broadcast()
              ? requests.promised(window.window) & window.bits()
              : unknown(window, link, cell, facts);
      for (int slot = 0; slot < Member.SLOTS_MAX && give != 0; slot++) {
        byte[] row = (give & 1L << slot) != 0 ? window.row(slot) : null;
        if (row != null && rows < limit(link) && body.remaining() >= 3 + row.length) {
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

  private static int limit(LinkView link) {
    return link.profile().broadcast() ? ROWS_MAX : Member.SLOTS_MAX;
  }

  void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Said said = filled.remove(frameId);
    if (said == null || !left) {
      return;
    }
    if (!link.profile().broadcast()) {
      said.rows.forEach((window, slots) -> mateHasAll(window, link.bit(), slots));
      if (!said.have.isEmpty()) {
        askedNanos.put(link.bit(), nowNanos);
      }
      return;
    }
    if (said.own != null) {
      aired.computeIfAbsent(said.own, _ -> new Aired()).own = true;
    }
    said.rows.forEach(requests::said);
    for (Window window : said.have) {
      aired.computeIfAbsent(window, _ -> new Aired()).have = true;
      requests.asked(window, 4 * answerNanos(link), nowNanos);
    }
  }

  private void mateHasAll(Window window, int mate, long slots) {
    CellWindow held = windows.get(window);
    for (int slot = 0; slot < Member.SLOTS_MAX && held != null; slot++) {
      if ((slots & 1L << slot) != 0) {
        held.mateHasOne(mate, slot);
      }
    }
  }

  /** When something may become due, monotonic. */
  long nextNanos(Page.Cell cell, Facts facts, boolean broadcast, long nowNanos) {
    List<CellWindow> closed = closed(facts.time().millis(nowNanos));
    if (closed.isEmpty()) {
      return Long.MAX_VALUE;
    }
    CellWindow newest = closed.getFirst();
    if (!broadcast) {
      return facts.time().nanosAt(newest.window.endMillis() + newest.window.lengthMillis() / 4);
    }
    boolean speaks = speaksOwn(newest, facts) || saysHave(newest, cell, facts);
    return Math.min(
        requests.nextNanos(), speaks ? slotNanos(newest.window, cell, facts) : Long.MAX_VALUE);
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
