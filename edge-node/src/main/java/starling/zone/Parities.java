package starling.zone;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parities of one window that were heard and may still say something, newest last. */
final class Parities {
  private static final int WAITING_MAX = 32;

  private final Deque<Parity> waiting = new ArrayDeque<>();

  /** A contribution that followed from others. */
  record Solved(int slot, byte[] row) {}

  /** One was heard; the oldest goes if there are too many. */
  void add(Parity parity) {
    if (waiting.size() == WAITING_MAX) {
      waiting.removeFirst();
    }
    waiting.add(parity);
  }

  /** A contribution that the window lacks, if one follows; null if none does. */
  @Nullable Solved solve(CellWindow window) {
    for (Iterator<Parity> left = waiting.iterator(); left.hasNext(); ) {
      Parity next = left.next();
      int missing = Long.bitCount(next.missing(window));
      if (missing <= 1) {
        left.remove();
      }
      Optional<byte[]> row = missing == 1 ? next.solve(window) : Optional.empty();
      if (row.isPresent()) {
        return new Solved(Long.numberOfTrailingZeros(next.missing(window)), row.get());
      }
    }
    return null;
  }
}
