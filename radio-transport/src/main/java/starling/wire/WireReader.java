package starling.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link WireWriter} wrote, from bytes that may be anything: each read checks that it is
 * there.
 */
public final class WireReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads {@code bytes[start..end)}. */
  public WireReader(byte[] bytes, int start, int end) {
    if (start < 0 || end > bytes.length || start > end) {
      throw new IndexOutOfBoundsException(
          "no bytes " + start + " to " + end + " in " + bytes.length);
    }
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Bytes not read yet. */
  public int remaining() {
    return end - at;
  }

  /** Where the next byte stands in the array. */
  public int position() {
    return at;
  }

  public int u8() throws MalformedException {
    need(1);
    return bytes[at++] & 0xFF;
  }

  public int u16() throws MalformedException {
    return (int) fixed(2);
  }

  public int u24() throws MalformedException {
    return (int) fixed(3);
  }

  public long u32() throws MalformedException {
    return fixed(4);
  }

  public long u48() throws MalformedException {
    return fixed(6);
  }

  public long u64() throws MalformedException {
    return fixed(8);
  }

  /**
   * An unsigned varint of at most ten bytes, in its shortest form only: one value has one encoding.
   */
  public long varint() throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = u8();
      if (shift == 63 && next > 1) {
        throw new MalformedException("varint passes 64 bits");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new MalformedException("varint is longer than it needs to be");
        }
        return value;
      }
    }
    throw new MalformedException("varint does not end");
  }

  /** An unsigned varint between 0 and {@code max}. */
  public int varint(int max) throws MalformedException {
    long value = varint();
    if (value < 0 || value > max) {
      throw new MalformedException(
          "number " + Long.toUnsignedString(value) + " is past its limit " + max);
    }
    return (int) value;
  }

  /** A signed varint. */
  public long zigzag() throws MalformedException {
    long folded = varint();
    return (folded >>> 1) ^ -(folded & 1);
  }

  /** The next {@code count} bytes, copied. */
  public byte[] bytes(int count) throws MalformedException {
    need(count);
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  /** A reader over the next {@code count} bytes, which are skipped here. */
  public WireReader slice(int count) throws MalformedException {
    need(count);
    at += count;
    return new WireReader(bytes, at - count, at);
  }

  /** UTF-8 of at most {@code maxBytes} bytes. */
  public String text(int maxBytes) throws MalformedException {
    byte[] utf8 = bytes(varint(maxBytes));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text is not UTF-8");
    }
  }

  /** Throws unless all was read. */
  public void end() throws MalformedException {
    if (at != end) {
      throw new MalformedException((end - at) + " bytes follow the end");
    }
  }

  private long fixed(int count) throws MalformedException {
    need(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | (bytes[at++] & 0xFF);
    }
    return value;
  }

  private void need(int count) throws MalformedException {
    if (count < 0 || end - at < count) {
      throw new MalformedException("ends " + (count - (end - at)) + " bytes early");
    }
  }
}
