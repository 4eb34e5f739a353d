package starling.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A number in each of some places, 0 until it is set. As large as the largest place in use, a byte
 * each while all numbers fit one, else four: that is what makes many neighbours cheap.
 */
public sealed class SmallNumbers permits ByNeighbour {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int @Nullable [] values; // in place of the bytes, once one is larger

  /** The number in a place, 0 and up. */
  public final int at(int place) {
    if (values != null) {
      return place < values.length ? values[place] : 0;
    }
    return place < bytes.length ? bytes[place] : 0;
  }

  /** Sets the number in a place. */
  public final void put(int place, int value) {
    if (values == null && value == (byte) value) {
      bytes = place < bytes.length ? bytes : Arrays.copyOf(bytes, place + 1);
      bytes[place] = (byte) value;
      return;
    }
    int[] wide = values == null ? widened() : values;
    wide = place < wide.length ? wide : Arrays.copyOf(wide, place + 1);
    wide[place] = value;
    values = wide;
    bytes = NONE;
  }

  /** Makes room for some more, which are 0, before a place. */
  final void insert(int place, int count) {
    if (values == null && place < bytes.length) {
      byte[] more = Arrays.copyOf(bytes, bytes.length + count);
      System.arraycopy(bytes, place, more, place + count, bytes.length - place);
      Arrays.fill(more, place, place + count, (byte) 0);
      bytes = more;
    } else if (values != null && place < values.length) {
      int[] more = Arrays.copyOf(values, values.length + count);
      System.arraycopy(values, place, more, place + count, values.length - place);
      Arrays.fill(more, place, place + count, 0);
      values = more;
    }
  }

  private int[] widened() {
    int[] wide = new int[bytes.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = bytes[i];
    }
    return wide;
  }

  /** Forgets all. */
  public final void clear() {
    bytes = NONE;
    values = null;
  }
}
