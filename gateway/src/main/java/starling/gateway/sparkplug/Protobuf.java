package starling.gateway.sparkplug;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * As much of Protocol Buffers' wire format as Sparkplug's payload needs: varints, doubles and what
 * has a length. See https://protobuf.dev/programming-guides/encoding/.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_MAX_BYTES = 10;

  private Protobuf() {}

  /** A message being written, field by field. */
  static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Writer number(int field, long value) {
      varint((long) field << 3 | VARINT);
      varint(value);
      return this;
    }

    Writer truth(int field, boolean value) {
      return number(field, value ? 1 : 0);
    }

    Writer real(int field, double value) {
      varint((long) field << 3 | FIXED64);
      long bits = Double.doubleToLongBits(value);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        bytes.write((int) (bits >>> shift));
      }
      return this;
    }

    Writer text(int field, String value) {
      return bytes(field, value.getBytes(UTF_8));
    }

    Writer message(int field, Writer of) {
      return bytes(field, of.toBytes());
    }

    private Writer bytes(int field, byte[] value) {
      varint((long) field << 3 | LENGTH);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7FL) != 0) {
        bytes.write((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      bytes.write((int) left);
    }
  }

  /**
   * A message being read. What is cut off or nonsense is refused with an {@link
   * IllegalArgumentException}; nothing is allocated by what a length claims.
   */
  static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int wire;

    Reader(byte[] bytes) {
      this(bytes, 0, bytes.length);
    }

    private Reader(byte[] bytes, int at, int end) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    /** The next field's number, or 0 at the end. What it holds has to be read or skipped. */
    int field() {
      if (at == end) {
        return 0;
      }
      long tag = varint();
      wire = (int) tag & 7;
      long field = tag >>> 3;
      if (field < 1 || field > 0x1FFF_FFFF) {
        throw new IllegalArgumentException("no such field: " + field);
      }
      return (int) field;
    }

    long number() {
      want(VARINT);
      return varint();
    }

    String text() {
      Reader inside = message();
      return new String(bytes, inside.at, inside.end - inside.at, UTF_8);
    }

    Reader message() {
      want(LENGTH);
      long length = varint();
      if (length < 0 || length > end - at) {
        throw new IllegalArgumentException("cut off");
      }
      at += (int) length;
      return new Reader(bytes, at - (int) length, at);
    }

    void skip() {
      switch (wire) {
        case VARINT -> varint();
        case FIXED64 -> advance(Long.BYTES);
        case FIXED32 -> advance(Integer.BYTES);
        default -> message();
      }
    }

    private void want(int type) {
      if (wire != type) {
        throw new IllegalArgumentException("wire type " + wire + " where " + type + " should be");
      }
    }

    private void advance(int by) {
      if (end - at < by) {
        throw new IllegalArgumentException("cut off");
      }
      at += by;
    }

    private long varint() {
      long value = 0;
      for (int i = 0; i < VARINT_MAX_BYTES; i++) {
        advance(1);
        byte next = bytes[at - 1];
        value |= (next & 0x7FL) << (7 * i);
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number of more than " + VARINT_MAX_BYTES + " bytes");
    }
  }
}
