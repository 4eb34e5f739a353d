package starling.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
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
  private static final Held[] NONE = {};

  private Held[] rows = NONE;
  private int changes;
  private int changedRows;

  /** A row, and who should get it. */
  private static final class Held {
    final ZoneRow row;
    final int since; // when it came, in ticks
    boolean aired;
    long mates; // who need nothing of us
    long contacts;
    long lackingMates; // who said so
    long lackingContacts;

    Held(ZoneRow row, int since) {
      this.row = row;
      this.since = since;
    }

    void mark(LinkView link, boolean settled, boolean lacks) {
      long bit = 1L << link.bit();
      if (link.mate()) {
        mates = settled ? mates | bit : mates & ~bit;
        lackingMates = lacks ? lackingMates | bit : lackingMates & ~bit;
      } else {
        contacts = settled ? contacts | bit : contacts & ~bit;
        lackingContacts = lacks ? lackingContacts | bit : lackingContacts & ~bit;
      }
    }
  }

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
    return rows[place].row;
  }

  @Nullable ZoneRow get(Window window, int zone, int query) {
    int place = find(window, zone, query);
    return place < 0 ? null : rows[place].row;
  }

  /** Where a row lies; if it is not here, where it would, as {@code -1 - place}. */
  int find(Window window, int zone, int query) {
    int low = 0;
    int high = rows.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = order(rows[middle].row, window, zone, query);
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
      Held[] more = Arrays.copyOf(rows, rows.length + 1);
      System.arraycopy(rows, place, more, place + 1, rows.length - place);
      rows = more;
    }
    rows[place] = new Held(row, ByNeighbour.ticks(nowNanos));
    changes++;
    changedRows++;
  }

  /** Drops the row in a place. */
  void remove(int place) {
    System.arraycopy(rows, place + 1, rows, place, rows.length - place - 1);
    shrink(rows.length - 1);
  }

  /** Drops windows. */
  void removeIf(Predicate<Window> past) {
    int kept = 0;
    for (int place = 0; place < rows.length; place++) {
      if (!past.test(row(place).window())) {
        rows[kept++] = rows[place];
      }
    }
    if (kept < rows.length) {
      shrink(kept);
    }
  }

  private void shrink(int length) {
    rows = Arrays.copyOf(rows, length);
    changes++;
    changedRows++;
  }

  // ---- who has what

  /** For how long the row in a place has been there. */
  long heldNanos(int place, long nowNanos) {
    return ByNeighbour.sinceNanos(rows[place].since, nowNanos);
  }

  /** Whether a neighbour needs nothing of us: it has the row, or others see to it. */
  boolean isSettled(int place, LinkView link) {
    return ((link.mate() ? rows[place].mates : rows[place].contacts) & 1L << link.bit()) != 0;
  }

  /** Whether a neighbour said that it lacks the row, though it should have come by now. */
  boolean isLacking(int place, LinkView link) {
    long lacking = link.mate() ? rows[place].lackingMates : rows[place].lackingContacts;
    return (lacking & 1L << link.bit()) != 0;
  }

  /** A neighbour has the row in a place. */
  void has(int place, LinkView link) {
    changes += isSettled(place, link) ? 0 : 1;
    settle(place, link);
  }

  /** A neighbour gets the row in a place from others: that is no change. */
  void settle(int place, LinkView link) {
    rows[place].mark(link, true, false);
  }

  /** A neighbour lacks the row in a place. */
  void lacks(int place, LinkView link) {
    changes += isLacking(place, link) ? 0 : 1;
    rows[place].mark(link, false, true);
  }

  /** Whether the row in a place was said on the cell's broadcast medium. */
  boolean isAired(int place) {
    return rows[place].aired;
  }

  void aired(int place) {
    rows[place].aired = true;
    changes++;
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    for (Held held : rows) {
      held.mates = 0;
      held.contacts = 0;
      held.lackingMates = 0;
      held.lackingContacts = 0;
    }
    changes++;
  }

  /** This neighbour is another now: it gets the newest window's rows, and others if it asks. */
  void meets(LinkView by) {
    for (Held held : rows) {
      held.mark(by, !held.row.window().equals(row(0).window()), false);
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
