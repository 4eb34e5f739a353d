package starling.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import starling.engine.LinkView;
import starling.model.Window;

/**
 * The newest rows of the zones that this node holds, the best row of each zone, query and window
 * only, and who should get them. Bounded by the windows that still count and the zones that the
 * charter lists beside this node's own path.
 *
 * <p>Rows lie in the order in which they are said: by window, the newest first, then by zone and
 * query. A row's place changes with what comes in; while {@link #changes} is the same, so is all
 * that is held.
 */
final class ResultTable {
  private static final ZoneRow[] NO_ROWS = {};

  private ZoneRow[] rows = NO_ROWS;
  private int changes;
  private int changedRows;

  private @Nullable Holders holders; // of one who tells others

  /** Counts what came in, went, and became known to others. */
  int changes() {
    return changes;
  }

  /** Counts rows that came in, or went. */
  int rows() {
    return changedRows;
  }

  int size() {
    return rows.length;
  }

  /** The row in a place, 0 to {@link #size} exclusive. */
  ZoneRow row(int place) {
    return rows[place];
  }

  @Nullable ZoneRow get(Window window, int zone, int query) {
    int place = find(window, zone, query);
    return place < 0 ? null : rows[place];
  }

  /** Where a row lies; if it is not here, where it would, as {@code -1 - place}. */
  int find(Window window, int zone, int query) {
    int low = 0;
    int high = rows.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = order(rows[middle], window, zone, query);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -1 - low;
  }

  private static int order(ZoneRow row, Window window, int zone, int query) {
    int byWindow = window.compareTo(row.window());
    int byZone = Integer.compare(row.zone(), zone);
    return byWindow != 0 ? byWindow : byZone != 0 ? byZone : Integer.compare(row.query(), query);
  }

  /** The windows held, so many at most, the newest first. */
  List<Window> windows(int most) {
    List<Window> windows = new ArrayList<>();
    for (int place = 0; place < rows.length && windows.size() <= most; place++) {
      Window window = row(place).window();
      if (windows.isEmpty() || !window.equals(windows.getLast())) {
        windows.add(window);
      }
    }
    return windows.size() > most ? windows.subList(0, most) : windows;
  }

  /** The queries that have rows in a window, ascending. */
  IntStream queries(Window window) {
    BitSet queries = new BitSet();
    int place = find(window, 0, 0);
    for (int i = place < 0 ? -1 - place : place; i < rows.length; i++) {
      if (!row(i).window().equals(window)) {
        break;
      }
      queries.set(row(i).query());
    }
    return queries.stream();
  }

  /** Takes a row in if it is new or better; answers whether it was. */
  boolean offer(ZoneRow row, long nowNanos) {
    int place = find(row.window(), row.zone(), row.query());
    if (place >= 0 && !row.betterThan(row(place))) {
      return false;
    }
    put(place, row, nowNanos);
    return true;
  }

  /**
   * Takes in this node's own fold of a zone, which follows what it is folded from; answers whether
   * it is another row. One that covers less is not taken.
   */
  boolean follow(ZoneRow row, long nowNanos) {
    int place = find(row.window(), row.zone(), row.query());
    if (place >= 0 && (row(place).equals(row) || row.reported() < row(place).reported())) {
      return false;
    }
    put(place, row, nowNanos);
    return true;
  }

  private void put(int found, ZoneRow row, long nowNanos) {
    int place = found < 0 ? -1 - found : found;
    if (found < 0) {
      insert(place);
    }
    rows[place] = row;
    if (holders != null) {
      holders.renew(place, nowNanos);
    }
    changes++;
    changedRows++;
  }

  private void insert(int place) {
    ZoneRow[] more = Arrays.copyOf(rows, rows.length + 1);
    System.arraycopy(rows, place, more, place + 1, rows.length - place);
    rows = more;
    if (holders != null) {
      holders.insert(place);
    }
  }

  /** Drops windows. */
  void removeIf(Predicate<Window> past, long nowNanos) {
    removeRowsIf(row -> past.test(row.window()), nowNanos);
  }

  /** Drops rows. */
  void removeRowsIf(Predicate<ZoneRow> gone, long nowNanos) {
    int[] kept = new int[rows.length];
    int count = 0;
    for (int place = 0; place < rows.length; place++) {
      if (!gone.test(rows[place])) {
        kept[count++] = place;
      }
    }
    if (count < rows.length) {
      forgetTimes(nowNanos);
      keep(Arrays.copyOf(kept, count));
    }
  }

  /** It matters for a quarter of a window when a row came: so long it may be under way. */
  private void forgetTimes(long nowNanos) {
    for (int place = 0; holders != null && place < rows.length; place++) {
      if (holders.heldNanos(place, nowNanos)
          >= 1_000_000 * rows[place].window().lengthMillis() / 4) {
        holders.forgetTime(place);
      }
    }
  }

  private void keep(int[] places) {
    ZoneRow[] less = new ZoneRow[places.length];
    for (int i = 0; i < places.length; i++) {
      less[i] = rows[places[i]];
    }
    rows = less;
    if (holders != null) {
      holders.keep(places);
    }
    changes++;
    changedRows++;
  }

  // ---- who has what

  private Holders holders() {
    Holders now = holders == null ? new Holders() : holders;
    holders = now;
    return now;
  }

  /** For how long the row in a place has been there, or has had to be told. */
  long heldNanos(int place, long nowNanos) {
    return holders == null ? Long.MAX_VALUE : holders.heldNanos(place, nowNanos);
  }

  /** Whether a neighbour needs nothing of us: it has the row, or others see to it. */
  boolean isSettled(int place, LinkView link) {
    return holders != null && holders.isSettled(place, link);
  }

  /** Whether a neighbour said that it lacks the row, though it should have come by now. */
  boolean isLacking(int place, LinkView link) {
    return holders != null && holders.isLacking(place, link);
  }

  /** A neighbour has the row in a place. */
  void has(int place, LinkView link) {
    changes += isSettled(place, link) ? 0 : 1;
    settle(place, link);
  }

  /** A neighbour gets the row in a place from others: that is no change. */
  void settle(int place, LinkView link) {
    holders().mark(place, link, true, false);
  }

  /** A neighbour lacks the row in a place. */
  void lacks(int place, LinkView link) {
    changes += isLacking(place, link) ? 0 : 1;
    holders().mark(place, link, false, true);
  }

  /** Whether the row in a place was said on the cell's broadcast medium. */
  boolean isAired(int place) {
    return holders != null && holders.isAired(place);
  }

  void aired(int place) {
    holders().air(place);
    changes++;
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    if (holders != null) {
      holders.forget();
    }
    changes++;
  }

  /** This neighbour is another now: it gets the newest window's rows, and others if it asks. */
  void meets(LinkView by) {
    for (int place = 0; place < rows.length; place++) {
      holders().mark(place, by, !rows[place].window().equals(rows[0].window()), false);
    }
    changes++;
  }

  /** Whether no later window has a row of the same zone and query as the one in a place. */
  boolean isNewest(int place) {
    ZoneRow row = row(place);
    for (int i = 0; i < place && row(i).window().compareTo(row.window()) > 0; i++) {
      if (row(i).zone() == row.zone() && row(i).query() == row.query()) {
        return false;
      }
    }
    return true;
  }
}
