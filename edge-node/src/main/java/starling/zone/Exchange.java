package starling.zone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.model.Member;
import starling.model.Window;
import starling.predict.SlotPlan;
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

  private final TreeMap<Window, CellWindow> windows = new TreeMap<>();
  private final UnderWay<Said> filled = new UnderWay<>();
  private final ByNeighbour asked = new ByNeighbour();

  /** Is told what became of each contribution that came in. */
  interface Contributed {
    void came(Window window, int slot, byte[] row, CellWindow.Added added);
  }

  /** What a frame under way says, to be committed when it has left. */
  private static final class Said {
    @Nullable Window own;
    final Map<Window, Long> rows = new HashMap<>();
    final List<Window> have = new ArrayList<>();
  }

  /** Takes in a contribution. */
  CellWindow.Added add(Window window, int slot, byte[] row) {
    CellWindow held = windows.computeIfAbsent(window, CellWindow::new);
    Requests requests = held.anyRequests();
    if (requests != null) {
      requests.said(1L << slot);
    }
    return held.add(slot, row);
  }

  /** The windows that are over and still count, newest first. */
  List<CellWindow> closed(Moment at) {
    List<CellWindow> closed = new ArrayList<>();
    for (CellWindow window : windows.descendingMap().values()) {
      if (at.counts(window.window)) {
        closed.add(window);
      }
    }
    return closed;
  }

  /**
   * When a window is over, its contributions are due, heard of or not; when nothing of it is
   * missing any more, nobody asks for it.
   */
  void turn(Moment at) {
    windows.computeIfAbsent(at.current().plus(-1), CellWindow::new);
    windows.keySet().removeIf(at::past);
    for (CellWindow window : closed(at)) {
      Requests requests = window.anyRequests();
      if (requests != null && window.missing(at) == 0) {
        requests.satisfied();
      }
    }
  }

  // ---- hearing

  void read(Section section, Moment at, Contributed to) throws MalformedException {
    WireReader body = section.body();
    int from = section.frame().header().slot();
    switch (section.kind()) {
      case OWN ->
          heardRow(at.windowOf(body.u8()), from, body.bytes(body.remaining()), from, at, to);
      case ROWS -> {
        while (body.remaining() > 0) {
          Window window = at.windowOf(body.u8());
          int slot = body.u8();
          heardRow(window, slot, body.bytes(body.u8()), from, at, to);
        }
      }
      case HAVE -> {
        while (body.remaining() > 0) {
          heardHave(at.windowOf(body.u8()), bits(body), section.frame(), at);
        }
      }
      default -> {} // a later version's
    }
  }

  private void heardRow(Window window, int slot, byte[] row, int from, Moment at, Contributed to)
      throws MalformedException {
    if (row.length == 0 || row.length > Contribution.BYTES_MAX) {
      throw new MalformedException("a contribution of " + row.length + " bytes");
    }
    boolean sensing =
        slot < Member.SLOTS_MAX && (at.place().cell().sensingBits() & 1L << slot) != 0;
    // Whose clock runs ahead of ours may have closed the window that we are in.
    boolean counts = at.counts(window) || at.counts(window.plus(-1));
    if (sensing && counts && from < Member.SLOTS_MAX) {
      to.came(window, slot, row, add(window, slot, row));
      windows.computeIfAbsent(window, CellWindow::new).mateHasOne(from, slot);
    }
  }

  private void heardHave(Window window, long bits, Event.Heard frame, Moment at) {
    CellWindow held = windows.get(window);
    int asker = frame.header().slot();
    if (held == null || asker >= Member.SLOTS_MAX) {
      return;
    }
    held.mateHas(asker, bits);
    if (!frame.link().profile().broadcast()) {
      return;
    }
    long answerNanos = answerNanos(frame.link());
    long lacks = held.bits() & ~bits;
    int rank = at.ranks().answerer(asker, frame.header().counter(), at.self());
    if (rank < 0) { // but what nobody else may have is mine to say
      lacks &= at.selfBit();
      rank = Ranks.ANSWERERS;
    }
    if (lacks != 0) {
      held.requests().promise(lacks, at.nowNanos() + (rank + 1) * answerNanos);
    }
    long mine = at.place().cell().sensingBits() & ~held.bits();
    if (held.requests().began() && (mine & bits) == 0) {
      held.requests()
          .asked(SlotPlan.GAP_ANSWERS * answerNanos, at.nowNanos()); // they asked for us too
    }
  }

  private static long answerNanos(LinkView link) {
    return SlotPlan.answerMicros(link.profile().airtime()) * 1000;
  }

  // ---- speaking

  /** When this node's slot after a window begins, monotonic; never for a member that has none. */
  private static long slotNanos(Window window, Moment at) {
    List<Integer> order = at.ranks().speakers(window);
    int rank = order.indexOf(at.self());
    if (rank < 0) {
      return Long.MAX_VALUE;
    }
    long slotMillis = SlotPlan.speakingMillis(window.lengthMillis()) / order.size();
    return at.facts().time().nanosAt(window.endMillis() + rank * slotMillis);
  }

  private static boolean speaksOwn(CellWindow window, Moment at) {
    return window.has(at.self()) && !window.saidOwn;
  }

  private static boolean saysHave(CellWindow window, Moment at) {
    return at.participates() && !window.saidHave;
  }

  private static boolean inSlot(CellWindow newest, Moment at) {
    return (speaksOwn(newest, at) || saysHave(newest, at))
        && at.nowNanos() >= slotNanos(newest.window, at);
  }

  private static boolean asks(CellWindow window, Moment at) {
    Requests requests = window.anyRequests();
    return requests != null
        && at.participates()
        && requests.asks(at.nowNanos())
        && window.missing(at) != 0;
  }

  private static boolean answers(CellWindow window, Moment at) {
    Requests requests = window.anyRequests();
    return requests != null && requests.due(at.nowNanos());
  }

  Urgency urgency(LinkView link, Moment at) {
    List<CellWindow> closed = closed(at);
    if (closed.isEmpty()) {
      return Urgency.NONE;
    }
    CellWindow newest = closed.getFirst();
    if (link.profile().broadcast()) {
      boolean speaks =
          inSlot(newest, at)
              || closed.stream().anyMatch(window -> answers(window, at) || asks(window, at));
      return speaks ? Urgency.NORMAL : Urgency.NONE;
    }
    boolean news = closed.stream().anyMatch(window -> unknown(window, link, at) != 0);
    return news || asksMate(newest, link, at) ? Urgency.NORMAL : Urgency.IDLE;
  }

  /** On an addressed link: the contributions that this mate should get from us and may lack. */
  private static long unknown(CellWindow window, LinkView link, Moment at) {
    if (!at.ranks().wants(link.bit())) {
      return 0;
    }
    long give = at.participates() ? window.bits() : window.bits() & at.selfBit();
    long unknown = 0;
    for (int slot = 0; slot < Member.SLOTS_MAX && give != 0; slot++) {
      boolean lacks = slot != link.bit() && !window.knownBy(link.bit(), slot);
      unknown |= (give & 1L << slot) != 0 && lacks ? 1L << slot : 0;
    }
    return unknown;
  }

  /** Whether a mate's own contribution has been missing for so long that it should be asked. */
  private boolean asksMate(CellWindow window, LinkView link, Moment at) {
    long patienceNanos = window.window.lengthMillis() * 1_000_000 / 4;
    long endNanos = at.facts().time().nanosAt(window.window.endMillis());
    int last = asked.get(link);
    return at.participates()
        && (window.missing(at) & 1L << link.bit()) != 0
        && at.nowNanos() - endNanos > patienceNanos
        && (last == 0 || ByNeighbour.sinceNanos(last, at.nowNanos()) >= patienceNanos);
  }

  void fill(SectionWriter to, LinkView link, long frameId, Moment at) {
    List<CellWindow> closed = closed(at);
    if (closed.isEmpty()) {
      return;
    }
    Said said = new Said();
    CellWindow newest = closed.getFirst();
    if (link.profile().broadcast() && speaksOwn(newest, at) && inSlot(newest, at)) {
      fillOwn(to, newest, at.self(), said);
    }
    if (at.participates()) {
      fillHave(to, closed, at, said);
    }
    fillRows(to, closed, link, at, said);
    filled.put(frameId, said);
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

  private static void fillHave(SectionWriter to, List<CellWindow> closed, Moment at, Said said) {
    int length = (64 - Long.numberOfLeadingZeros(at.place().cell().sensingBits() | 1) + 7) / 8;
    WireWriter body = to.open(HAVE);
    for (CellWindow window : closed) {
      boolean newest = window == closed.getFirst();
      if ((newest || window.missing(at) != 0) && body.remaining() >= 2 + length) {
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
      SectionWriter to, List<CellWindow> closed, LinkView link, Moment at, Said said) {
    boolean broadcast = link.profile().broadcast();
    WireWriter body = to.open(ROWS);
    int rows = 0;
    for (CellWindow window : closed) {
      long give =
          broadcast ? window.requests().promised() & window.bits() : unknown(window, link, at);
      for (int slot = 0; slot < Member.SLOTS_MAX && give != 0; slot++) {
        byte[] row = (give & 1L << slot) != 0 ? window.row(slot) : null;
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

  void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Said said = filled.remove(frameId);
    if (said == null || !left) {
      return;
    }
    if (!link.profile().broadcast()) {
      said.rows.forEach((window, slots) -> mateHasAll(window, link.bit(), slots));
      if (!said.have.isEmpty()) {
        asked.set(link, ByNeighbour.ticks(nowNanos));
      }
      return;
    }
    for (CellWindow window : windows.values()) {
      window.saidOwn |= window.window.equals(said.own);
      window.requests().said(said.rows.getOrDefault(window.window, 0L));
      if (said.have.contains(window.window)) {
        window.saidHave = true;
        window.requests().asked(SlotPlan.GAP_ANSWERS * answerNanos(link), nowNanos);
      }
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

  /** When this node has asked or promised to say something again, monotonic. */
  long nextRequestNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (CellWindow window : windows.values()) {
      Requests requests = window.anyRequests();
      next = requests == null ? next : Math.min(next, requests.nextNanos(nowNanos));
    }
    return next;
  }

  /** When something more may become due, monotonic. */
  long nextNanos(Moment at) {
    List<CellWindow> closed = closed(at);
    if (closed.isEmpty()) {
      return Long.MAX_VALUE;
    }
    CellWindow newest = closed.getFirst();
    if (!at.place().broadcast()) {
      long patienceMillis = newest.window.lengthMillis() / 4 + 1;
      return at.facts().time().nanosAt(newest.window.endMillis() + patienceMillis);
    }
    boolean speaks = speaksOwn(newest, at) || saysHave(newest, at);
    long slotNanos = speaks ? slotNanos(newest.window, at) : Long.MAX_VALUE;
    long askNanos = nextRequestNanos(at.nowNanos());
    return slotNanos > at.nowNanos() ? Math.min(slotNanos, askNanos) : askNanos;
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
