package starling.zone;

import java.util.ArrayList;
import java.util.List;
import starling.model.Page;
import starling.model.Ring;

/**
 * One of the zones above a cell, and the zones below it that can be reached: their representatives
 * have each other's rows.
 *
 * @param ring the children with contacts, in the charter's order
 * @param own the place in it of the one that the cell is in; -1 if nobody can reach that
 * @param served whether the cell is an entrance of that one: then its representatives exchange rows
 *     here and fold the zone, else they are told what it amounts to
 */
record Level(Page.Inner zone, List<Page.Child> ring, int own, boolean served) {

  /** The levels above a cell, its parent's first. */
  static List<Level> of(int cell, List<Page.Inner> above) {
    List<Level> levels = new ArrayList<>();
    int below = cell;
    for (Page.Inner zone : above) {
      List<Page.Child> ring = zone.reachable();
      int own = place(below, ring);
      boolean served = below == cell || own >= 0 && ring.get(own).enteredBy(cell);
      levels.add(new Level(zone, ring, own, served));
      below = zone.zone();
    }
    return List.copyOf(levels);
  }

  private static int place(int zone, List<Page.Child> ring) {
    for (int place = 0; place < ring.size(); place++) {
      if (ring.get(place).zone() == zone) {
        return place;
      }
    }
    return -1;
  }

  /** What the ways of rows follow from: the zone, the places in its ring, and who serves it. */
  List<Integer> ways() {
    List<Integer> ways = new ArrayList<>(List.of(zone.zone(), own, served ? 1 : 0));
    ring.forEach(child -> ways.add(child.zone()));
    return ways;
  }

  /** The zones with which this cell's representatives exchange rows. */
  List<Page.Child> beside() {
    return served && own >= 0
        ? Ring.neighbours(ring.size(), own).stream().map(ring::get).toList()
        : List.of();
  }

  /** The place of a child, by its id; -1 if it is none. */
  int place(int child) {
    return place(child, ring);
  }

  /** The place of the child that is entered by a cell; -1 if none is. */
  int enteredBy(int cell) {
    for (int place = 0; place < ring.size(); place++) {
      if (ring.get(place).enteredBy(cell)) {
        return place;
      }
    }
    return -1;
  }

  /**
   * Whether this cell's representatives hand on a row that comes from one place to another. Few
   * zones tell each other all that they have, lost frames or not.
   *
   * @param silent the places from which nothing comes, as a bitmap
   */
  boolean hands(int zone, int origin, int next, long silent) {
    if (origin < 0 || own < 0 || next < 0 || origin == next) {
      return false;
    }
    boolean all = ring.size() <= Ring.SMALL && place(zone) >= 0;
    return all || Ring.hands(ring.size(), silent, origin, own, next);
  }
}
