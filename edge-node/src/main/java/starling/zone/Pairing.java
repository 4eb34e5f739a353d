package starling.zone;

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
 * place of one that was silent for two windows; while nobody does, it tries one contact after the
 * other for a window each, after all of them ever more seldom, and goes by the charter meanwhile:
 * there zones meet that were cut from each other.
 */
final class Pairing {
  private static final int SILENT_WINDOWS = 2;
  private static final int REST_MAX_WINDOWS = 8;

  /** Who begins to take part may be early, as when a whole site is switched on. */
  private static final int STARTING_WINDOWS = 4;

  private static final Zone[] NONE = {};

  private int[] beside = {}; // the zones that rows are exchanged with
  private Zone[] zones = NONE; // and what was heard of each
  private Counterparts chosen = Counterparts.NONE;
  private long turned;

  /** What was heard of a zone. */
  private static final class Zone {
    long heard; // in which window, from one whom this node speaks to
    @Nullable Address usual; // the charter's
    boolean back; // it speaks again
    @Nullable Address stranger; // who spoke besides
    long strangerHeard;
    int tried; // contacts since then
    long nextTry;

    Zone(long window) {
      heard = window;
      nextTry = window + STARTING_WINDOWS;
    }
  }

  /** Rows, or what there is of them, came from a zone beside. */
  void heard(int zone, Address from, boolean neighbour, long window) {
    Zone known = known(zone);
    if (known == null) {
      return;
    }
    if (neighbour) {
      known.heard = window;
      known.tried = 0;
      known.usual = chosen.byZone().containsKey(zone) ? known.usual : from;
    } else if (!from.equals(known.usual)) {
      known.stranger = from;
      known.strangerHeard = window;
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

  /** Looks once a window, and as soon as a stranger could take somebody's place. */
  void turn(Moment at, Effects out) {
    long window = at.current().index();
    Map<Integer, Address> next = new HashMap<>(chosen.byZone());
    List<Page.Child> children =
        at.place().levels().stream().flatMap(level -> level.beside().stream()).toList();
    Zone[] heard = new Zone[children.size()];
    for (int place = 0; place < heard.length; place++) {
      Page.Child child = children.get(place);
      Zone before = known(child.zone());
      heard[place] = before == null ? new Zone(window) : before;
      choose(child, heard[place], window, window != turned, at.self(), next);
    }
    turned = window;
    beside = children.stream().mapToInt(Page.Child::zone).toArray();
    zones = heard;
    next.keySet().removeIf(zone -> known(zone) == null);
    if (!next.equals(chosen.byZone())) {
      chosen = new Counterparts(next);
      out.publish(chosen);
    }
  }

  private static void choose(
      Page.Child child,
      Zone zone,
      long window,
      boolean turn,
      int self,
      Map<Integer, Address> next) {
    if (zone.back) {
      next.remove(child.zone());
      zone.back = false;
      zone.heard = window;
    } else if (window - zone.heard < SILENT_WINDOWS) {
      return;
    } else if (zone.stranger != null && window - zone.strangerHeard < SILENT_WINDOWS) {
      next.put(child.zone(), zone.stranger);
      zone.heard = window;
      zone.stranger = null;
    } else if (turn && window < zone.nextTry) {
      next.remove(child.zone());
    } else if (turn) {
      List<Address> all = child.addresses();
      next.put(child.zone(), all.get(Math.floorMod(self + zone.tried, all.size())));
      zone.tried++;
      zone.nextTry = window + 1 + Math.clamp(zone.tried - all.size(), 0, REST_MAX_WINDOWS);
    }
  }
}
