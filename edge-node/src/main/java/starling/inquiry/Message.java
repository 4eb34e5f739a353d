package starling.inquiry;

import starling.engine.RowSource;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What inquiries say to each other. On a broadcast medium each begins with the slot of whom it is
 * for.
 *
 * <pre>
 * kind 0, ASK   id 1 | {@link Question} | nothing for all, or stamp 2 | (from v | until v)..., the last until may be missing
 * kind 1, TELL  id 1 | stamp 2 | total v | offset v | bytes      to the section's end
 * kind 2, WAIT  id 1                                              heard, and asked elsewhere
 * </pre>
 *
 * The id is the asker's own, for this neighbour to answer by. The stamp names one listing: parts of
 * two are never put together.
 */
sealed interface Message {
  int ASK = 0;
  int TELL = 1;
  int WAIT = 2;

  /** The most gaps in one question. */
  int GAPS_MAX = 8;

  /** Bytes that come before a part of a listing, at most. */
  int TELL_HEADER_BYTES = 1 + 1 + 2 + 3 + 3;

  int id();

  /**
   * A question.
   *
   * @param stamp of what the asker has a part of already; meaningless without gaps
   * @param gaps what it lacks of that: from inclusive, until exclusive, in turn; empty for all
   */
  record Ask(int id, Question question, int stamp, int[] gaps) implements Message {
    @Override
    public boolean equals(Object other) {
      return other instanceof Ask a
          && id == a.id
          && question.equals(a.question)
          && stamp == a.stamp
          && java.util.Arrays.equals(gaps, a.gaps);
    }

    @Override
    public int hashCode() {
      return question.hashCode();
    }
  }

  /** A part of a listing. */
  record Tell(int id, int stamp, int total, int offset, byte[] part) implements Message {
    @Override
    public boolean equals(Object other) {
      return other instanceof Tell t
          && id == t.id
          && stamp == t.stamp
          && total == t.total
          && offset == t.offset
          && java.util.Arrays.equals(part, t.part);
    }

    @Override
    public int hashCode() {
      return stamp;
    }
  }

  /** The answer is not here yet. */
  record Wait(int id) implements Message {}

  /** Writes a body; of an {@link Ask} as many gaps as fit. */
  default void write(WireWriter to) {
    to.u8(id());
    switch (this) {
      case Ask ask -> {
        ask.question().write(to);
        if (ask.gaps().length > 0) {
          to.u16(ask.stamp());
          writeGaps(ask.gaps(), to);
        }
      }
      case Tell tell ->
          to.u16(tell.stamp()).varint(tell.total()).varint(tell.offset()).bytes(tell.part());
      case Wait _ -> {}
    }
  }

  private static void writeGaps(int[] gaps, WireWriter to) {
    to.varint(gaps[0]);
    for (int i = 1; i < Math.min(gaps.length, 2 * GAPS_MAX) && !to.overflowed(); i++) {
      int mark = to.mark();
      to.varint(gaps[i]);
      if (to.overflowed()) {
        to.reset(mark);
        return;
      }
    }
  }

  /** Reads a body. */
  static Message read(int kind, WireReader from) throws MalformedException {
    int id = from.u8();
    return switch (kind) {
      case ASK -> {
        Question question = Question.read(from);
        boolean all = from.remaining() == 0;
        int stamp = all ? 0 : from.u16();
        int[] gaps = readGaps(from);
        if (!all && gaps.length == 0) {
          throw new MalformedException("what is missing of a listing, and nothing is");
        }
        yield new Ask(id, question, stamp, gaps);
      }
      case TELL -> readTell(id, from);
      case WAIT -> {
        from.end();
        yield new Wait(id);
      }
      default -> throw new MalformedException("an inquiry of kind " + kind);
    };
  }

  private static int[] readGaps(WireReader from) throws MalformedException {
    int[] gaps = new int[2 * GAPS_MAX];
    int count = 0;
    while (from.remaining() > 0) {
      if (count == gaps.length) {
        throw new MalformedException("more than " + GAPS_MAX + " gaps");
      }
      gaps[count] = from.varint(RowSource.LISTING_MAX_BYTES);
      if (count > 0 && gaps[count] <= gaps[count - 1]) {
        throw new MalformedException("gaps out of order");
      }
      count++;
    }
    return java.util.Arrays.copyOf(gaps, count);
  }

  private static Tell readTell(int id, WireReader from) throws MalformedException {
    int stamp = from.u16();
    int total = from.varint(RowSource.LISTING_MAX_BYTES);
    int offset = from.varint(total);
    byte[] part = from.bytes(from.remaining());
    if (part.length == 0 || part.length > total - offset) {
      throw new MalformedException("a part past the end of its listing");
    }
    return new Tell(id, stamp, total, offset, part);
  }
}
