package starling.zone;

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
import starling.model.Hash;
import starling.model.Member;
import starling.model.Window;
import starling.predict.SlotPlan;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * How a cell's members come to have each other's contributions, on the cell's own medium: see
 * {@link BroadcastExchange} and {@link AddressedExchange}. Contributions are said for {@link
 * Window#LATE_MAX} windows more.
 *
 * <pre>
 * kind 0, OWN   window 1 | contribution                                      the sender's own
 * kind 1, ROWS  (window 1 | slot 1 | length 1 | contribution)...             passed on
 * kind 2, HAVE  (window 1 | length 1 | bitmap (length))...                   a missing bit is the request
 * kind 6, PARITY  window 1 | {@link Parity}                                  of some that the sender has
 * </pre>
 */
final class Exchange {
  static final int OWN = 0;
  static final int ROWS = 1;
  static final int HAVE = 2;
  static final int PARITY = 6;

  private final CellWindows windows;
  private final @Nullable BroadcastExchange air;
  private final AddressedExchange inboxes;
  private @Nullable UnderWay<Saying> filled;

  /**
   * The exchange of one node.
   *
   * @param radio its cell's medium, if that is broadcast
   */
  Exchange(CellWindows windows, @Nullable LinkProfile radio) {
    this.windows = windows;
    this.air = radio == null ? null : new BroadcastExchange(radio, windows);
    this.inboxes = new AddressedExchange(windows);
  }

  /** Is told what became of each contribution that came in. */
  interface Contributed {
    void came(Window window, int slot, byte[] row, CellWindow.Added added);
  }

  private BroadcastExchange air() {
    return Objects.requireNonNull(air, "only radio cells go by schedules");
  }

  /** Others do what is to be done from now on. */
  void rerank() {
    windows.changed();
    if (air != null) {
      air.rerank();
    }
  }

  /**
   * When a window is over, its contributions are due, heard of or not.
   *
   * @param anotherQuarter whether another quarter of a window has begun
   */
  void turn(boolean anotherQuarter, Moment at, Effects out) {
    if (anotherQuarter) {
      inboxes.turnQuarter();
    }
    Window last = at.current().plus(-1);
    if (windows.find(last) == null) {
      inboxes.turnWindow(last);
    }
    windows.turn(anotherQuarter, at, out);
  }

  // ---- hearing

  void read(Section section, Moment at, Effects out, Contributed to) throws MalformedException {
    WireReader body = section.body();
    int from = section.frame().header().slot();
    switch (section.kind()) {
      case OWN -> {
        Window window = at.windowOf(body.u8());
        heardRow(window, from, body.bytes(body.remaining()), from, at, out, to);
      }
      case ROWS -> {
        while (body.remaining() > 0) {
          Window window = at.windowOf(body.u8());
          int slot = body.u8();
          heardRow(window, slot, body.bytes(body.u8()), from, at, out, to);
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
      case PARITY -> {
        Window window = at.windowOf(body.u8());
        heardParity(window, Parity.read(body), from, at, out, to);
      }
      default -> {} // a later version's
    }
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

  private void heardRow(
      Window window, int slot, byte[] row, int from, Moment at, Effects out, Contributed to)
      throws MalformedException {
    if (row.length == 0 || row.length > Contribution.BYTES_MAX) {
      throw new MalformedException("a contribution of " + row.length + " bytes");
    }
    boolean sensing = slot < Member.SLOTS_MAX && (at.place().sensing() & 1L << slot) != 0;
    if (sensing && counts(window, at) && from < Member.SLOTS_MAX) {
      CellWindow.Added added = windows.add(window, slot, row, out);
      CellWindow held = windows.hold(window, out);
      if (at.place().broadcast()) {
        air().heardRow(held, slot, from, at);
      } else {
        inboxes.heardRow(held, slot, from);
      }
      to.came(window, slot, row, added);
      if (added == CellWindow.Added.NEW) {
        solve(held, out, to);
      }
    }
  }

  /** Whose clock runs ahead of ours may have closed the window that we are in. */
  private static boolean counts(Window window, Moment at) {
    return at.counts(window) || at.counts(window.plus(-1));
  }

  private void heardParity(
      Window window, Parity parity, int from, Moment at, Effects out, Contributed to) {
    boolean sensing = (parity.slots() & ~at.place().sensing()) == 0;
    if (sensing && counts(window, at) && from < Member.SLOTS_MAX && at.place().broadcast()) {
      CellWindow held = windows.hold(window, out);
      held.parities().add(parity);
      solve(held, out, to);
    }
  }

  /** What parities say that were heard of this window. */
  private void solve(CellWindow held, Effects out, Contributed to) {
    for (Parities.Solved next = held.solve(); next != null; next = held.solve()) {
      CellWindow.Added added = windows.add(held.window, next.slot(), next.row(), out);
      to.came(held.window, next.slot(), next.row(), added);
    }
  }

  private void heardAsk(Window window, int hops, long wanted, Event.Heard frame, Moment at) {
    CellWindow held = windows.find(window);
    boolean member = frame.header().slot() < Member.SLOTS_MAX;
    if (held != null && member && frame.link().profile().broadcast()) {
      air().heardAsk(held, hops, wanted, frame, at);
    }
  }

  private void heardHave(Window window, long bits, Event.Heard frame, Moment at) {
    CellWindow held = windows.find(window);
    if (held == null || frame.header().slot() >= Member.SLOTS_MAX) {
      return;
    }
    if (frame.link().profile().broadcast()) {
      air().heardHave(held, bits, frame, at);
    } else {
      inboxes.heardHave(held, frame.header().slot(), bits, at);
    }
  }

  // ---- speaking

  Urgency urgency(LinkView link, Moment at) {
    CellWindow newest = windows.newest();
    if (newest == null) {
      return Urgency.NONE;
    }
    return link.profile().broadcast()
        ? air().urgency(newest, at)
        : inboxes.urgency(newest, link, at);
  }

  void fill(SectionWriter to, LinkView link, long frameId, Moment at) {
    CellWindow newest = windows.newest();
    if (newest == null) {
      return;
    }
    Saying said = new Saying();
    boolean broadcast = link.profile().broadcast();
    if (broadcast && air().saysOwn(newest, at)) {
      fillOwn(to, newest, at.self(), said);
    }
    if (broadcast ? air().requests(newest, at) : at.participates()) {
      fillHave(to, newest, at, said);
    }
    fillRows(to, link, at, said);
    if (broadcast && said.own != null) {
      fillParity(to, newest, at);
    }
    if (broadcast) {
      air().fill(to, newest, said, at);
    }
    filled = UnderWay.with(frameId, said, filled);
  }

  private static void fillOwn(SectionWriter to, CellWindow window, int self, Saying said) {
    byte[] row = window.row(self);
    if (row != null) {
      to.open(OWN).u8(window.window.code()).bytes(row);
      if (to.close()) {
        said.own = window.window;
      }
    }
  }

  private void fillHave(SectionWriter to, CellWindow newest, Moment at, Saying said) {
    int length = (64 - Long.numberOfLeadingZeros(at.place().sensing() | 1) + 7) / 8;
    WireWriter body = to.open(HAVE);
    for (CellWindow window : windows.all()) {
      boolean says = window.closed && (window == newest || windows.awaited(window, at) != 0);
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

  private void fillRows(SectionWriter to, LinkView link, Moment at, Saying said) {
    boolean broadcast = link.profile().broadcast();
    WireWriter body = to.open(ROWS);
    int rows = 0;
    for (CellWindow window : windows.all()) {
      int first = broadcast ? firstSlot(window, at) : 0;
      long gives = Long.rotateRight(gives(window, link, said, at), first);
      for (long rest = gives; rest != 0; rest &= rest - 1) {
        int slot = (Long.numberOfTrailingZeros(rest) + first) % Member.SLOTS_MAX;
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

  /**
   * Whose row a frame says before all others that it has room for: another one's in each node's, or
   * those who have the same to say would all leave out the same.
   */
  private static int firstSlot(CellWindow window, Moment at) {
    return (int) Hash.of(at.self(), window.window.index()) & Member.SLOTS_MAX - 1;
  }

  private void fillParity(SectionWriter to, CellWindow newest, Moment at) {
    long rows = air().covers(newest, at);
    if (rows != 0) {
      Parity.of(newest, rows).write(to.open(PARITY).u8(newest.window.code()));
      to.close();
    }
  }

  private long gives(CellWindow window, LinkView link, Saying said, Moment at) {
    if (link.profile().broadcast()) {
      return air().gives(window, said, at);
    }
    return window.closed ? inboxes.gives(window, link, at) : 0;
  }

  void sent(LinkView link, long frameId, boolean left) {
    Saying said = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (said == null || !left) {
      return;
    }
    if (link.profile().broadcast()) {
      air().sent(said);
    } else {
      inboxes.sent(link, said);
    }
  }

  /** When this node has promised to say something again, monotonic. */
  long nextAnswerNanos(long nowNanos) {
    return air == null ? Long.MAX_VALUE : air.nextAnswerNanos(nowNanos);
  }

  /** When something more may become due, monotonic. */
  long nextNanos(Moment at) {
    CellWindow newest = windows.newest();
    return newest == null || !at.place().broadcast() ? Long.MAX_VALUE : air().nextNanos(newest, at);
  }
}
