package starling.zone;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.model.Window;
import starling.wire.Bytes;

/**
 * The contributions of a cell that a node holds, by window, newest first: of the last {@link
 * Window#LATE_MAX} that are over, and of one that is not if somebody's clock runs ahead.
 */
final class CellWindows {
  /** Who gave nothing to so many windows, a member or a zone, is not waited for. */
  static final int SILENT_WINDOWS = 3;

  private static final CellWindow[] NONE = {};

  private CellWindow[] windows = NONE;
  private int changes;
  private int rows;

  /** Counts whatever may have given this node something to say to somebody, or taken it. */
  int changes() {
    return changes;
  }

  /** Something did. */
  void changed() {
    changes++;
  }

  /** Counts the contributions that came in. */
  int rows() {
    return rows;
  }

  /** All of them, newest first: not to be changed. */
  CellWindow[] all() {
    return windows;
  }

  @Nullable CellWindow find(Window window) {
    for (CellWindow held : windows) {
      if (held.window.equals(window)) {
        return held;
      }
    }
    return null;
  }

  /** What is held of a window, from now on. */
  CellWindow hold(Window window, Effects out) {
    CellWindow held = find(window);
    if (held != null) {
      return held;
    }
    int place = 0;
    while (place < windows.length && windows[place].window.compareTo(window) > 0) {
      place++;
    }
    CellWindow[] more = Arrays.copyOf(windows, windows.length + 1);
    System.arraycopy(windows, place, more, place + 1, windows.length - place);
    more[place] = new CellWindow(out.shared(window));
    windows = more;
    changes++;
    return more[place];
  }

  /** Takes in a contribution. */
  CellWindow.Added add(Window window, int slot, byte[] row, Effects out) {
    CellWindow.Added added = hold(window, out).add(slot, out.shared(new Bytes(row)).array());
    if (added == CellWindow.Added.NEW) {
      changes++;
      rows++;
    }
    return added;
  }

  /** Those that are over and still count, newest first. */
  List<CellWindow> closed() {
    return Arrays.stream(windows).filter(window -> window.closed).toList();
  }

  /** The newest window that is over and still counts. */
  @Nullable CellWindow newest() {
    for (CellWindow window : windows) {
      if (window.closed) {
        return window;
      }
    }
    return null;
  }

  /**
   * The contributions that are missing and waited for: not of those who gave none to any of the
   * last windows. They will be missed, or were; and count again when they come.
   */
  long awaited(CellWindow window, Moment at) {
    long missing = window.missing(at);
    return missing == 0 ? 0 : missing & ~silent(at);
  }

  private long silent(Moment at) {
    long silent = -1;
    int collected = 0;
    for (int place = 0; place < windows.length && collected < SILENT_WINDOWS; place++) {
      CellWindow window = windows[place];
      if (window.closed) {
        boolean some = window.collected && window.size() > 1; // else it says nothing of anybody
        silent &= some ? window.missing(at) : 0;
        collected++;
      }
    }
    return collected == SILENT_WINDOWS ? silent : 0;
  }

  /** Whether a contribution is waited for. */
  boolean awaitsAny(Moment at) {
    for (CellWindow window : windows) {
      if (window.closed && awaited(window, at) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * When a window is over, its contributions are due, heard of or not.
   *
   * @param anotherQuarter whether another quarter of a window has begun
   */
  void turn(boolean anotherQuarter, Moment at, Effects out) {
    hold(at.current().plus(-1), out);
    int kept = 0;
    for (CellWindow window : windows) {
      kept += at.past(window.window) ? 0 : 1;
    }
    if (kept < windows.length) {
      windows = Arrays.stream(windows).filter(w -> !at.past(w.window)).toArray(CellWindow[]::new);
      changes++;
    }
    for (CellWindow window : windows) {
      boolean counts = at.counts(window.window);
      changes += counts == window.closed ? 0 : 1;
      window.collected |= counts && !window.closed && at.participates();
      window.closed = counts;
    }
    for (int place = 1; anotherQuarter && place < windows.length; place++) {
      windows[place].share(windows[place - 1]);
    }
  }
}
