package starling.link.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * MQTT control packets as they come, but messages at QoS 0, which need no answer: these are handed
 * over here. The client library would read them byte by byte, and keep acknowledgements waiting
 * behind ten of them; and it would set aside up to 256 MB for a packet because its length field
 * says so (MQTT 3.1.1, section 2.2.3). Messages above a size are left out, any other packet above
 * it ends the connection.
 *
 * <pre>
 * +--------+------------------+----------------------+
 * | type 4 | remaining length | body                 |
 * | flag 4 | varint, 1-4 B    | remaining length B   |
 * +--------+------------------+----------------------+
 * </pre>
 */
final class BoundedPackets extends FilterInputStream {
  private static final int HEAD_MAX_BYTES = 5;
  private static final int PUBLISH = 3;
  private static final int QOS_BITS = 0x06;
  private static final int RETAINED = 0x01;
  private static final int TOPIC_AT = 2;

  /** Takes what is published to us, on the thread that reads. */
  @FunctionalInterface
  interface Arrivals {
    void message(String topic, byte[] payload, boolean retained);
  }

  private final int bodyMaxBytes;
  private final LongAdder leftOut;
  private final Arrivals arrivals;
  private final byte[] head = new byte[HEAD_MAX_BYTES];
  private int headBytes;
  private int headGiven;
  private int bodyLeftBytes;

  /**
   * @param in the broker's bytes
   * @param bodyMaxBytes the largest body that passes
   * @param leftOut counts the packets that did not
   * @param arrivals where messages at QoS 0 go
   */
  BoundedPackets(InputStream in, int bodyMaxBytes, LongAdder leftOut, Arrivals arrivals) {
    super(in);
    this.bodyMaxBytes = bodyMaxBytes;
    this.leftOut = leftOut;
    this.arrivals = arrivals;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (headGiven == headBytes && bodyLeftBytes == 0 && !nextHead()) {
      return -1;
    }
    if (headGiven < headBytes) {
      int count = Math.min(length, headBytes - headGiven);
      System.arraycopy(head, headGiven, to, offset, count);
      headGiven += count;
      return count;
    }
    int count = in.read(to, offset, Math.min(length, bodyLeftBytes));
    if (count > 0) {
      bodyLeftBytes -= count;
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads heads until one's packet may pass; false at the end of the stream. */
  private boolean nextHead() throws IOException {
    while (true) {
      headBytes = 0;
      headGiven = 0;
      int first = in.read();
      if (first < 0) {
        return false;
      }
      head[headBytes++] = (byte) first;
      int length = readLength();
      boolean message = first >> 4 == PUBLISH && (first & QOS_BITS) == 0;
      if (message && length <= bodyMaxBytes) {
        hand(in.readNBytes(length), length, (first & RETAINED) != 0);
      } else if (length <= bodyMaxBytes) {
        bodyLeftBytes = length;
        return true;
      } else {
        leftOut.increment();
        if (!message) {
          throw new IOException(
              "the broker sent a packet of " + length + " bytes, not for this use");
        }
        in.skipNBytes(length);
      }
    }
  }

  /** A message: the topic's length in two bytes, the topic, and the rest (section 3.3). */
  private void hand(byte[] body, int length, boolean retained) throws IOException {
    int topicBytes =
        length < TOPIC_AT ? length : Byte.toUnsignedInt(body[0]) << 8 | Byte.toUnsignedInt(body[1]);
    if (body.length < length || TOPIC_AT + topicBytes > length) {
      throw new EOFException("the broker sent a message that ends before its topic does");
    }
    arrivals.message(
        new String(body, TOPIC_AT, topicBytes, UTF_8),
        Arrays.copyOfRange(body, TOPIC_AT + topicBytes, length),
        retained);
  }

  private int readLength() throws IOException {
    int length = 0;
    for (int shift = 0; headBytes < HEAD_MAX_BYTES; shift += 7) {
      int digit = in.read();
      if (digit < 0) {
        throw new EOFException("the broker closed the connection inside a packet");
      }
      head[headBytes++] = (byte) digit;
      length |= (digit & 0x7F) << shift;
      if (digit < 0x80) {
        return length;
      }
    }
    throw new IOException("the broker sent a length of more than four bytes: not MQTT");
  }
}
