package starling.zone;

import starling.engine.LinkView;
import starling.engine.Protocol.Urgency;
import starling.model.Window;

/**
 * How contributions pass between mates on an addressed medium: each gives its own to those who want
 * it, and these exchange what they have, and ask who gave nothing in time.
 */
final class AddressedExchange {
  private final CellWindows windows;
  private long asked; // the mates that heard what is here in this quarter of a window
  private long collecting; // the mates that said lately what they have, and so what they want

  // Which mates lack something that this node should give them, as far as that was looked at since
  // something changed: the question comes up for each neighbour at each event.
  private int judgedAt;
  private long judged;
  private long lacking;

  AddressedExchange(CellWindows windows) {
    this.windows = windows;
  }

  /** Another quarter of a window has begun: whoever is missing may be asked again. */
  void turnQuarter() {
    asked = 0;
  }

  /** Another window is over. */
  void turnWindow(Window window) {
    if (window.index() % Window.LATE_MAX == 0) {
      collecting = 0;
    }
  }

  /** A mate said a contribution. */
  void heardRow(CellWindow window, int slot, int from) {
    window.mateHasToo(from, 1L << slot);
    windows.changed();
  }

  /** A mate said what it has, and so that it wants the rest. */
  void heardHave(CellWindow window, int asker, long bits, Moment at) {
    window.mateHas(asker, at.participates() ? bits : bits & at.selfBit()); // who else gives more?
    collecting |= 1L << asker;
    windows.changed();
  }

  Urgency urgency(CellWindow newest, LinkView link, Moment at) {
    if (lacks(link, at)) {
      return Urgency.PRESSING; // the results of all zones above wait for it
    }
    return asks(newest, link, at) ? Urgency.NORMAL : Urgency.IDLE;
  }

  /** Whether this mate should get something from us that it may lack. */
  private boolean lacks(LinkView link, Moment at) {
    if (judgedAt != windows.changes()) {
      judgedAt = windows.changes();
      judged = 0;
      lacking = 0;
    }
    long mate = 1L << link.bit();
    if ((judged & mate) == 0) {
      judged |= mate;
      for (CellWindow window : windows.all()) {
        lacking |= window.closed && gives(window, link, at) != 0 ? mate : 0;
      }
    }
    return (lacking & mate) != 0;
  }

  /**
   * The contributions that this mate should get from us and may lack. Who collects although we
   * would not have it do so, for we don't know the same, gets ours at least.
   */
  long gives(CellWindow window, LinkView link, Moment at) {
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
  private boolean asks(CellWindow window, LinkView link, Moment at) {
    long bit = 1L << link.bit();
    if (!at.participates() || (window.missing(at) & ~asked & bit) == 0) {
      return false;
    }
    long quarters = (at.nowMillis() - window.window.endMillis()) * 4 / window.window.lengthMillis();
    CellWindow before = windows.find(window.window.plus(-1));
    boolean again = before != null && (before.missing(at) & bit) != 0;
    return again ? quarters == 2 : quarters >= 1;
  }

  /** A frame has left. */
  void sent(LinkView link, Saying said) {
    windows.changed();
    said.rows.forEach((window, slots) -> {
      CellWindow held = windows.find(window);
      if (held != null) {
        held.mateHasToo(link.bit(), slots);
      }
    });
    if (!said.have.isEmpty()) {
      asked |= 1L << link.bit();
    }
  }
}
