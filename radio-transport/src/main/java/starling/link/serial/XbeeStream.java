package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An XBee's API frames out of a stream of bytes that may begin anywhere, lose any and invent any
 * (Digi, "XBee/XBee-PRO S2C 802.15.4 User Guide", API mode).
 *
 * <pre>
 *   7E | length 2 | data, its type first | FF less the sum of data
 * </pre>
 *
 * <p>In API mode 2 each 7E, 7D, 11 and 13 behind the delimiter is 7D and the byte with bit 5
 * turned. Where a checksum does not hold, the next delimiter may be within what was taken for a
 * frame. Memory is one frame, whatever arrives.
 */
final class XbeeStream {
  private static final int DELIMITER = 0x7E;
  private static final int ESCAPE = 0x7D;
  private static final int TURN = 0x20;
  private static final int FRAMING_BYTES = 4;
  private static final int LENGTH_END = 3;

  private final boolean escapes;
  private final int dataBytesMax;
  private final byte[] pending;
  private int length;
  private long garbageBytes;

  /**
   * @param escapes whether this is API mode 2
   * @param dataBytesMax longer frames are garbage
   */
  XbeeStream(boolean escapes, int dataBytesMax) {
    this.escapes = escapes;
    this.dataBytesMax = dataBytesMax;
    pending = new byte[2 * (dataBytesMax + FRAMING_BYTES)];
  }

  /** The bytes that carry a frame. */
  static byte[] framed(boolean escapes, byte... data) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.write(DELIMITER);
    put(line, data.length >>> 8, escapes);
    put(line, data.length & 0xFF, escapes);
    int sum = 0;
    for (byte next : data) {
      put(line, next & 0xFF, escapes);
      sum += next;
    }
    put(line, 0xFF - sum & 0xFF, escapes);
    return line.toByteArray();
  }

  private static void put(ByteArrayOutputStream line, int next, boolean escapes) {
    if (escapes && (next == DELIMITER || next == ESCAPE || next == 0x11 || next == 0x13)) {
      line.write(ESCAPE);
      line.write(next ^ TURN);
    } else {
      line.write(next);
    }
  }

  /** Drops half a frame: what comes next is not its other half. */
  void restart() {
    drop(length);
  }

  /** Takes the next bytes of the stream, any number; answers the data of frames. */
  List<byte[]> feed(byte[] bytes) {
    List<byte[]> complete = new ArrayList<>(0);
    for (int i = 0; i < bytes.length; i++) {
      pending[length++] = bytes[i];
      if (length == pending.length || i == bytes.length - 1) {
        take(complete);
      }
    }
    return complete;
  }

  /** Bytes so far that were part of no frame. */
  long garbageBytes() {
    return garbageBytes;
  }

  /** Takes frames from what is pending until the rest may be the beginning of one. */
  private void take(List<byte[]> complete) {
    int from = 0;
    byte[] plain = new byte[dataBytesMax + FRAMING_BYTES];
    while (from < length) {
      int end = pending[from] == DELIMITER ? parse(from, plain) : 0;
      if (end > 0) {
        complete.add(Arrays.copyOfRange(plain, LENGTH_END, dataEnd(plain)));
        from = end;
      } else if (end == 0) {
        from++;
        garbageBytes++;
      } else {
        break;
      }
    }
    System.arraycopy(pending, from, pending, 0, length - from);
    length -= from;
  }

  private static int dataEnd(byte[] plain) {
    return LENGTH_END + ((plain[1] & 0xFF) << 8 | plain[2] & 0xFF);
  }

  /** Where a frame that begins at {@code from} ends; 0 if none does, -1 if more has to come. */
  private int parse(int from, byte[] plain) {
    int count = 0;
    int sum = 0;
    for (int at = from; at < length; at++) {
      int next = pending[at] & 0xFF;
      if (escapes && at > from && next == DELIMITER) {
        return 0;
      }
      if (escapes && next == ESCAPE) {
        if (++at == length) {
          return -1;
        }
        next = (pending[at] ^ TURN) & 0xFF;
      }
      plain[count++] = (byte) next;
      sum += count > LENGTH_END ? next : 0;
      if (count == LENGTH_END) {
        int data = dataEnd(plain) - LENGTH_END;
        if (data < 1 || data > dataBytesMax) {
          return 0;
        }
      }
      if (count > LENGTH_END && count > dataEnd(plain)) {
        return (sum & 0xFF) == 0xFF ? at + 1 : 0;
      }
    }
    return -1;
  }

  private void drop(int count) {
    garbageBytes += count;
    length -= count;
  }
}
