package starling.query;

import starling.wire.WireWriter;

/**
 * Writes bits, most significant first, into whole bytes of a {@link WireWriter}.
 *
 * <p>Lists of small numbers whose total the reader knows are written by {@link #split}: Rice codes
 * (R. F. Rice, JPL 79-22, 1979) with the parameter that the total suggests, the last number left
 * out. In 24 bins of a 64-member cell that takes a quarter of what varints take, and the worst case
 * follows from the total alone.
 */
final class BitWriter {
  private final WireWriter out;
  private int held;
  private int heldBits;

  BitWriter(WireWriter out) {
    this.out = out;
  }

  /** The low {@code bits} bits of the value. */
  void put(int value, int bits) {
    for (int bit = bits - 1; bit >= 0; bit--) {
      held = (held << 1) | ((value >>> bit) & 1);
      if (++heldBits == Byte.SIZE) {
        out.u8(held);
        held = 0;
        heldBits = 0;
      }
    }
  }

  /**
   * Numbers that are not negative and add up to a total that the reader knows, as it does how many.
   */
  void split(int[] parts, int total) {
    int low = lowBits(total, parts.length);
    int rest = total;
    for (int i = 0; i < parts.length - 1 && rest > 0; i++) {
      for (int high = parts[i] >>> low; high > 0; high--) {
        put(1, 1);
      }
      put(0, 1);
      put(parts[i], low);
      rest -= parts[i];
    }
  }

  /** Fills the last byte with zeros. */
  void end() {
    if (heldBits > 0) {
      put(0, Byte.SIZE - heldBits);
    }
  }

  /** The most bits that {@link #split} takes for so many parts of a total up to this one. */
  static int splitBitsMax(int total, int parts) {
    int low = lowBits(total, parts);
    return parts < 2 ? 0 : (parts - 1) * (1 + low) + (total >>> low);
  }

  /** How many low bits of each part are written as they are: those of the mean but its first. */
  static int lowBits(int total, int parts) {
    int mean = parts == 0 ? 0 : total / parts;
    return mean == 0 ? 0 : 31 - Integer.numberOfLeadingZeros(mean);
  }
}
