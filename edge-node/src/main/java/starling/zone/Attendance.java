package starling.zone;

import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Page;
import starling.model.Window;

/**
 * Who contributes in the cells that a gateway serves from afar, told by their results' bitmaps
 * alone: suspect after three windows without a contribution, gone after fifty. The own cell has
 * better eyes: {@code starling.membership}.
 */
final class Attendance {
  private static final int MISSED_SUSPECT = 3;
  private static final int MISSED_GONE = 50;

  private final TreeMap<Integer, Cell> cells = new TreeMap<>();

  private static final class Cell {
    final int[] missed = new int[Member.SLOTS_MAX];
    final Delivery.@Nullable State[] told = new Delivery.@Nullable State[Member.SLOTS_MAX];
    long endMillis;
    long contributors;
  }

  /** A result of a cell came in, or its deadline passed without one ({@code contributors} 0). */
  void note(int zone, Window window, long contributors, Moment at, Effects out) {
    Optional<Page.Cell> page = at.place().charter().cell(zone);
    if (page.isEmpty() || at.place().isOwn(zone)) {
      return;
    }
    Cell cell = cells.computeIfAbsent(zone, _ -> new Cell());
    if (window.endMillis() < cell.endMillis) {
      return;
    }
    boolean next = window.endMillis() > cell.endMillis;
    long before = next ? 0 : cell.contributors;
    cell.endMillis = window.endMillis();
    cell.contributors = before | contributors;
    for (Member member : page.get().members()) {
      if (member.senses()) {
        boolean in = (cell.contributors & 1L << member.slot()) != 0;
        int missed = next ? cell.missed[member.slot()] + 1 : cell.missed[member.slot()];
        cell.missed[member.slot()] = in ? 0 : missed;
        tell(cell, page.get(), member, at, out);
      }
    }
  }

  private static void tell(Cell cell, Page.Cell page, Member member, Moment at, Effects out) {
    int missed = cell.missed[member.slot()];
    Delivery.State told = cell.told[member.slot()];
    Delivery.State state = told;
    if (missed == 0) {
      state = Delivery.State.UP;
    } else if (missed >= MISSED_GONE) {
      state = Delivery.State.GONE;
    } else if (missed >= MISSED_SUSPECT) {
      state = Delivery.State.SUSPECT;
    }
    if (state != null && state != told && (told != null || state == Delivery.State.UP)) {
      cell.told[member.slot()] = state;
      String path = at.place().path(page.zone()) + "/" + member.name();
      out.deliver(new Delivery.NodeState(path, state, 0));
      out.deliver(
          new Delivery.Health(path, at.nowMillis(), state, 0, Optional.empty(), Optional.empty()));
    }
  }
}
