package starling.zone;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.model.Hash;
import starling.model.Member;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The exclusive-or of some contributions of one window: who has all of them but one has that one,
 * too (parity, as in RFC 5109). Where much is lost it saves asking.
 *
 * <pre>
 * count 1 | slot (count) | exclusive-or, each filled up with zeros, of (length 1 | check 2 | contribution)
 * check: low bits of the hash of slot and contribution
 * </pre>
 *
 * <p>The check keeps out what is no contribution: two nodes may have said different ones for one
 * slot.
 *
 * @param slots whose contributions these are, as a bitmap
 */
record Parity(long slots, byte[] sum) {
  /** So many contributions one is made of: best up to losses of two in five. */
  static final int ROWS = 4;

  private static final int ROWS_MAX = 8;
  private static final int HEADER_BYTES = 3;

  /** What it takes on the air at most, if it is made of {@link #ROWS} contributions. */
  static final int BYTES_MAX = 1 + ROWS + HEADER_BYTES + Contribution.BYTES_MAX;

  /** That of some contributions that a window has. */
  static Parity of(CellWindow window, long slots) {
    byte[] sum = {};
    for (long left = slots; left != 0; left &= left - 1) {
      sum = plus(sum, window, Long.numberOfTrailingZeros(left));
    }
    return new Parity(slots, sum);
  }

  private static byte[] plus(byte[] sum, CellWindow window, int slot) {
    byte @Nullable [] row = window.row(slot);
    if (row == null) {
      throw new IllegalArgumentException("no contribution of slot " + slot);
    }
    byte[] term =
        WireWriter.ofSize(HEADER_BYTES + row.length)
            .u8(row.length)
            .u16(check(slot, row))
            .bytes(row)
            .toBytes();
    byte[] more = Arrays.copyOf(sum, Math.max(sum.length, term.length));
    for (int i = 0; i < term.length; i++) {
      more[i] ^= term[i];
    }
    return more;
  }

  private static int check(int slot, byte[] row) {
    return (int) Hash.of(Hash.of(row), slot) & 0xFFFF;
  }

  void write(WireWriter to) {
    to.u8(Long.bitCount(slots));
    for (long left = slots; left != 0; left &= left - 1) {
      to.u8(Long.numberOfTrailingZeros(left));
    }
    to.bytes(sum);
  }

  /** Reads one that takes all that is left. */
  static Parity read(WireReader from) throws MalformedException {
    int count = from.u8();
    if (count < 1 || count > ROWS_MAX) {
      throw new MalformedException("a parity of " + count + " contributions");
    }
    long slots = 0;
    for (int i = 0; i < count; i++) {
      int slot = from.u8();
      if (slot >= Member.SLOTS_MAX || slots >>> slot != 0) {
        throw new MalformedException("a parity's slots ascend to 63 at most");
      }
      slots |= 1L << slot;
    }
    int bytes = from.remaining();
    if (bytes <= HEADER_BYTES || bytes > HEADER_BYTES + Contribution.BYTES_MAX) {
      throw new MalformedException("a parity of " + bytes + " bytes");
    }
    return new Parity(slots, from.bytes(bytes));
  }

  /** What of it a window lacks. */
  long missing(CellWindow window) {
    return slots & ~window.bits();
  }

  /** The one contribution that a window lacks of it; empty if that is not what comes out. */
  Optional<byte[]> solve(CellWindow window) {
    byte[] rest = sum;
    for (long left = slots & window.bits(); left != 0; left &= left - 1) {
      rest = plus(rest, window, Long.numberOfTrailingZeros(left));
    }
    int length = rest[0] & 0xFF;
    int slot = Long.numberOfTrailingZeros(missing(window));
    if (length == 0 || length > rest.length - HEADER_BYTES) {
      return Optional.empty();
    }
    byte[] row = Arrays.copyOfRange(rest, HEADER_BYTES, HEADER_BYTES + length);
    int check = (rest[1] & 0xFF) << 8 | rest[2] & 0xFF;
    return check == check(slot, row) ? Optional.of(row) : Optional.empty();
  }
}
