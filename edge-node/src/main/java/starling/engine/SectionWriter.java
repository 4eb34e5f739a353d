package starling.engine;

import starling.wire.WireWriter;

/**
 * Writes one protocol's sections into a frame, within the bytes that it was given.
 *
 * <pre>
 * type 4 | LAST 1 | kind 3      length 8 (absent when LAST)      body
 * </pre>
 *
 * A section whose body overflows or stays empty is taken back whole. One whose body is longer than
 * a length can say ({@value #BODY_MAX_BYTES} bytes) has to be the frame's last: nothing fits behind
 * it.
 */
public final class SectionWriter {
  /** Bytes before a body. */
  public static final int HEADER_BYTES = 2;

  private static final int BODY_MAX_BYTES = 255;
  private static final int LAST = 1 << 3;

  private final WireWriter to;
  private int type;
  private int sectionAt = -1;
  private int lastSectionAt = -1;
  private boolean full;

  /** A writer of sections; {@link #type} says whose. */
  public SectionWriter(WireWriter to) {
    this.to = to;
  }

  /** From now on sections are this protocol's. */
  public void type(SectionType of) {
    type = of.code();
  }

  /** Bytes that the body of one more section could have. */
  public int remaining() {
    return full ? 0 : Math.max(0, to.remaining() - HEADER_BYTES);
  }

  /**
   * Begins a section; write its body to what is answered, then {@link #close}.
   *
   * @param kind the protocol's own, 0 to 7
   */
  public WireWriter open(int kind) {
    if (full) {
      to.narrow(0);
    }
    sectionAt = to.mark();
    return to.u8(type << 4 | kind).u8(0);
  }

  /** Ends the section and answers whether it stands: it does unless it overflowed or is empty. */
  public boolean close() {
    int bodyBytes = to.mark() - sectionAt - HEADER_BYTES;
    if (to.overflowed() || bodyBytes <= 0) {
      to.reset(sectionAt);
      return false;
    }
    full = bodyBytes > BODY_MAX_BYTES;
    to.patch(sectionAt + 1, bodyBytes);
    lastSectionAt = sectionAt;
    return true;
  }

  /**
   * Drops the length of the last section, since it reaches to the frame's end; answers the
   * sections' length.
   */
  static int finish(byte[] frame, SectionWriter writer) {
    int length = writer.to.length();
    int at = writer.lastSectionAt;
    if (at < 0) {
      return length;
    }
    frame[at] |= LAST;
    System.arraycopy(frame, at + HEADER_BYTES, frame, at + 1, length - at - HEADER_BYTES);
    return length - 1;
  }

  static boolean isLast(int first) {
    return (first & LAST) != 0;
  }
}
