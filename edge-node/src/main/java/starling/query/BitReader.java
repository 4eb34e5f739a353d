package starling.query;

import starling.wire.MalformedException;
import starling.wire.WireReader;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
  private final WireReader in;
  private int held;
  private int heldBits;

  BitReader(WireReader in) {
    this.in = in;
  }

  int get(int bits) throws MalformedException {
    int value = 0;
    for (int bit = 0; bit < bits; bit++) {
      if (heldBits == 0) {
        held = in.u8();
        heldBits = Byte.SIZE;
      }
      value = (value << 1) | ((held >>> --heldBits) & 1);
    }
    return value;
  }

  /** So many numbers, none negative, that add up to the total. */
  int[] split(int total, int count) throws MalformedException {
    int[] parts = new int[count];
    int low = BitWriter.lowBits(total, count);
    int rest = total;
    for (int i = 0; i < count - 1 && rest > 0; i++) {
      int high = 0;
      while (get(1) == 1) {
        if (++high > rest >>> low) {
          throw new MalformedException("parts pass their total " + total);
        }
      }
      parts[i] = (high << low) | get(low);
      rest -= parts[i];
      if (rest < 0) {
        throw new MalformedException("parts pass their total " + total);
      }
    }
    if (count > 0) {
      parts[count - 1] += rest;
    }
    return parts;
  }

  /** The last byte's unused bits are zeros. */
  void end() throws MalformedException {
    if (get(heldBits) != 0) {
      throw new MalformedException("unused bits are not zero");
    }
  }
}
