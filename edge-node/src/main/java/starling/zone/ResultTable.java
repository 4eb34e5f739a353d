package starling.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
  private static final int[] NO_TIMES = {};

  private ZoneRow[] rows = NO_ROWS;
  private int[] since = NO_TIMES; // when each came, in ticks
  private int changes;
  private int changedRows;

  // By row, if this node takes part: who needs nothing of us, and who said that it lacks it.
  private long[] mates = Marks.NONE;
  private long[] contacts = Marks.NONE;
  private long[] lackingMates = Marks.NONE;
  private long[] lackingContacts = Marks.NONE;
  private long[] aired = Marks.NONE;

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
    since[place] = ByNeighbour.ticks(nowNanos);
    remark(marks -> Marks.with(place, 0, marks));
    changes++;
    changedRows++;
  }

  private void insert(int place) {
    ZoneRow[] more = Arrays.copyOf(rows, rows.length + 1);
    int[] times = Arrays.copyOf(since, rows.length + 1);
    System.arraycopy(rows, place, more, place + 1, rows.length - place);
    System.arraycopy(since, place, times, place + 1, rows.length - place);
    rows = more;
    since = times;
    remark(marks -> Marks.inserted(place, marks));
  }

  private void remark(UnaryOperator<long[]> change) {
    mates = change.apply(mates);
    contacts = change.apply(contacts);
    lackingMates = change.apply(lackingMates);
    lackingContacts = change.apply(lackingContacts);
    aired = change.apply(aired);
  }

  /** Drops windows. */
  void removeIf(Predicate<Window> past) {
    removeRowsIf(row -> past.test(row.window()));
  }

  /** Drops rows. */
  void removeRowsIf(Predicate<ZoneRow> gone) {
    int[] kept = new int[rows.length];
    int count = 0;
    for (int place = 0; place < rows.length; place++) {
      if (!gone.test(rows[place])) {
        kept[count++] = place;
      }
    }
    if (count < rows.length) {
      keep(Arrays.copyOf(kept, count));
    }
  }

  private void keep(int[] places) {
    ZoneRow[] less = new ZoneRow[places.length];
    int[] times = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      less[i] = rows[places[i]];
      times[i] = since[places[i]];
    }
    rows = less;
    since = times;
    remark(marks -> Marks.kept(places, marks));
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
    return (Marks.at(place, link.mate() ? mates : contacts) & 1L << link.bit()) != 0;
  }

  /** Whether a neighbour said that it lacks the row, though it should have come by now. */
  boolean isLacking(int place, LinkView link) {
    return (Marks.at(place, link.mate() ? lackingMates : lackingContacts) & 1L << link.bit()) != 0;
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
    if (link.mate()) {
      mates = marked(place, bit, settled, mates);
      lackingMates = marked(place, bit, lacks, lackingMates);
    } else {
      contacts = marked(place, bit, settled, contacts);
      lackingContacts = marked(place, bit, lacks, lackingContacts);
    }
  }

  private static long[] marked(int place, long bit, boolean set, long[] marks) {
    long before = Marks.at(place, marks);
    return Marks.with(place, set ? before | bit : before & ~bit, marks);
  }

  /** Whether the row in a place was said on the cell's broadcast medium. */
  boolean isAired(int place) {
    return Marks.at(place, aired) != 0;
  }

  void aired(int place) {
    aired = Marks.with(place, 1, aired);
    changes++;
  }

  /** Nobody is known to have anything any more: neighbours have other numbers now. */
  void forgetWhoKnows() {
    mates = Marks.NONE;
    contacts = Marks.NONE;
    lackingMates = Marks.NONE;
    lackingContacts = Marks.NONE;
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
    ZoneRow row = row(place);
    for (int i = 0; i < place && row(i).window().compareTo(row.window()) > 0; i++) {
      if (row(i).zone() == row.zone() && row(i).query() == row.query()) {
        return false;
      }
    }
    return true;
  }
}
