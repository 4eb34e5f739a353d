package starling.query;

import java.util.Arrays;
import java.util.stream.LongStream;
import starling.wire.WireWriter;

/**
 * Different values, the smallest first.
 *
 * <pre>
 * values 7 | MORE 1 | the first zigzag, then gaps less 1, varint
 * </pre>
 */
record Values(Spectrum spectrum, long[] values, boolean more) implements State {
  @Override
  public Values merge(State with) {
    Values other = (Values) with;
    long[] both =
        LongStream.concat(Arrays.stream(values), Arrays.stream(other.values))
            .sorted()
            .distinct()
            .toArray();
    boolean cut = both.length > spectrum.most();
    return new Values(
        spectrum, cut ? Arrays.copyOf(both, spectrum.most()) : both, more || other.more || cut);
  }

  @Override
  public void encode(WireWriter to, int nodes) {
    to.u8(values.length << 1 | (more ? 1 : 0));
    for (int i = 0; i < values.length; i++) {
      if (i == 0) {
        to.zigzag(values[i]);
      } else {
        to.varint(values[i] - values[i - 1] - 1);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values others
        && more == others.more
        && Arrays.equals(values, others.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values) + (more ? "+" : "");
  }
}
