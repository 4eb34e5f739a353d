package starling.link.serial;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consistent overhead byte stuffing: bytes without a zero among them, so that a zero can delimit
 * (Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999). Each block is a code byte c
 * and c - 1 bytes that are not zero; a zero follows it unless c is 255 or it is the last.
 */
final class Cobs {
  private static final int BLOCK_MAX = 0xFF;

  private Cobs() {}

  /** How many bytes {@code bytes} bytes take at most. */
  static int encodedMax(int bytes) {
    return bytes + 1 + bytes / (BLOCK_MAX - 1);
  }

  /** Writes the encoding of {@code from} into {@code into} at {@code at}; answers its end. */
  static int encode(byte[] from, byte[] into, int at) {
    int code = at;
    int end = at + 1;
    for (int i = 0; i < from.length; i++) {
      if (from[i] != 0) {
        into[end++] = from[i];
      }
      boolean full = end - code == BLOCK_MAX;
      if (from[i] == 0 || (full && i < from.length - 1)) {
        into[code] = (byte) (end - code);
        code = end++;
      }
    }
    into[code] = (byte) (end - code);
    return end;
  }

  /** Decodes the first {@code length} bytes; null if they are no encoding of anything. */
  static byte @Nullable [] decode(byte[] from, int length) {
    byte[] into = new byte[length];
    int done = 0;
    int at = 0;
    while (at < length) {
      int code = from[at] & 0xFF;
      if (code == 0 || at + code > length) {
        return null;
      }
      for (int i = at + 1; i < at + code; i++) {
        if (from[i] == 0) {
          return null;
        }
        into[done++] = from[i];
      }
      at += code;
      if (code < BLOCK_MAX && at < length) {
        into[done++] = 0;
      }
    }
    return length == 0 ? null : Arrays.copyOf(into, done);
  }
}
