package starling.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A number in each of some places, 0 until it is set. As large as the largest place that ever had
 * another, and each as wide as the widest needs, 1, 2, 4 or 8 bytes: that is what makes many
 * neighbours, and many rows, cheap.
 */
public sealed class SmallNumbers permits ByNeighbour {
  private static final byte[] NONE = {};
  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private byte[] numbers = NONE;
  private byte width = Byte.BYTES;

  private static VarHandle view(Class<?> numbers) {
    return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.nativeOrder());
  }

  private int places() {
    return numbers.length / width;
  }

  /** The number in a place, 0 and up. */
  public final long at(int place) {
    return place < places() ? read(numbers, width, place) : 0;
  }

  private static long read(byte[] numbers, int width, int place) {
    return switch (width) {
      case Byte.BYTES -> numbers[place];
      case Short.BYTES -> (short) SHORTS.get(numbers, Short.BYTES * place);
      case Integer.BYTES -> (int) INTS.get(numbers, Integer.BYTES * place);
      default -> (long) LONGS.get(numbers, Long.BYTES * place);
    };
  }

  /** Sets the number in a place. */
  public final void put(int place, long value) {
    if (place >= places()) {
      if (value == 0) {
        return;
      }
      numbers = Arrays.copyOf(numbers, width * (place + 1));
    }
    if (bytes(value) > width) {
      widen(bytes(value));
    }
    write(place, value);
  }

  private static int bytes(long value) {
    if (value == (byte) value) {
      return Byte.BYTES;
    }
    if (value == (short) value) {
      return Short.BYTES;
    }
    return value == (int) value ? Integer.BYTES : Long.BYTES;
  }

  private void write(int place, long value) {
    switch (width) {
      case Byte.BYTES -> numbers[place] = (byte) value;
      case Short.BYTES -> SHORTS.set(numbers, Short.BYTES * place, (short) value);
      case Integer.BYTES -> INTS.set(numbers, Integer.BYTES * place, (int) value);
      default -> LONGS.set(numbers, Long.BYTES * place, value);
    }
  }

  private void widen(int wider) {
    byte[] before = numbers;
    int narrow = width;
    int places = places();
    width = (byte) wider;
    numbers = new byte[wider * places];
    for (int place = 0; place < places; place++) {
      write(place, read(before, narrow, place));
    }
  }

  /** Makes room for some more, which are 0, before a place. */
  public final void insert(int place, int count) {
    int at = width * place;
    int more = width * count;
    if (at < numbers.length) {
      byte[] longer = Arrays.copyOf(numbers, numbers.length + more);
      System.arraycopy(numbers, at, longer, at + more, numbers.length - at);
      Arrays.fill(longer, at, at + more, (byte) 0);
      numbers = longer;
    }
  }

  /** Keeps those in some places alone, ascending, one after the other. */
  public final void keep(int[] places) {
    int length = places.length;
    while (length > 0 && at(places[length - 1]) == 0) {
      length--;
    }
    byte[] before = numbers;
    numbers = new byte[width * length];
    for (int i = 0; i < length; i++) {
      System.arraycopy(before, width * places[i], numbers, width * i, width);
    }
  }

  /** Forgets all. */
  public final void clear() {
    numbers = NONE;
    width = Byte.BYTES;
  }
}
