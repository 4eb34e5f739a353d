package starling.query;

import java.util.OptionalLong;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What DISTINCT keeps: the smallest so many of the different values, and whether there were more. A
 * part's smallest values are all that its whole can need of it, so no order of merging changes the
 * outcome.
 *
 * @param decimals of its steps
 * @param lowest the smallest value that there can be
 * @param highest the largest
 */
record Spectrum(String text, Subject subject, int decimals, long lowest, long highest, int most)
    implements Part {
  /** Values up to a cell's zone id and slot fit 24 bits. */
  static final long NODE_MAX = (1 << 24) - 1;

  /** What is told apart. */
  interface Subject {
    OptionalLong of(Sample sample);
  }

  @Override
  public Values none() {
    return new Values(this, new long[0], false);
  }

  @Override
  public Values of(Sample sample) {
    return new Values(this, subject.of(sample).stream().toArray(), false);
  }

  @Override
  public Values decode(WireReader from, int nodes) throws MalformedException {
    int head = from.u8();
    int size = head >>> 1;
    boolean more = (head & 1) != 0;
    if (size > Math.min(most, nodes) || more && (size < most || size >= nodes)) {
      throw new MalformedException(size + " different values of " + nodes + " nodes");
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] =
          i == 0
              ? from.zigzag()
              : values[i - 1] + 1 + from.varint(Math.toIntExact(highest - lowest));
      if (values[i] < lowest || values[i] > highest) {
        throw new MalformedException(values[i] + " is not " + lowest + " to " + highest);
      }
    }
    return new Values(this, values, more);
  }

  @Override
  public int bytesMax(int nodes) {
    int size = Math.min(most, nodes);
    long farthest = Math.max(Math.abs(lowest), Math.abs(highest));
    int gap = WireWriter.varintLength(highest - lowest);
    return 1 + WireWriter.varintLength(2 * farthest) + Math.max(0, size - 1) * gap;
  }
}
