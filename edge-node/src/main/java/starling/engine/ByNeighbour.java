package starling.engine;

import java.util.Arrays;

/**
 * A small number for each neighbour, by {@link LinkView#index}; 0 until it is set. As large as the
 * largest index in use: a few bytes a neighbour is what makes many neighbours cheap.
 */
public final class ByNeighbour {
  private static final int[] NONE = {};
  private static final int TICK_SHIFT = 24;

  private int[] values = NONE;

  /** A monotonic time in steps of 17 ms, as such a number; never 0. */
  public static int ticks(long nanos) {
    return (int) (nanos >> TICK_SHIFT) | 1;
  }

  /** How long ago that was, to within 34 ms; right within a year. */
  public static long sinceNanos(int ticks, long nowNanos) {
    return (long) ((int) (nowNanos >> TICK_SHIFT) - ticks) << TICK_SHIFT;
  }

  public int get(LinkView neighbour) {
    int index = neighbour.index();
    return index >= 0 && index < values.length ? values[index] : 0;
  }

  /** Sets a neighbour's number; a stranger has none. */
  public void set(LinkView neighbour, int value) {
    int index = neighbour.index();
    if (index >= values.length) {
      values = Arrays.copyOf(values, index + 1);
    }
    if (index >= 0) {
      values[index] = value;
    }
  }

  /** Forgets all. */
  public void clear() {
    values = NONE;
  }
}
