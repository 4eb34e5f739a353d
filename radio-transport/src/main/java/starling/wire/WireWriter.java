package starling.wire;

import java.util.Arrays;

/**
 * Writes into a fixed budget. What would pass the limit is not written and sets {@link
 * #overflowed}; a caller marks its place, writes a whole item, and takes it back with {@link
 * #reset} if it did not fit.
 *
 * <p>Integers are big-endian; varints are unsigned LEB128 of at most ten bytes; signed ones are
 * zigzag-folded first.
 */
public final class WireWriter {
  private final byte[] bytes;
  private final int start;
  private int limit;
  private int at;
  private boolean overflowed;

  /** Writes to the whole array. */
  public WireWriter(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Writes to {@code bytes[start..limit)}. */
  public WireWriter(byte[] bytes, int start, int limit) {
    if (start < 0 || limit > bytes.length || start > limit) {
      throw new IndexOutOfBoundsException(
          "no room " + start + " to " + limit + " in " + bytes.length + " bytes");
    }
    this.bytes = bytes;
    this.start = start;
    this.at = start;
    this.limit = limit;
  }

  /** A writer with its own array of {@code bytes} bytes. */
  public static WireWriter ofSize(int bytes) {
    return new WireWriter(new byte[bytes]);
  }

  /** Bytes written so far. */
  public int length() {
    return at - start;
  }

  /** Bytes that still fit. */
  public int remaining() {
    return limit - at;
  }

  /** Whether something did not fit since the last {@link #reset}. */
  public boolean overflowed() {
    return overflowed;
  }

  /** The place to come back to. */
  public int mark() {
    return at;
  }

  /** Takes back all that was written since the mark. */
  public void reset(int mark) {
    at = mark;
    overflowed = false;
  }

  /**
   * Narrows what may be written from here on to {@code bytes} bytes; answers the old limit for
   * {@link #widen}.
   */
  public int narrow(int bytes) {
    int old = limit;
    limit = Math.min(limit, at + Math.max(0, bytes));
    return old;
  }

  /** Restores a limit that {@link #narrow} answered. */
  public void widen(int oldLimit) {
    limit = oldLimit;
  }

  /** Overwrites one byte written before, at a mark. */
  public void patch(int mark, int value) {
    bytes[mark] = (byte) value;
  }

  public WireWriter u8(int value) {
    if (room(1)) {
      bytes[at++] = (byte) value;
    }
    return this;
  }

  public WireWriter u16(int value) {
    if (room(2)) {
      bytes[at++] = (byte) (value >>> 8);
      bytes[at++] = (byte) value;
    }
    return this;
  }

  public WireWriter u24(int value) {
    if (room(3)) {
      bytes[at++] = (byte) (value >>> 16);
      bytes[at++] = (byte) (value >>> 8);
      bytes[at++] = (byte) value;
    }
    return this;
  }

  public WireWriter u32(long value) {
    return fixed(value, 4);
  }

  public WireWriter u48(long value) {
    return fixed(value, 6);
  }

  public WireWriter u64(long value) {
    return fixed(value, 8);
  }

  /** An unsigned varint: all 64 bits. */
  public WireWriter varint(long value) {
    if (!room(varintLength(value))) {
      return this;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return this;
  }

  /** A signed varint, zigzag-folded. */
  public WireWriter zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  public WireWriter bytes(byte[] source) {
    return bytes(source, 0, source.length);
  }

  public WireWriter bytes(byte[] source, int from, int count) {
    if (room(count)) {
      System.arraycopy(source, from, bytes, at, count);
      at += count;
    }
    return this;
  }

  /** UTF-8 with a varint length before it. */
  public WireWriter text(String text) {
    byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int mark = at;
    varint(utf8.length).bytes(utf8);
    if (overflowed) {
      at = mark;
    }
    return this;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** Bytes that {@link #varint} takes, 1 to 10. */
  public static int varintLength(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  private WireWriter fixed(long value, int count) {
    if (room(count)) {
      for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
        bytes[at++] = (byte) (value >>> shift);
      }
    }
    return this;
  }

  private boolean room(int count) {
    if (overflowed || limit - at < count) {
      overflowed = true;
      return false;
    }
    return true;
  }
}
