package starling.query;

import java.util.OptionalLong;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * A histogram's part: {@code bins} bins of equal width from {@code low} to {@code high}, in steps;
 * what is outside is counted apart. Exact: the bin of v is floor((v - low) bins / (high - low)), in
 * whole numbers.
 */
record Bars(String text, Measure measure, long low, long high, int bins) implements Part {
  @Override
  public Counts none() {
    return new Counts(new int[bins + 2]);
  }

  @Override
  public Counts of(Sample sample) {
    Counts one = none();
    OptionalLong steps = measure.steps(sample);
    if (steps.isPresent()) {
      one.counts()[place(steps.getAsLong())] = 1;
    }
    return one;
  }

  private int place(long steps) {
    if (steps < low) {
      return 0;
    }
    return steps >= high ? bins + 1 : 1 + (int) ((steps - low) * bins / (high - low));
  }

  @Override
  public Counts decode(WireReader from, int nodes) throws MalformedException {
    int values = nodes - from.varint(nodes);
    if (values == 0) {
      return none();
    }
    BitReader bits = new BitReader(from);
    Counts counts = new Counts(bits.split(values, bins + 2));
    bits.end();
    return counts;
  }

  @Override
  public int bytesMax(int nodes) {
    int bits = BitWriter.splitBitsMax(nodes, bins + 2);
    return WireWriter.varintLength(nodes) + (bits + 7) / 8;
  }
}
