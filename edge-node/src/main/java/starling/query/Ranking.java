package starling.query;

import java.util.ArrayList;
import java.util.List;
import starling.wire.WireWriter;

/**
 * The best nodes, the best one first.
 *
 * <pre>
 * nodes 1 | value zigzag, then differences varint; each with cell 2, slot 1
 * </pre>
 */
record Ranking(Podium podium, List<Entry> entries) implements State {
  Ranking {
    entries = List.copyOf(entries);
  }

  /** A node and its value in steps. */
  record Entry(long steps, int cell, int slot) {
    boolean isSameNode(Entry other) {
      return cell == other.cell && slot == other.slot;
    }
  }

  @Override
  public Ranking merge(State with) {
    List<Entry> both = new ArrayList<>(entries);
    both.addAll(((Ranking) with).entries);
    both.sort(podium::order);
    return new Ranking(podium, both.subList(0, Math.min(podium.places(), both.size())));
  }

  @Override
  public void encode(WireWriter to, int nodes) {
    to.varint(entries.size());
    long before = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (i == 0) {
        to.zigzag(entry.steps());
      } else {
        to.varint(Math.abs(entry.steps() - before));
      }
      before = entry.steps();
      to.u16(entry.cell()).u8(entry.slot());
    }
  }
}
