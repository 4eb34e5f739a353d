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
  private long conflicts;

  /** Bumped with each new contribution. */
  int changes;

  /** How many contributions the last computed result had seen. */
  int computedAt = -1;

  /**
   * When the last missing contribution of a present member came in, monotonic; 0 while incomplete.
   */
  long completeNanos;

  CellWindow(Window window) {
    this.window = window;
  }

  /** Adds a contribution; answers whether it is new. */
  boolean add(int slot, byte[] row) {
    byte[] held = rows[slot];
    if (held != null) {
      conflicts |= Arrays.equals(held, row) ? 0 : 1L << slot;
      return false;
    }
    rows[slot] = row;
    present |= 1L << slot;
    changes++;
    return true;
  }

  /** The slots that contributed, as a bitmap: what a digest says. */
  long bits() {
    return present;
  }

  /** The slots for which two different contributions were heard. */
  long conflicts() {
    return conflicts;
  }

  byte @Nullable [] row(int slot) {
    return rows[slot];
  }

  boolean has(int slot) {
    return (present & 1L << slot) != 0;
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

  /** Another node took this slot: what the old one said there is no longer its. */
  void forget(int slot) {
    if (has(slot)) {
      rows[slot] = null;
      present &= ~(1L << slot);
      changes++;
    }
  }
}
