package starling.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import starling.model.Window;

/**
 * The newest rows of the zones that this node holds: by window, then zone and query; the best row
 * of each only. Bounded by the windows that still count and the zones that the charter lists beside
 * this node's own path.
 */
final class ResultTable {
  private final TreeMap<Window, TreeMap<Integer, Held>> windows = new TreeMap<>();
  private List<Held> newestFirst = List.of();

  /** One row, and who is known to have it. */
  static final class Held {
    private ZoneRow row;
    private long mates;
    private long contacts;

    /** Whether it was said on the cell's broadcast medium. */
    boolean aired;

    private Held(ZoneRow row) {
      this.row = row;
    }

    ZoneRow row() {
      return row;
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

  private static int key(int zone, int query) {
    return zone << 8 | query;
  }

  /** Takes a row in if it is new or better; answers whether it was. */
  boolean offer(ZoneRow row) {
    Held held = get(row.window(), row.zone(), row.query());
    if (held != null && !row.betterThan(held.row)) {
      return false;
    }
    put(held, row);
    return true;
  }

  /**
   * Takes in this node's own fold of a zone, which follows what it is folded from; answers whether
   * it is another row. One that covers less is not taken.
   */
  boolean follow(ZoneRow row) {
    Held held = get(row.window(), row.zone(), row.query());
    if (held != null && (held.row.equals(row) || row.reported() < held.row.reported())) {
      return false;
    }
    put(held, row);
    return true;
  }

  private void put(@Nullable Held held, ZoneRow row) {
    if (held != null) {
      held.replace(row);
      return;
    }
    windows
        .computeIfAbsent(row.window(), _ -> new TreeMap<>())
        .put(key(row.zone(), row.query()), new Held(row));
    relist();
  }

  /** Drops a row. */
  void remove(ZoneRow row) {
    TreeMap<Integer, Held> rows = windows.getOrDefault(row.window(), new TreeMap<>());
    rows.remove(key(row.zone(), row.query()));
    relist();
  }

  private void relist() {
    List<Held> all = new ArrayList<>();
    windows.descendingMap().values().forEach(rows -> all.addAll(rows.values()));
    newestFirst = List.copyOf(all);
  }

  @Nullable Held get(Window window, int zone, int query) {
    TreeMap<Integer, Held> rows = windows.get(window);
    return rows == null ? null : rows.get(key(zone, query));
  }

  /** Whether no later window has a row of this zone and query. */
  boolean isNewest(Held held) {
    int key = key(held.row.zone(), held.row.query());
    return windows.tailMap(held.row.window(), false).values().stream()
        .noneMatch(rows -> rows.containsKey(key));
  }

  /** All rows of all windows, newest window first. */
  List<Held> newestFirst() {
    return newestFirst;
  }

  /** The windows held, newest first. */
  List<Window> windows() {
    return List.copyOf(windows.descendingKeySet());
  }

  /** The queries that have rows in a window, ascending. */
  List<Integer> queries(Window window) {
    return windows.getOrDefault(window, new TreeMap<>()).keySet().stream()
        .map(key -> key & 0xFF)
        .distinct()
        .sorted()
        .toList();
  }

  /** Drops windows. */
  void removeIf(Predicate<Window> past) {
    if (windows.keySet().removeIf(past)) {
      relist();
    }
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    for (Held held : newestFirst) {
      held.mates = 0;
      held.contacts = 0;
    }
  }
}
