package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/** What nodes made durable, as an observer at their disks sees it. */
final class SealedContributions {
  /** Where a contribution counts. */
  record Spot(int cell, int slot, int pace, long endMillis) {}

  /** One contribution, and whose it is. */
  record Contribution(String node, byte[] row) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Contribution c && node.equals(c.node) && Arrays.equals(row, c.row);
    }

    @Override
    public int hashCode() {
      return 31 * node.hashCode() + Arrays.hashCode(row);
    }
  }

  private final Map<Spot, List<Contribution>> bySpot = new LinkedHashMap<>();

  void durable(String node, byte[] record) {
    try {
      WireReader from = new WireReader(record);
      int cell = from.u16();
      int slot = from.u8();
      Spot spot = new Spot(cell, slot, from.u8(), from.u48());
      Contribution row = new Contribution(node, from.bytes(from.remaining()));
      List<Contribution> there = bySpot.computeIfAbsent(spot, _ -> new ArrayList<>());
      if (!there.contains(row)) {
        there.add(row);
      }
    } catch (MalformedException e) {
      throw new AssertionError("a node wrote a record that can't be read", e);
    }
  }

  /** What may stand for a slot in a window: one contribution, unless there were two nodes in it. */
  List<Contribution> at(int cell, int slot, long startMillis, long endMillis) {
    int pace = 0;
    while (VirtualSite.WINDOW_MILLIS << pace < endMillis - startMillis) {
      pace++;
    }
    return bySpot.getOrDefault(new Spot(cell, slot, pace, endMillis), List.of());
  }

  /** How many windows a node sealed. */
  long count(String node) {
    return bySpot.values().stream()
        .flatMap(List::stream)
        .filter(c -> c.node().equals(node))
        .count();
  }

  /** How many bear the mark of a clock that jumped. */
  long partials() {
    return bySpot.values().stream()
        .flatMap(List::stream)
        .filter(contribution -> (contribution.row()[0] & 1 << 3) != 0)
        .count();
  }

  /** Windows that one node sealed in two ways or two places, as text; clones do. */
  List<String> sealedTwice() {
    Map<String, Contribution> seen = new LinkedHashMap<>();
    List<String> twice = new ArrayList<>();
    bySpot.forEach((spot, contributions) -> {
      for (Contribution contribution : contributions) {
        String key = contribution.node() + " " + spot.pace() + " " + spot.endMillis();
        if (seen.putIfAbsent(key, contribution) != null) {
          twice.add(key);
        }
      }
    });
    return twice;
  }
}
