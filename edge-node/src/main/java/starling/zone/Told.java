package starling.zone;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import starling.model.Window;

/** What was made last of each zone, window and query: what is the same again is no news. */
final class Told {
  private static final Window[] NO_WINDOWS = {};
  private static final int[] NOTHING = {};

  private Window[] windows = NO_WINDOWS;
  private int[] zones = NOTHING; // each with its query
  private int[] contents = NOTHING;

  /** Notes a content; answers whether it is another than before. */
  boolean news(int zone, Window window, int query, int content) {
    int place = find(zone, window, query);
    if (place >= 0) {
      boolean news = contents[place] != content;
      contents[place] = content;
      return news;
    }
    int length = windows.length;
    windows = Arrays.copyOf(windows, length + 1);
    zones = Arrays.copyOf(zones, length + 1);
    contents = Arrays.copyOf(contents, length + 1);
    windows[length] = window;
    zones[length] = key(zone, query);
    contents[length] = content;
    return true;
  }

  private static int key(int zone, int query) {
    return zone << 8 | query;
  }

  private int find(int zone, Window window, int query) {
    for (int place = 0; place < windows.length; place++) {
      if (zones[place] == key(zone, query) && windows[place].equals(window)) {
        return place;
      }
    }
    return -1;
  }

  /** It came to nothing, and may later. */
  void forget(int zone, Window window, int query) {
    int gone = find(zone, window, query);
    if (gone >= 0) {
      keep(IntStream.range(0, windows.length).filter(place -> place != gone).toArray());
    }
  }

  /** Forgets windows. */
  void removeIf(Predicate<Window> past) {
    int[] kept =
        IntStream.range(0, windows.length).filter(place -> !past.test(windows[place])).toArray();
    if (kept.length < windows.length) {
      keep(kept);
    }
  }

  private void keep(int[] places) {
    windows = Arrays.stream(places).mapToObj(place -> windows[place]).toArray(Window[]::new);
    zones = Arrays.stream(places).map(place -> zones[place]).toArray();
    contents = Arrays.stream(places).map(place -> contents[place]).toArray();
  }
}
