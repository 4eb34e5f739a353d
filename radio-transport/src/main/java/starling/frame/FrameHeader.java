package starling.frame;

import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The first eight bytes of each frame: in clear, authenticated.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +-----+-+-------+-------------------------------+---------------+
 * | ver |I| epoch |             cell              |     slot      |
 * +-----+-+-------+---------------+-------+-------+---------------+
 * |             frame counter                     |charter| speak |
 * +-----------------------------------------------+-------+-------+
 * </pre>
 *
 * @param introduces whether an {@link Introduction} follows the header (bit I)
 * @param keyEpoch which site key seals it, 0 to 15
 * @param cell the sender's cell, 1 to 65535
 * @param slot the sender's place in its cell's roster, 0 to 255
 * @param counter counts the sender's frames on this link since it booted, 0 to 2^24 - 1
 * @param charterLow the low four bits of the charter version that the sender holds
 * @param nextSpeak the sender's promise: it speaks again on this link within 2^nextSpeak seconds, 0
 *     to 15
 */
public record FrameHeader(
    boolean introduces,
    int keyEpoch,
    int cell,
    int slot,
    int counter,
    int charterLow,
    int nextSpeak) {
  /** The wire version that this code speaks. */
  public static final int VERSION = 0;

  /** Bytes of a header. */
  public static final int BYTES = 8;

  /** The last frame counter; a sender that reaches it takes a new generation. */
  public static final int COUNTER_MAX = (1 << 24) - 1;

  public FrameHeader {
    if ((keyEpoch & ~15) != 0
        || (cell & ~0xFFFF) != 0
        || (slot & ~0xFF) != 0
        || (counter & ~COUNTER_MAX) != 0
        || (charterLow & ~15) != 0
        || (nextSpeak & ~15) != 0) {
      throw new IllegalArgumentException("a header field is out of range");
    }
  }

  void write(WireWriter to) {
    to.u8(VERSION << 5 | (introduces ? 1 << 4 : 0) | keyEpoch)
        .u16(cell)
        .u8(slot)
        .u24(counter)
        .u8(charterLow << 4 | nextSpeak);
  }

  static FrameHeader read(WireReader from) throws MalformedException {
    int first = from.u8();
    if (first >>> 5 != VERSION) {
      throw new MalformedException("wire version " + (first >>> 5) + " is not spoken here");
    }
    int cell = from.u16();
    int slot = from.u8();
    int counter = from.u24();
    int last = from.u8();
    return new FrameHeader(
        (first & 1 << 4) != 0, first & 15, cell, slot, counter, last >>> 4, last & 15);
  }

  /** The sender, as one number: cell and slot. */
  public int sender() {
    return cell << 8 | slot;
  }

  /**
   * The exponent that promises to speak again within {@code millis}, rounded up; at most 2^15 s.
   */
  public static int promise(long millis) {
    long seconds = Math.max(1, (millis + 999) / 1000);
    return Math.min(15, 64 - Long.numberOfLeadingZeros(seconds - 1));
  }

  /** How long the sender promised to stay silent at most, in milliseconds. */
  public long promiseMillis() {
    return 1000L << nextSpeak;
  }
}
