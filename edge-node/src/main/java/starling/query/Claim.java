package starling.query;

import starling.wire.MalformedException;
import starling.wire.WireReader;

/** What ANY and ALL keep of one condition: whether it holds for some, and fails for some. */
record Claim(String text, Checker.Filter filter) implements Part {
  @Override
  public Held none() {
    return new Held(false, false);
  }

  @Override
  public Held of(Sample sample) {
    Truth truth = filter.of(sample);
    return new Held(truth == Truth.YES, truth == Truth.NO);
  }

  @Override
  public Held decode(WireReader from, int nodes) throws MalformedException {
    int bits = from.u8();
    if (bits > 3 || bits == 3 && nodes == 1) {
      throw new MalformedException("a condition of " + nodes + " nodes can't be " + bits);
    }
    return new Held((bits & 1) != 0, (bits & 2) != 0);
  }

  @Override
  public int bytesMax(int nodes) {
    return 1;
  }
}
