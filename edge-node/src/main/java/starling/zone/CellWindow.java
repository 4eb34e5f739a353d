package starling.zone;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import starling.model.Window;

/**
 * The contributions of one window in this node's cell, by slot, and who is known to have which. The
 * first contribution of a slot stays: it is immutable, so another one can only be a clone's, and is
 * never counted.
 */
final class CellWindow {
  final Window window;
  private byte[][] rows = {}; // of those present, by ascending slot
  private long[] knownBy = {}; // by slot, as far as one is known by somebody
  private long present;
  private @Nullable Requests requests;

  /** Whether this node said its own contribution on the broadcast medium. */
  boolean saidOwn;

  /** Whether this node said there what it has. */
  boolean saidHave;

  /** Bumped with each new contribution. */
  int changes;

  /** How many contributions the last computed result had seen. */
  int computedAt = -1;

  /** What became of a contribution that came in. */
  enum Added {
    NEW,
    HELD,
    /** Another one of this slot is held, and stays. */
    CONFLICTS
  }

  CellWindow(Window window) {
    this.window = window;
  }

  Added add(int slot, byte[] row) {
    int place = place(slot);
    if (has(slot)) {
      return Arrays.equals(rows[place], row) ? Added.HELD : Added.CONFLICTS;
    }
    byte[][] more = Arrays.copyOf(rows, rows.length + 1);
    System.arraycopy(rows, place, more, place + 1, rows.length - place);
    more[place] = row;
    rows = more;
    present |= 1L << slot;
    changes++;
    return Added.NEW;
  }

  private int place(int slot) {
    return Long.bitCount(present & (1L << slot) - 1);
  }

  /** Repair of this window on a broadcast medium. */
  Requests requests() {
    Requests now = requests == null ? new Requests() : requests;
    requests = now;
    return now;
  }

  /** The same, if anything was asked or promised yet. */
  @Nullable Requests anyRequests() {
    return requests;
  }

  /** The slots that contributed, as a bitmap: what a digest says. */
  long bits() {
    return present;
  }

  byte @Nullable [] row(int slot) {
    return has(slot) ? rows[place(slot)] : null;
  }

  boolean has(int slot) {
    return (present & 1L << slot) != 0;
  }

  /** The contributions of present members that are still missing. */
  long missing(Moment at) {
    return at.place().cell().sensingBits() & ~present & ~at.facts().members().suspect();
  }

  /** The mate at {@code mateBit} has exactly these. */
  void mateHas(int mateBit, long bits) {
    for (int slot = 0; slot < knownBy.length; slot++) {
      knownBy[slot] &= ~(1L << mateBit);
    }
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      mateHasOne(mateBit, Long.numberOfTrailingZeros(rest));
    }
  }

  void mateHasOne(int mateBit, int slot) {
    if (slot >= knownBy.length) {
      knownBy = Arrays.copyOf(knownBy, slot + 1);
    }
    knownBy[slot] |= 1L << mateBit;
  }

  boolean knownBy(int mateBit, int slot) {
    return slot < knownBy.length && (knownBy[slot] & 1L << mateBit) != 0;
  }
}
