package starling.zone;

import java.util.Arrays;

/**
 * Bitmaps by place, in arrays that are as long as the last one that is not 0: most nodes mark
 * nothing.
 */
final class Marks {
  static final long[] NONE = {};

  private Marks() {}

  /** The bitmap in a place. */
  static long at(int place, long[] marks) {
    return place < marks.length ? marks[place] : 0;
  }

  /** With another bitmap in a place. */
  static long[] with(int place, long bits, long[] marks) {
    if (at(place, marks) == bits) {
      return marks;
    }
    long[] next = place < marks.length ? marks : Arrays.copyOf(marks, place + 1);
    next[place] = bits;
    return next;
  }

  /** With room for one more in a place. */
  static long[] inserted(int place, long[] marks) {
    if (place >= marks.length) {
      return marks;
    }
    long[] more = new long[marks.length + 1];
    System.arraycopy(marks, 0, more, 0, place);
    System.arraycopy(marks, place, more, place + 1, marks.length - place);
    return more;
  }

  /** Only those in some places, ascending. */
  static long[] kept(int[] places, long[] marks) {
    int length = places.length;
    while (length > 0 && at(places[length - 1], marks) == 0) {
      length--;
    }
    long[] kept = length == 0 ? NONE : new long[length];
    for (int i = 0; i < length; i++) {
      kept[i] = at(places[i], marks);
    }
    return kept;
  }
}
