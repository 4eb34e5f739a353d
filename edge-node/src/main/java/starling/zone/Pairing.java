package starling.zone;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.link.Address;
import starling.model.Counterparts;
import starling.model.Page;

/**
 * Of one who takes part in the zones above its cell: finds whoever represents the zones beside its
 * own when those whom the charter would name are dead: who speaks to this node is spoken to in
 * place of one that was silent for a window and a half, or besides one that is not, since it may
 * have nobody else; while nobody does, it tries one contact after the other for a quarter of a
 * window each, after all of them ever more seldom, and goes by the charter meanwhile: there zones
 * meet that were cut from each other. Times are in quarters of windows.
 */
final class Pairing {
  private static final int SILENT = 6;
  private static final int REST = 4;
  private static final int RESTS_MAX = 8;

  /** Who takes part when a whole site is switched on may be early. */
  private static final int STARTING = 16;

  /** Others may have taken part before, and met silence. */
  private static final int SUCCEEDING = 4;

  private static final Zone[] NONE = {};

  private int[] beside = {}; // the zones that rows are exchanged with
  private Zone[] zones = NONE; // and what was heard of each
  private Counterparts chosen = Counterparts.NONE;
  private final boolean starting;
  private long[] silent = {};

  /** What was heard of a zone. */
  private static final class Zone {
    long heard; // last, from one whom this node speaks to
    @Nullable Address usual; // the charter's
    boolean back; // it speaks again
    @Nullable Address stranger; // who spoke besides
    long strangerHeard;
    @Nullable Address also; // who is spoken to besides
    long alsoHeard;
    int tried; // contacts since then
    long nextTry;

    Zone(long quarter, boolean starting) {
      heard = starting ? quarter : quarter - SILENT + SUCCEEDING;
      nextTry = starting ? quarter + STARTING : quarter;
    }
  }

  /**
   * What is known when a node begins to take part: nothing.
   *
   * @param starting whether the site may just have been switched on
   */
  Pairing(boolean starting) {
    this.starting = starting;
  }

  /** Rows, or what there is of them, came from a zone beside. */
  void heard(int zone, Address from, boolean neighbour, long quarter) {
    Zone known = known(zone);
    if (known == null) {
      return;
    }
    if (from.equals(known.also)) {
      known.alsoHeard = quarter;
    } else if (neighbour) {
      known.heard = quarter;
      known.tried = 0;
      known.usual = chosen.byZone().containsKey(zone) ? known.usual : from;
    } else if (!from.equals(known.usual)) {
      known.stranger = from;
      known.strangerHeard = quarter;
    } else {
      known.back = true;
    }
  }

  private @Nullable Zone known(int zone) {
    for (int place = 0; place < beside.length; place++) {
      if (beside[place] == zone) {
        return zones[place];
      }
    }
    return null;
  }

  /** The places of a level from which nothing comes, as a bitmap. */
  long silent(int level) {
    return level < silent.length ? silent[level] : 0;
  }

  /**
   * Looks once a quarter; answers whether others are silent than before.
   *
   * @param silent the places from which no rows came of late, by level, as bitmaps
   */
  boolean turn(long[] silent, Moment at, Effects out) {
    boolean others = !Arrays.equals(silent, this.silent);
    this.silent = silent;
    look(at, out);
    return others;
  }

  private void look(Moment at, Effects out) {
    long quarter = at.quarter();
    Map<Integer, Address> next = new HashMap<>(chosen.byZone());
    List<Page.Child> children =
        at.place().levels().stream().flatMap(level -> level.beside().stream()).toList();
    Zone[] heard = new Zone[children.size()];
    for (int place = 0; place < heard.length; place++) {
      Page.Child child = children.get(place);
      Zone before = known(child.zone());
      heard[place] = before == null ? new Zone(quarter, starting) : before;
      choose(child, heard[place], quarter, at.self(), next);
    }
    beside = children.stream().mapToInt(Page.Child::zone).toArray();
    zones = heard;
    next.keySet().removeIf(zone -> known(zone) == null);
    Counterparts all = new Counterparts(next, also());
    if (!all.equals(chosen)) {
      chosen = all;
      out.publish(chosen);
    }
  }

  private Map<Integer, Address> also() {
    Map<Integer, Address> also = new HashMap<>();
    for (int place = 0; place < beside.length; place++) {
      Address one = zones[place].also;
      if (one != null) {
        also.put(beside[place], one);
      }
    }
    return also;
  }

  private static void choose(
      Page.Child child, Zone zone, long quarter, int self, Map<Integer, Address> next) {
    if (quarter - zone.alsoHeard >= SILENT) {
      zone.also = null;
    }
    boolean stranger = zone.stranger != null && quarter - zone.strangerHeard < SILENT;
    if (zone.back) {
      next.remove(child.zone());
      zone.back = false;
      zone.heard = quarter;
    } else if (quarter - zone.heard < SILENT) {
      if (stranger && zone.also == null) {
        zone.also = zone.stranger;
        zone.alsoHeard = zone.strangerHeard;
        zone.stranger = null;
      }
    } else if (zone.also != null || stranger) {
      next.put(child.zone(), zone.also == null ? zone.stranger : zone.also);
      zone.heard = quarter;
      zone.stranger = zone.also == null ? null : zone.stranger;
      zone.also = null;
    } else if (quarter < zone.nextTry) {
      next.remove(child.zone());
    } else {
      List<Address> all = child.addresses();
      next.put(child.zone(), all.get(Math.floorMod(self + zone.tried, all.size())));
      zone.tried++;
      long rests = Math.clamp((long) zone.tried - all.size(), 0, RESTS_MAX);
      zone.nextTry = quarter + 1 + rests * REST;
    }
  }
}
