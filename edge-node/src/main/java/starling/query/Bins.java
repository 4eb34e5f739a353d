package starling.query;

import java.util.Arrays;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * How often which values occur, in bins of 2<sup>scale</sup> steps, the smallest scale at which at
 * most {@code binsMax} bins are not empty; so exact (scale 0) up to {@code binsMax} distinct
 * values. Immutable.
 *
 * <p>The state depends on the multiset of values alone, not on the order or grouping of merges.
 * Write F(s, M) for the non-empty bins of the multiset M at scale s, where value v is in bin
 * floor(v / 2<sup>s</sup>), and S(M) for the smallest s with |F(s, M)| ≤ binsMax. Because
 * floor(floor(v / 2<sup>s</sup>) / 2) = floor(v / 2<sup>s+1</sup>), F(s + 1, M) follows from F(s,
 * M), and it is no larger. A part of M fills no more bins than M, so S(A + B) ≥ max(S(A), S(B)) =
 * m. Hence F(m, A + B) follows from the two states, and the first scale from m on that fits is S(A
 * + B): none below m does. By induction every merge tree over M ends in (S(M), F(S(M), M)). The
 * empty multiset is the identity. Scales end at 22, where ±2<sup>21</sup> steps leave two bins.
 *
 * <p>A quantile is off by at most half a bin: (2<sup>scale</sup> - 1) / 2 steps, where
 * 2<sup>scale</sup> &lt; 4 × range / binsMax roughly when values are spread evenly. One far outlier
 * widens all bins: that is the price for a state that no merge order can change and whose size is
 * bounded.
 *
 * <pre>
 * scale 5 bits | bins - 1 | gaps between bins, less 1 | counts, less 1 | zeros to the next byte
 * </pre>
 *
 * The reader knows the number of values, the smallest and the largest, so first and last bin, last
 * gap and last count go without saying.
 */
final class Bins {
  /** No values. */
  static final Bins NONE = new Bins(0, new int[0], new int[0]);

  /** The most bins that a plan can ask for. */
  static final int BINS_LIMIT = 64;

  private static final int SCALE_MAX = 22;
  private static final int SCALE_BITS = 5;

  private final int scale;
  private final int[] places;
  private final int[] counts;

  private Bins(int scale, int[] places, int[] counts) {
    this.scale = scale;
    this.places = places;
    this.counts = counts;
  }

  static Bins of(long value) {
    return new Bins(0, new int[] {Math.toIntExact(value)}, new int[] {1});
  }

  /** Whether each bin holds one value, so that sums follow from the bins. */
  boolean exact() {
    return scale == 0;
  }

  /** The sum of all values; exact bins only. */
  long sum() {
    long sum = 0;
    for (int i = 0; i < places.length; i++) {
      sum += (long) counts[i] * places[i];
    }
    return sum;
  }

  /** The sum of their squares; exact bins only. */
  long sumSquares() {
    long sum = 0;
    for (int i = 0; i < places.length; i++) {
      sum += counts[i] * ((long) places[i] * places[i]);
    }
    return sum;
  }

  Bins merge(Bins other, int binsMax) {
    int common = Math.max(scale, other.scale);
    Bins both = coarser(common).union(other.coarser(common));
    while (both.places.length > binsMax) {
      both = both.coarser(both.scale + 1);
    }
    return both;
  }

  /**
   * Twice the middle of the bin that holds the value of this rank, in steps: twice, because a
   * middle may be half a step.
   *
   * @param rank 1 for the smallest value, to the number of values
   */
  long twiceMiddle(long rank) {
    long below = 0;
    int i = 0;
    while (below + counts[i] < rank) {
      below += counts[i++];
    }
    long first = (long) places[i] << scale;
    return 2 * first + (1L << scale) - 1;
  }

  void encode(WireWriter to, int binsMax) {
    BitWriter bits = new BitWriter(to);
    bits.put(scale, SCALE_BITS);
    bits.put(places.length - 1, bitsFor(binsMax));
    int[] gaps = new int[places.length - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = places[i + 1] - places[i] - 1;
    }
    bits.split(gaps, Arrays.stream(gaps).sum());
    int[] more = Arrays.stream(counts).map(count -> count - 1).toArray();
    bits.split(more, Arrays.stream(more).sum());
    bits.end();
  }

  static Bins decode(WireReader from, int binsMax, int values, long min, long max)
      throws MalformedException {
    BitReader bits = new BitReader(from);
    int scale = bits.get(SCALE_BITS);
    int size = bits.get(bitsFor(binsMax)) + 1;
    int first = (int) (min >> scale);
    int span = (int) (max >> scale) - first;
    if (scale > SCALE_MAX || size > binsMax || size > values || size > span + 1) {
      throw new MalformedException(size + " bins of scale " + scale + " can't be");
    }
    if (size == 1 && span > 0) {
      throw new MalformedException("one bin can't hold both ends");
    }
    int[] places = bits.split(size == 1 ? 0 : span - (size - 1), size - 1);
    int[] counts = bits.split(values - size, size);
    bits.end();
    Bins bins = new Bins(scale, placesOf(first, places), plusOne(counts));
    if (scale > 0 && bins.finerMax() <= binsMax) {
      throw new MalformedException("bins are coarser than they need to be");
    }
    return bins;
  }

  /** The most bytes of a state of up to so many values, all within a range of so many steps. */
  static int bytesMax(int binsMax, int values, long range) {
    int bitsMax = 0;
    for (int size = 1; size <= Math.min(binsMax, values); size++) {
      int span = (int) Math.max(0, range - (size - 1));
      int bits =
          BitWriter.splitBitsMax(span, size - 1) + BitWriter.splitBitsMax(values - size, size);
      bitsMax = Math.max(bitsMax, bits);
    }
    return (SCALE_BITS + bitsFor(binsMax) + bitsMax + 7) / 8;
  }

  private Bins coarser(int to) {
    int shift = to - scale;
    if (shift == 0) {
      return this;
    }
    int[] fewer = new int[places.length];
    int[] sums = new int[places.length];
    int last = -1;
    for (int i = 0; i < places.length; i++) {
      int place = places[i] >> shift;
      if (last < 0 || fewer[last] != place) {
        fewer[++last] = place;
      }
      sums[last] += counts[i];
    }
    return new Bins(to, Arrays.copyOf(fewer, last + 1), Arrays.copyOf(sums, last + 1));
  }

  private Bins union(Bins other) {
    int[] all = new int[places.length + other.places.length];
    int[] sums = new int[all.length];
    int size = 0;
    for (int i = 0, j = 0; i < places.length || j < other.places.length; size++) {
      boolean mine =
          j == other.places.length || (i < places.length && places[i] <= other.places[j]);
      boolean others =
          i == places.length || (j < other.places.length && other.places[j] <= places[i]);
      all[size] = mine ? places[i] : other.places[j];
      sums[size] = (mine ? counts[i++] : 0) + (others ? other.counts[j++] : 0);
    }
    return new Bins(scale, Arrays.copyOf(all, size), Arrays.copyOf(sums, size));
  }

  /** How many bins there can have been one scale below. */
  private int finerMax() {
    int sum = 0;
    for (int count : counts) {
      sum += Math.min(count, 2);
    }
    return sum;
  }

  private static int[] placesOf(int first, int[] gaps) {
    int[] places = new int[gaps.length + 1];
    places[0] = first;
    for (int i = 0; i < gaps.length; i++) {
      places[i + 1] = places[i] + gaps[i] + 1;
    }
    return places;
  }

  private static int[] plusOne(int[] parts) {
    return Arrays.stream(parts).map(part -> part + 1).toArray();
  }

  private static int bitsFor(int binsMax) {
    return 32 - Integer.numberOfLeadingZeros(binsMax - 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bins bins
        && scale == bins.scale
        && Arrays.equals(places, bins.places)
        && Arrays.equals(counts, bins.counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * scale + Arrays.hashCode(places)) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "scale " + scale + " " + Arrays.toString(places) + " × " + Arrays.toString(counts);
  }
}
