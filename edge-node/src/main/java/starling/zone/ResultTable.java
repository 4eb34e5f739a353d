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
  private static final ZoneRow[] NO_ROWS = {};
  private static final long[] NOBODY = {};
  private static final boolean[] NOWHERE = {};
  private static final int[] NEVER = {};

  private ZoneRow[] rows = NO_ROWS;
  private long[] mates = NOBODY; // who needs nothing of us
  private long[] contacts = NOBODY;
  private long[] lackingMates = NOBODY; // who said so
  private long[] lackingContacts = NOBODY;
  private int[] since = NEVER; // when it came, in ticks
  private boolean[] aired = NOWHERE;
  private int changes;
  private int changedRows;

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
      Window window = rows[place].window();
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
      if (!rows[i].window().equals(window)) {
        break;
      }
      queries.set(rows[i].query());
    }
    return queries.stream();
  }

  /** Takes a row in if it is new or better; answers whether it was. */
  boolean offer(ZoneRow row, long nowNanos) {
    int place = find(row.window(), row.zone(), row.query());
    if (place >= 0 && !row.betterThan(rows[place])) {
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
    if (place >= 0 && (rows[place].equals(row) || row.reported() < rows[place].reported())) {
      return false;
    }
    put(place, row, nowNanos);
    return true;
  }

  private void put(int found, ZoneRow row, long nowNanos) {
    int place = found < 0 ? -1 - found : found;
    if (found < 0) {
      int length = rows.length;
      rows = Arrays.copyOf(rows, length + 1);
      mates = Arrays.copyOf(mates, length + 1);
      contacts = Arrays.copyOf(contacts, length + 1);
      lackingMates = Arrays.copyOf(lackingMates, length + 1);
      lackingContacts = Arrays.copyOf(lackingContacts, length + 1);
      since = Arrays.copyOf(since, length + 1);
      aired = Arrays.copyOf(aired, length + 1);
      move(place, place + 1, length - place);
    }
    rows[place] = row;
    mates[place] = 0;
    contacts[place] = 0;
    lackingMates[place] = 0;
    lackingContacts[place] = 0;
    since[place] = ByNeighbour.ticks(nowNanos);
    aired[place] = false;
    changes++;
    changedRows++;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(rows, from, rows, to, count);
    System.arraycopy(mates, from, mates, to, count);
    System.arraycopy(contacts, from, contacts, to, count);
    System.arraycopy(lackingMates, from, lackingMates, to, count);
    System.arraycopy(lackingContacts, from, lackingContacts, to, count);
    System.arraycopy(since, from, since, to, count);
    System.arraycopy(aired, from, aired, to, count);
  }

  /** Drops the row in a place. */
  void remove(int place) {
    move(place + 1, place, rows.length - place - 1);
    shrink(rows.length - 1);
  }

  /** Drops windows. */
  void removeIf(Predicate<Window> past) {
    int kept = 0;
    for (int place = 0; place < rows.length; place++) {
      if (!past.test(rows[place].window())) {
        move(place, kept++, 1);
      }
    }
    if (kept < rows.length) {
      shrink(kept);
    }
  }

  private void shrink(int length) {
    rows = Arrays.copyOf(rows, length);
    mates = Arrays.copyOf(mates, length);
    contacts = Arrays.copyOf(contacts, length);
    lackingMates = Arrays.copyOf(lackingMates, length);
    lackingContacts = Arrays.copyOf(lackingContacts, length);
    since = Arrays.copyOf(since, length);
    aired = Arrays.copyOf(aired, length);
    changes++;
    changedRows++;
  }

  // ---- who has what

  /** For how long the row in a place has been there. */
  long heldNanos(int place, long nowNanos) {
    return ByNeighbour.sinceNanos(since[place], nowNanos);
  }

  /** Whether a neighbour needs nothing of us: it has the row, or others see to it. */
  boolean isSettled(int place, LinkView link) {
    return ((link.mate() ? mates : contacts)[place] & 1L << link.bit()) != 0;
  }

  /** Whether a neighbour said that it lacks the row, though it should have come by now. */
  boolean isLacking(int place, LinkView link) {
    return ((link.mate() ? lackingMates : lackingContacts)[place] & 1L << link.bit()) != 0;
  }

  /** A neighbour has the row in a place. */
  void has(int place, LinkView link) {
    changes += isSettled(place, link) ? 0 : 1;
    settle(place, link);
  }

  /** A neighbour gets the row in a place from others: that is no change. */
  void settle(int place, LinkView link) {
    mark(place, link, true, false);
  }

  /** A neighbour lacks the row in a place. */
  void lacks(int place, LinkView link) {
    changes += isLacking(place, link) ? 0 : 1;
    mark(place, link, false, true);
  }

  private void mark(int place, LinkView link, boolean settled, boolean lacks) {
    long bit = 1L << link.bit();
    long[] settles = link.mate() ? mates : contacts;
    long[] lacking = link.mate() ? lackingMates : lackingContacts;
    settles[place] = settled ? settles[place] | bit : settles[place] & ~bit;
    lacking[place] = lacks ? lacking[place] | bit : lacking[place] & ~bit;
  }

  /** Whether the row in a place was said on the cell's broadcast medium. */
  boolean isAired(int place) {
    return aired[place];
  }

  void aired(int place) {
    aired[place] = true;
    changes++;
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    Arrays.fill(mates, 0);
    Arrays.fill(contacts, 0);
    Arrays.fill(lackingMates, 0);
    Arrays.fill(lackingContacts, 0);
    changes++;
  }

  /** This neighbour is another now: it gets the newest window's rows, and others if it asks. */
  void meets(LinkView by) {
    for (int place = 0; place < rows.length; place++) {
      mark(place, by, !rows[place].window().equals(rows[0].window()), false);
    }
    changes++;
  }

  /** Whether no later window has a row of the same zone and query as the one in a place. */
  boolean isNewest(int place) {
    ZoneRow row = rows[place];
    for (int i = 0; i < place && rows[i].window().compareTo(row.window()) > 0; i++) {
      if (rows[i].zone() == row.zone() && rows[i].query() == row.query()) {
        return false;
      }
    }
    return true;
  }
}
