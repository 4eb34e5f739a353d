package starling.engine;

import org.jspecify.annotations.Nullable;

/** A small number for each neighbour, by {@link LinkView#index}; 0 until it is set. */
public final class ByNeighbour extends SmallNumbers {
  private static final int TICK_SHIFT = 24;

  private @Nullable SmallNumbers contacts; // theirs apart: most nodes have none

  /** A monotonic time in steps of 17 ms, as such a number; never 0. */
  public static int ticks(long nanos) {
    return (int) (nanos >> TICK_SHIFT) | 1;
  }

  /** How long ago that was, to within 34 ms; right within a year. */
  public static long sinceNanos(int ticks, long nowNanos) {
    return (long) ((int) (nowNanos >> TICK_SHIFT) - ticks) << TICK_SHIFT;
  }

  public int get(LinkView neighbour) {
    if (neighbour.stranger()) {
      return 0;
    }
    if (neighbour.isContact()) {
      return contacts == null ? 0 : contacts.at(neighbour.index());
    }
    return at(neighbour.index());
  }

  /** Sets a neighbour's number; a stranger has none. */
  public void set(LinkView neighbour, int value) {
    if (neighbour.stranger()) {
      return;
    }
    if (neighbour.isContact()) {
      contacts = contacts == null ? new SmallNumbers() : contacts;
      contacts.put(neighbour.index(), value);
    } else {
      put(neighbour.index(), value);
    }
  }

  @Override
  public void clear() {
    super.clear();
    contacts = null;
  }
}
