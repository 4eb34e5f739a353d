package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * KISS messages out of a stream of bytes that may begin anywhere, lose any and invent any
 * (Chepponis and Karn, "The KISS TNC", 1987).
 *
 * <pre>
 *   C0 | type 1 | payload | C0          C0 within is DB DC, DB within is DB DD
 * </pre>
 *
 * <p>For a TNC the type's high four bits are a port and the low four a command; an RNode takes the
 * whole byte as its command. There is no checksum: the radio's own finds what the air broke, the
 * frame's tag what the line broke. Memory is one message, whatever arrives.
 */
final class KissStream {
  private static final byte FEND = (byte) 0xC0;
  private static final byte FESC = (byte) 0xDB;
  private static final byte TFEND = (byte) 0xDC;
  private static final byte TFESC = (byte) 0xDD;
  private static final int TYPE_BYTES = 1;

  private final byte[] pending;
  private int length;
  private int lineBytes;
  private boolean begun;
  private boolean escaped;
  private boolean broken;
  private long garbageBytes;

  /** A message as it was before it was framed. */
  record Message(int type, byte[] payload) {}

  /**
   * @param payloadBytesMax longer messages are garbage
   */
  KissStream(int payloadBytesMax) {
    pending = new byte[TYPE_BYTES + payloadBytesMax];
  }

  /** The bytes that carry a message; the type is escaped like all others (port 12's is C0). */
  static byte[] framed(int type, byte... payload) {
    byte[] line = new byte[2 * (payload.length + TYPE_BYTES + 1)];
    line[0] = FEND;
    int end = escape((byte) type, line, 1);
    for (byte next : payload) {
      end = escape(next, line, end);
    }
    line[end++] = FEND;
    return Arrays.copyOf(line, end);
  }

  /** Messages one after the other. */
  static byte[] join(byte[]... lines) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      joined.writeBytes(line);
    }
    return joined.toByteArray();
  }

  private static int escape(byte next, byte[] into, int at) {
    if (next != FEND && next != FESC) {
      into[at] = next;
      return at + 1;
    }
    into[at] = FESC;
    into[at + 1] = next == FEND ? TFEND : TFESC;
    return at + 2;
  }

  /** Drops half a message; what comes before the next delimiter is its other half, or noise. */
  void restart() {
    garbageBytes += lineBytes;
    begun = false;
    next();
  }

  /** Takes the next bytes of the stream, any number; answers the messages that they complete. */
  List<Message> feed(byte[] bytes) {
    List<Message> complete = new ArrayList<>(0);
    for (byte next : bytes) {
      if (next == FEND) {
        finish(complete);
      } else {
        lineBytes++;
        append(next);
      }
    }
    return complete;
  }

  /** Bytes so far that were part of no message. */
  long garbageBytes() {
    return garbageBytes;
  }

  private void append(byte next) {
    byte plain = next;
    if (escaped) {
      escaped = false;
      broken |= next != TFEND && next != TFESC;
      plain = next == TFEND ? FEND : FESC;
    } else if (next == FESC) {
      escaped = true;
      return;
    }
    if (broken || length == pending.length) {
      broken = true;
      garbageBytes += lineBytes;
      lineBytes = 0;
    } else {
      pending[length++] = plain;
    }
  }

  private void finish(List<Message> complete) {
    if (begun && !broken && !escaped && length >= TYPE_BYTES) {
      byte[] payload = Arrays.copyOfRange(pending, TYPE_BYTES, length);
      complete.add(new Message(pending[0] & 0xFF, payload));
    } else {
      garbageBytes += lineBytes;
    }
    begun = true;
    next();
  }

  private void next() {
    length = 0;
    lineBytes = 0;
    escaped = false;
    broken = false;
  }
}
