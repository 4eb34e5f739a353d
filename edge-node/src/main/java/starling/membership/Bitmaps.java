package starling.membership;

import java.util.Arrays;

/**
 * A bitmap over slots for each slot, 0 until it is set. Most members of a cell say the same, so
 * each different one is kept once.
 */
final class Bitmaps {
  private static final byte[] NO_PLACES = {};
  private static final long[] NONE = {};

  private byte[] places =
      NO_PLACES; // of each slot's bitmap among the different ones, plus 1; 0 for none
  private long[] different = NONE;

  /** A slot's bitmap. */
  long of(int slot) {
    return slot < places.length && places[slot] > 0 ? different[places[slot] - 1] : 0;
  }

  /** Sets a slot's bitmap: that is rare, so what is kept is gathered anew. */
  void set(int slot, long bits) {
    if (bits == of(slot)) {
      return;
    }
    byte[] next = new byte[Math.max(places.length, slot + 1)];
    long[] kept = {};
    for (int i = 0; i < next.length; i++) {
      long one = i == slot ? bits : of(i);
      int place = one == 0 ? -1 : find(one, kept);
      if (place == kept.length) {
        kept = Arrays.copyOf(kept, kept.length + 1);
        kept[place] = one;
      }
      next[i] = (byte) (place + 1);
    }
    places = next;
    different = kept;
  }

  /** Where a bitmap lies, or would if it were added. */
  private static int find(long bits, long[] among) {
    int place = 0;
    while (place < among.length && among[place] != bits) {
      place++;
    }
    return place;
  }

  /** What any slot's has. */
  long any() {
    long any = 0;
    for (long bits : different) {
      any |= bits;
    }
    return any;
  }
}
