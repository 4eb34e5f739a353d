package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What the nodes of a cell made durable, as an observer at their disks sees it: those of a window
 * one after the other in one array, as a large site seals many.
 *
 * <pre>
 * slot 1 | node 8 | length v | contribution
 * </pre>
 */
final class SealedContributions {
  private static final int HEAD_MAX_BYTES = 1 + 8 + 5;
  private static final int PACES = Window.PACE_MAX + 1;
  private static final byte[] NOTHING = {};

  private final long windowMillis;
  private final TreeMap<Long, byte[]> byWindow = new TreeMap<>(); // by end, then pace

  /**
   * One contribution, and whose it is.
   *
   * @param node an identity's bits
   */
  record Contribution(long node, byte[] row) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Contribution c && node == c.node && Arrays.equals(row, c.row);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(node) + Arrays.hashCode(row);
    }
  }

  private interface Told {
    void contribution(int slot, Contribution one);
  }

  SealedContributions(long windowMillis) {
    this.windowMillis = windowMillis;
  }

  private static long window(long endMillis, int pace) {
    return endMillis * PACES + pace;
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
    long window = window(from.u48(), pace);
    byte[] row = from.bytes(from.remaining());
    byte[] all = byWindow.getOrDefault(window, NOTHING);
    if (!at(slot, all).contains(new Contribution(node, row))) {
      WireWriter to = WireWriter.ofSize(all.length + HEAD_MAX_BYTES + row.length);
      to.bytes(all).u8(slot).u64(node).varint(row.length).bytes(row);
      byWindow.put(window, to.toBytes());
    }
  }

  /** What may stand for a slot in a window: one contribution, unless there were two nodes in it. */
  List<Contribution> at(int slot, long startMillis, long endMillis) {
    int pace = 0;
    while (windowMillis << pace < endMillis - startMillis) {
      pace++;
    }
    return at(slot, byWindow.getOrDefault(window(endMillis, pace), NOTHING));
  }

  private static List<Contribution> at(int slot, byte[] all) {
    List<Contribution> there = new ArrayList<>(1);
    each(
        all,
        (other, one) -> {
          if (other == slot) {
            there.add(one);
          }
        });
    return there;
  }

  private static void each(byte[] all, Told told) {
    try {
      WireReader from = new WireReader(all);
      while (from.remaining() > 0) {
        int slot = from.u8();
        long node = from.u64();
        told.contribution(slot, new Contribution(node, from.bytes(from.varint(all.length))));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("holds what was never written to it", e);
    }
  }

  /** Forgets windows that ended before. */
  void forget(long beforeMillis) {
    byWindow.headMap(window(beforeMillis, 0)).clear();
  }

  /** How many bear the mark of a clock that jumped. */
  long partials() {
    long[] partials = {0};
    each((_, one) -> partials[0] += one.row()[0] >>> 3 & 1);
    return partials[0];
  }

  /** Tells each contribution held, under a text that names its window. */
  void each(BiConsumer<String, Contribution> told) {
    byWindow.forEach((window, all) -> {
      String name = window % PACES + " " + window / PACES;
      each(all, (_, one) -> told.accept(name, one));
    });
  }
}
