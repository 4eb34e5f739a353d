package starling.zone;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import starling.model.Member;
import starling.model.Window;

/**
 * The contributions of one window in this node's cell, by slot, and who is known to have which. The
 * first contribution of a slot stays: it is immutable, so another one can only be a clone's, and is
 * never counted.
 */
final class CellWindow {
  final Window window;
  private final byte[] @Nullable [] rows = new byte[Member.SLOTS_MAX] @Nullable [];
  private final long[] knownBy = new long[Member.SLOTS_MAX];
  private long present;

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
    byte[] held = rows[slot];
    if (held != null) {
      return Arrays.equals(held, row) ? Added.HELD : Added.CONFLICTS;
    }
    rows[slot] = row;
    present |= 1L << slot;
    changes++;
    return Added.NEW;
  }

  /** The slots that contributed, as a bitmap: what a digest says. */
  long bits() {
    return present;
  }

  byte @Nullable [] row(int slot) {
    return rows[slot];
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
    for (int slot = 0; slot < rows.length; slot++) {
      if ((bits & 1L << slot) != 0) {
        knownBy[slot] |= 1L << mateBit;
      } else {
        knownBy[slot] &= ~(1L << mateBit);
      }
    }
  }

  void mateHasOne(int mateBit, int slot) {
    knownBy[slot] |= 1L << mateBit;
  }

  boolean knownBy(int mateBit, int slot) {
    return (knownBy[slot] & 1L << mateBit) != 0;
  }
}
