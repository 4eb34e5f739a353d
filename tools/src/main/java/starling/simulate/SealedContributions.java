package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import starling.model.Member;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/** What the nodes of a cell made durable, as an observer at their disks sees it. */
final class SealedContributions {
  private final long windowMillis;
  private final TreeMap<Long, Map<Integer, @Nullable Contribution[]>> byEnd = new TreeMap<>();

  /**
   * One contribution, and whose it is.
   *
   * @param node an identity's bits
   * @param beside another one for the same slot and window, if there were two nodes in it
   */
  record Contribution(long node, byte[] row, @Nullable Contribution beside) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Contribution c && node == c.node && Arrays.equals(row, c.row);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(node) + Arrays.hashCode(row);
    }
  }

  SealedContributions(long windowMillis) {
    this.windowMillis = windowMillis;
  }

  /**
   * Takes in a record of the zone protocol's.
   *
   * @throws MalformedException if it is none
   */
  void durable(long node, byte[] record) throws MalformedException {
    WireReader from = new WireReader(record);
    from.u16();
    int slot = from.u8();
    int pace = from.u8();
    long endMillis = from.u48();
    byte[] row = from.bytes(from.remaining());
    @Nullable Contribution[] slots =
        byEnd
            .computeIfAbsent(endMillis, _ -> new TreeMap<>())
            .computeIfAbsent(pace, _ -> new @Nullable Contribution[Member.SLOTS_MAX]);
    Contribution next = new Contribution(node, row, slots[slot]);
    for (Contribution held = slots[slot]; held != null; held = held.beside) {
      if (held.equals(next)) {
        return;
      }
    }
    slots[slot] = next;
  }

  /** What may stand for a slot in a window: one contribution, unless there were two nodes in it. */
  List<Contribution> at(int slot, long startMillis, long endMillis) {
    int pace = 0;
    while (windowMillis << pace < endMillis - startMillis) {
      pace++;
    }
    @Nullable Contribution[] slots = byEnd.getOrDefault(endMillis, Map.of()).get(pace);
    List<Contribution> all = new ArrayList<>();
    for (Contribution one = slots == null ? null : slots[slot]; one != null; one = one.beside) {
      all.addFirst(one);
    }
    return all;
  }

  /** Forgets windows that ended before. */
  void forget(long beforeMillis) {
    byEnd.headMap(beforeMillis).clear();
  }

  /** How many bear the mark of a clock that jumped. */
  long partials() {
    long[] partials = {0};
    each((_, one) -> partials[0] += one.row()[0] >>> 3 & 1);
    return partials[0];
  }

  /** Tells each contribution held, under a text that names its window. */
  void each(BiConsumer<String, Contribution> told) {
    byEnd.forEach((end, byPace) ->
        byPace.forEach((pace, slots) -> {
          for (Contribution first : slots) {
            for (Contribution one = first; one != null; one = one.beside) {
              told.accept(pace + " " + end, one);
            }
          }
        }));
  }
}
