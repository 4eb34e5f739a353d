package starling.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import starling.query.Ranking.Entry;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What TOP and FIRST keep: the best so many nodes. Of equal values the one with the lower zone id
 * and slot comes first, so the best of all are among the best of each part.
 */
record Podium(String text, Measure measure, boolean top, int places) implements Part {
  private static final int WHO_BYTES = 2 + 1;

  @Override
  public Ranking none() {
    return new Ranking(this, List.of());
  }

  @Override
  public Ranking of(Sample sample) {
    OptionalLong steps = measure.steps(sample);
    Optional<Origin> who = sample.origin();
    return steps.isEmpty() || who.isEmpty()
        ? none()
        : new Ranking(
            this, List.of(new Entry(steps.getAsLong(), who.get().cell(), who.get().slot())));
  }

  @Override
  public Ranking decode(WireReader from, int nodes) throws MalformedException {
    int size = from.varint(Math.min(places, nodes));
    List<Entry> entries = new ArrayList<>();
    long steps = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0) {
        steps = from.zigzag();
      } else {
        long gap = from.varint(Math.toIntExact(measure.highest() - measure.lowest()));
        steps += top ? -gap : gap;
      }
      Entry entry = new Entry(steps, from.u16(), from.u8());
      boolean inOrder = i == 0 || order(entries.getLast(), entry) < 0;
      boolean twice = entries.stream().anyMatch(entry::isSameNode);
      if (!measure.accepts(steps) || !inOrder || twice) {
        throw new MalformedException("no ranking has " + entry + " after " + entries);
      }
      entries.add(entry);
    }
    return new Ranking(this, entries);
  }

  /** Negative if the first comes before the second. */
  int order(Entry first, Entry second) {
    int bySteps = Long.compare(first.steps(), second.steps());
    int byCell = Integer.compare(first.cell(), second.cell());
    int byWho = byCell != 0 ? byCell : Integer.compare(first.slot(), second.slot());
    return bySteps != 0 ? (top ? -bySteps : bySteps) : byWho;
  }

  @Override
  public int bytesMax(int nodes) {
    int size = Math.min(places, nodes);
    long farthest = Math.max(Math.abs(measure.lowest()), Math.abs(measure.highest()));
    int gap = WireWriter.varintLength(measure.highest() - measure.lowest());
    return 1
        + size * WHO_BYTES
        + WireWriter.varintLength(2 * farthest)
        + Math.max(0, size - 1) * gap;
  }
}
