package starling.zone;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.model.Window;

/**
 * The newest rows of the zones that this node holds: by window, then zone and query; the best row
 * of each only. Bounded by the windows that still count and the zones that the charter lists beside
 * this node's own path.
 */
final class ResultTable {
  private final TreeMap<Window, TreeMap<Long, Held>> windows = new TreeMap<>();

  /** One row, and who is known to have it. */
  static final class Held {
    ZoneRow row;
    long mates;
    long contacts;
    boolean aired;

    Held(ZoneRow row) {
      this.row = row;
    }

    private void replace(ZoneRow better) {
      row = better;
      mates = 0;
      contacts = 0;
      aired = false;
    }

    boolean knownBy(boolean mate, int bit) {
      return ((mate ? mates : contacts) & 1L << bit) != 0;
    }

    void known(boolean mate, int bit, boolean known) {
      long mask = known ? 1L << bit : 0;
      if (mate) {
        mates = mates & ~(1L << bit) | mask;
      } else {
        contacts = contacts & ~(1L << bit) | mask;
      }
    }
  }

  private static long key(int zone, int query) {
    return (long) zone << 8 | query;
  }

  /** Takes a row in if it is new or better; answers whether it was. */
  boolean offer(ZoneRow row) {
    TreeMap<Long, Held> rows = windows.computeIfAbsent(row.window(), _ -> new TreeMap<>());
    Held held = rows.get(key(row.zone(), row.query()));
    if (held == null) {
      rows.put(key(row.zone(), row.query()), new Held(row));
      return true;
    }
    if (row.betterThan(held.row)) {
      held.replace(row);
      return true;
    }
    return false;
  }

  /** Puts a row in whatever is there, unless it is the same; answers whether it was not. */
  boolean replace(ZoneRow row) {
    Held held = get(row.window(), row.zone(), row.query());
    if (held == null || held.row.equals(row)) {
      return held == null && offer(row);
    }
    held.replace(row);
    return true;
  }

  /** The queries that have rows in a window, ascending. */
  List<Integer> queries(Window window) {
    TreeMap<Long, Held> rows = windows.getOrDefault(window, new TreeMap<>());
    return rows.values().stream().map(held -> held.row.query()).distinct().sorted().toList();
  }

  @Nullable Held get(Window window, int zone, int query) {
    TreeMap<Long, Held> rows = windows.get(window);
    return rows == null ? null : rows.get(key(zone, query));
  }

  /** Whether no later window has a row of this zone and query. */
  boolean newest(ZoneRow row) {
    for (Map<Long, Held> later : windows.tailMap(row.window(), false).values()) {
      if (later.containsKey(key(row.zone(), row.query()))) {
        return false;
      }
    }
    return true;
  }

  /** All rows of all windows, newest first. */
  List<Held> newestFirst() {
    List<Held> all = new ArrayList<>();
    for (TreeMap<Long, Held> rows : windows.descendingMap().values()) {
      all.addAll(rows.values());
    }
    return all;
  }

  /** The windows held, newest first. */
  List<Window> windows() {
    return List.copyOf(windows.descendingKeySet());
  }

  /** Drops windows that ended before {@code endMillis}. */
  void dropBefore(long endMillis) {
    Iterator<Map.Entry<Window, TreeMap<Long, Held>>> oldest = windows.entrySet().iterator();
    while (oldest.hasNext() && oldest.next().getKey().endMillis() < endMillis) {
      oldest.remove();
    }
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    for (Held held : newestFirst()) {
      held.mates = 0;
      held.contacts = 0;
    }
  }
}
