package starling.link.serial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.link.Reception;

/**
 * Whole frames out of a stream of bytes that may begin anywhere, lose any and invent any.
 *
 * <pre>
 *   00 | COBS( frame 1..n | CRC-16, high byte first ) | 00
 * </pre>
 *
 * <p>The zero in front costs a byte and saves the frame that follows noise or half a frame. The CRC
 * is CRC-16/IBM-3740 (x^16 + x^12 + x^5 + 1, from FFFF; "CCITT"): it spares the receiver work, the
 * frame's own tag is what authenticates. Memory is one encoded frame, whatever arrives.
 */
final class FrameStream implements Dialect {
  private static final int CRC_BYTES = 2;
  private static final int DELIMITER_BYTES = 2;

  private final byte[] pending;
  private final int frameBytesMax;
  private int length;
  private boolean overlong;
  private long frames;
  private long garbageBytes;

  /**
   * @param frameBytesMax longer frames are garbage
   */
  FrameStream(int frameBytesMax) {
    this.frameBytesMax = frameBytesMax;
    pending = new byte[Cobs.encodedMax(frameBytesMax + CRC_BYTES)];
  }

  /** How many bytes a frame of {@code frameBytes} has more on the line: 5, from 252 bytes 6. */
  static int framingBytes(int frameBytes) {
    return Cobs.encodedMax(frameBytes + CRC_BYTES) + DELIMITER_BYTES - frameBytes;
  }

  /** The bytes that carry a frame over the line. */
  static byte[] framed(byte[] frame) {
    byte[] body = Arrays.copyOf(frame, frame.length + CRC_BYTES);
    int crc = crc(frame, frame.length);
    body[frame.length] = (byte) (crc >>> 8);
    body[frame.length + 1] = (byte) crc;
    byte[] line = new byte[Cobs.encodedMax(body.length) + DELIMITER_BYTES];
    int end = Cobs.encode(body, line, 1);
    return Arrays.copyOf(line, end + 1);
  }

  @Override
  public byte[] encoded(byte[] frame) {
    return framed(frame);
  }

  @Override
  public void begin(long nowNanos) {
    restart();
  }

  @Override
  public byte[] due(long nowNanos) {
    return NOTHING;
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public String modem() {
    return "";
  }

  /** Drops half a frame: what comes next is not its other half. */
  void restart() {
    garbageBytes += length;
    length = 0;
    overlong = false;
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) {
    if (bytes.length == 0) {
      return List.of(); // most looks find nothing
    }
    return feed(bytes).stream().map(frame -> new Heard(frame, Reception.UNTOLD, nowNanos)).toList();
  }

  /** Takes the next bytes of the stream, any number; answers the frames that they complete. */
  List<byte[]> feed(byte[] bytes) {
    List<byte[]> complete = new ArrayList<>(0);
    for (byte next : bytes) {
      byte[] frame = feed(next);
      if (frame != null) {
        complete.add(frame);
      }
    }
    return complete;
  }

  /** Takes the next byte; answers the frame that it completes. */
  byte @Nullable [] feed(byte next) {
    if (next != 0) {
      append(next);
      return null;
    }
    return length > 0 || overlong ? finish() : null;
  }

  @Override
  public long frames() {
    return frames;
  }

  @Override
  public long garbageBytes() {
    return garbageBytes;
  }

  private void append(byte next) {
    if (length == pending.length) {
      overlong = true;
      garbageBytes += length;
      length = 0;
    }
    pending[length++] = next;
  }

  private byte @Nullable [] finish() {
    byte[] frame = null;
    byte[] body = overlong ? null : Cobs.decode(pending, length);
    if (body != null
        && body.length > CRC_BYTES
        && body.length <= frameBytesMax + CRC_BYTES
        && crc(body, body.length) == 0) {
      frame = Arrays.copyOf(body, body.length - CRC_BYTES);
      frames++;
      length = 0;
    }
    restart();
    return frame;
  }

  /** Of bytes and their own CRC, it is 0. */
  static int crc(byte[] bytes, int length) {
    int crc = 0xFFFF;
    for (int i = 0; i < length; i++) {
      crc ^= (bytes[i] & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1) ^ ((crc & 0x8000) == 0 ? 0 : 0x1021);
      }
      crc &= 0xFFFF;
    }
    return crc;
  }
}
