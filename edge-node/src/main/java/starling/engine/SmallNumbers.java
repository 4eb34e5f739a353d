package starling.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A number in each of some places, 0 until it is set. As large as the largest place that ever had
 * another, a byte each while all numbers fit one, else four: that is what makes many neighbours
 * cheap.
 */
public sealed class SmallNumbers permits ByNeighbour {
  private static final byte[] NONE = {};
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private byte[] numbers = NONE;
  private byte width = 1; // bytes of each

  /** The number in a place, 0 and up. */
  public final int at(int place) {
    if (place >= numbers.length / width) {
      return 0;
    }
    return width == 1 ? numbers[place] : (int) INTS.get(numbers, width * place);
  }

  /** Sets the number in a place. */
  public final void put(int place, int value) {
    if (width == 1 && value != (byte) value) {
      widen();
    }
    if (place >= numbers.length / width) {
      if (value == 0) {
        return;
      }
      numbers = Arrays.copyOf(numbers, width * (place + 1));
    }
    if (width == 1) {
      numbers[place] = (byte) value;
    } else {
      INTS.set(numbers, width * place, value);
    }
  }

  /** Makes room for some more, which are 0, before a place. */
  final void insert(int place, int count) {
    int at = width * place;
    int more = width * count;
    if (at < numbers.length) {
      byte[] wider = Arrays.copyOf(numbers, numbers.length + more);
      System.arraycopy(numbers, at, wider, at + more, numbers.length - at);
      Arrays.fill(wider, at, at + more, (byte) 0);
      numbers = wider;
    }
  }

  private void widen() {
    byte[] narrow = numbers;
    width = Integer.BYTES;
    numbers = new byte[width * narrow.length];
    for (int place = 0; place < narrow.length; place++) {
      INTS.set(numbers, width * place, narrow[place]);
    }
  }

  /** Forgets all. */
  public final void clear() {
    numbers = NONE;
    width = 1;
  }
}
