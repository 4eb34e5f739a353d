package starling.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A small number for each neighbour, by {@link LinkView#index}; 0 until it is set. As large as the
 * largest index in use, a byte each while all numbers fit one, else four: that is what makes many
 * neighbours cheap.
 */
public final class ByNeighbour {
  private static final byte[] NONE = {};
  private static final int TICK_SHIFT = 24;

  private byte[] bytes = NONE;
  private int @Nullable [] values; // in place of the bytes, once one is larger

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
    if (index < 0) {
      return 0;
    }
    if (values != null) {
      return index < values.length ? values[index] : 0;
    }
    return index < bytes.length ? bytes[index] : 0;
  }

  /** Sets a neighbour's number; a stranger has none. */
  public void set(LinkView neighbour, int value) {
    int index = neighbour.index();
    if (index < 0) {
      return;
    }
    if (values == null && value == (byte) value) {
      bytes = index < bytes.length ? bytes : Arrays.copyOf(bytes, index + 1);
      bytes[index] = (byte) value;
      return;
    }
    int[] wide = values == null ? widened() : values;
    wide = index < wide.length ? wide : Arrays.copyOf(wide, index + 1);
    wide[index] = value;
    values = wide;
    bytes = NONE;
  }

  private int[] widened() {
    int[] wide = new int[bytes.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = bytes[i];
    }
    return wide;
  }

  /** Forgets all. */
  public void clear() {
    bytes = NONE;
    values = null;
  }
}
