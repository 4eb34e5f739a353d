package starling.inquiry;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import starling.model.Hash;

/** A listing, or as much of it as has come so far. */
final class Copy {
  private static final byte[] NOTHING = {};

  private final BitSet has = new BitSet();
  private byte[] bytes = NOTHING;
  private int stamp;
  private boolean complete;

  /** Nothing yet. */
  Copy() {}

  /** All of it. */
  Copy(byte[] listing) {
    bytes = listing;
    stamp = stamp(listing);
    has.set(0, listing.length);
    complete = true;
  }

  private static int stamp(byte[] listing) {
    return (int) Hash.of(listing) & 0xFFFF;
  }

  boolean complete() {
    return complete;
  }

  /** The whole listing, once it is complete. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether nothing of it is here. */
  boolean empty() {
    return has.isEmpty();
  }

  int stamp() {
    return stamp;
  }

  /** Takes a part in; one of another listing than before begins anew. Answers whether it helped. */
  boolean take(Message.Tell part) {
    if (complete) {
      return false;
    }
    if (part.stamp() != stamp || part.total() != bytes.length) {
      has.clear();
      stamp = part.stamp();
      bytes = new byte[part.total()];
    }
    int before = has.cardinality();
    System.arraycopy(part.part(), 0, bytes, part.offset(), part.part().length);
    has.set(part.offset(), part.offset() + part.part().length);
    if (has.cardinality() == bytes.length) {
      complete = stamp(bytes) == stamp;
      if (!complete) {
        has.clear(); // two listings under one stamp: none of it can be trusted
      }
    }
    return has.cardinality() > before;
  }

  /** What is missing, from inclusive and until exclusive in turn; empty if all of it is. */
  int[] gaps() {
    if (has.isEmpty()) {
      return new int[0];
    }
    int[] gaps = new int[2 * Message.GAPS_MAX];
    int count = 0;
    int from = has.nextClearBit(0);
    while (from < bytes.length && count < gaps.length) {
      int next = has.nextSetBit(from);
      int until = next < 0 ? bytes.length : next;
      gaps[count++] = from;
      gaps[count++] = until;
      from = has.nextClearBit(until);
    }
    return Arrays.copyOf(gaps, count);
  }

  /** The first part that is wanted and here, of at most so many bytes; null if there is none. */
  Message.@Nullable Tell part(int id, BitSet wanted, int bytesMax) {
    int from = wanted.nextSetBit(0);
    while (from >= 0 && !has.get(from)) {
      int next = has.nextSetBit(from);
      from = next < 0 ? -1 : wanted.nextSetBit(next);
    }
    if (from < 0 || bytesMax < 1) {
      return null;
    }
    int until = Math.min(has.nextClearBit(from), wanted.nextClearBit(from));
    until = Math.min(until, from + bytesMax);
    return new Message.Tell(id, stamp, bytes.length, from, Arrays.copyOfRange(bytes, from, until));
  }

  /** Whether some of what is wanted is here. */
  boolean hasSome(BitSet wanted) {
    return wanted.intersects(has);
  }
}
