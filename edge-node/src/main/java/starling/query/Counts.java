package starling.query;

import java.util.Arrays;
import starling.wire.WireWriter;

/**
 * How many values are below, in each bin, and above.
 *
 * <pre>
 * nodes without a value, varint | counts, zeros to the next byte
 * </pre>
 */
record Counts(int[] counts) implements State {
  @Override
  public Counts merge(State with) {
    int[] sums = counts.clone();
    int[] others = ((Counts) with).counts;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others[i];
    }
    return new Counts(sums);
  }

  int values() {
    return Arrays.stream(counts).sum();
  }

  @Override
  public void encode(WireWriter to, int nodes) {
    to.varint(nodes - values());
    if (values() > 0) {
      BitWriter bits = new BitWriter(to);
      bits.split(counts, values());
      bits.end();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts others && Arrays.equals(counts, others.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.toString(counts);
  }
}
