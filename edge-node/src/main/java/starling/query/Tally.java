package starling.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import starling.query.Expression.Statistic;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * One measure's part of a {@link Partial}, in integer steps. What the plan does not need is 0, so
 * that equal states are equal records.
 *
 * <p>No sum can overflow: there are at most 2<sup>21</sup> - 1 leaves ({@link Plan#LEAVES_MAX}) of
 * at most 2<sup>21</sup> steps, so squares add up to at most 2<sup>63</sup> - 2<sup>42</sup>.
 *
 * <pre>
 * nodes without a value, varint | min, zigzag | max: - min, varint, or alone, zigzag | bins
 *   | sum, zigzag | sum of squares, varint         each only if needed and anything was measured;
 *                                                  no sums where exact bins imply them
 * </pre>
 */
record Tally(Need need, int count, long min, long max, long sum, long sumSquares, Bins bins)
    implements State {

  /** Digits that averages and deviations have beyond the channel's own. */
  private static final int DIGITS_MORE = 3;

  static Tally of(Need need, long value) {
    return new Tally(
        need,
        1,
        need.min() ? value : 0,
        need.max() ? value : 0,
        need.sum() ? value : 0,
        need.sumSquares() ? value * value : 0,
        need.bins() ? Bins.of(value) : Bins.NONE);
  }

  @Override
  public Tally merge(State with) {
    Tally other = (Tally) with;
    if (count == 0) {
      return other;
    }
    if (other.count == 0) {
      return this;
    }
    return new Tally(
        need,
        count + other.count,
        Math.min(min, other.min),
        Math.max(max, other.max),
        sum + other.sum,
        sumSquares + other.sumSquares,
        need.bins() ? bins.merge(other.bins, need.binsMax()) : Bins.NONE);
  }

  @Override
  public void encode(WireWriter to, int nodes) {
    to.varint(nodes - count);
    if (count == 0) {
      return;
    }
    if (need.min()) {
      to.zigzag(min);
    }
    if (need.max()) {
      if (need.min()) {
        to.varint(max - min);
      } else {
        to.zigzag(max);
      }
    }
    if (need.bins()) {
      bins.encode(to, need.binsMax());
    }
    if (need.sum() && !impliesSums(need, bins)) {
      to.zigzag(sum);
      if (need.sumSquares()) {
        to.varint(sumSquares);
      }
    }
  }

  static Tally decode(WireReader from, Need need, int nodes) throws MalformedException {
    int count = nodes - from.varint(nodes);
    if (count == 0) {
      return need.none();
    }
    long min = need.min() ? within(from.zigzag(), need.lowest(), need.highest()) : 0;
    long max = need.max() ? readMax(from, need, min) : 0;
    if (count == 1 && need.min() && need.max() && min != max) {
      throw new MalformedException("one value is not two");
    }
    if (!need.bins()) {
      return withSums(from, need, new Tally(need, count, min, max, 0, 0, Bins.NONE));
    }
    Bins bins = Bins.decode(from, need.binsMax(), count, min, max);
    if (!impliesSums(need, bins)) {
      return withSums(from, need, new Tally(need, count, min, max, 0, 0, bins));
    }
    return new Tally(
        need,
        count,
        min,
        max,
        need.sum() ? bins.sum() : 0,
        need.sumSquares() ? bins.sumSquares() : 0,
        bins);
  }

  private static long readMax(WireReader from, Need need, long min) throws MalformedException {
    return need.min()
        ? min + from.varint(Math.toIntExact(need.highest() - min))
        : within(from.zigzag(), need.lowest(), need.highest());
  }

  /** The tally with its sums, which must be possible for its count and its smallest and largest. */
  private static Tally withSums(WireReader from, Need need, Tally bare) throws MalformedException {
    if (!need.sum()) {
      return bare;
    }
    long n = bare.count;
    long low = need.min() ? bare.min : need.lowest();
    long high = need.max() ? bare.max : need.highest();
    long sum = within(from.zigzag(), n * low, n * high);
    long squares =
        need.sumSquares() ? within(from.varint(), 0, n * Math.max(low * low, high * high)) : 0;
    Tally full = new Tally(need, bare.count, bare.min, bare.max, sum, squares, bare.bins);
    if (need.sumSquares() && full.scatter().signum() < 0) {
      throw new MalformedException("squares add up to too little");
    }
    return full;
  }

  private static long within(long value, long low, long high) throws MalformedException {
    if (value < low || value > high) {
      throw new MalformedException(value + " is not " + low + " to " + high);
    }
    return value;
  }

  private static boolean impliesSums(Need need, Bins bins) {
    return need.bins() && bins.exact();
  }

  static int bytesMax(Need need, int leaves) {
    long range = need.highest() - need.lowest();
    long farthest = Math.max(Math.abs(need.lowest()), Math.abs(need.highest()));
    int ends = (need.min() ? zigzagLength(farthest) : 0);
    if (need.max()) {
      ends += need.min() ? WireWriter.varintLength(range) : zigzagLength(farthest);
    }
    int sums = need.sum() ? zigzagLength(leaves * farthest) : 0;
    if (need.sumSquares()) {
      sums += WireWriter.varintLength(leaves * farthest * farthest);
    }
    int body = sums;
    if (need.bins()) {
      int exact = Bins.bytesMax(need.binsMax(), leaves, range);
      body =
          leaves <= need.binsMax()
              ? exact
              : Math.max(exact, sums + Bins.bytesMax(need.binsMax(), leaves, (range >> 1) + 1));
    }
    return WireWriter.varintLength(leaves) + ends + body;
  }

  private static int zigzagLength(long magnitude) {
    return WireWriter.varintLength(2 * magnitude);
  }

  /** A statistic in the measure's unit; empty if nothing was measured, but counts are there. */
  Optional<BigDecimal> answer(Statistic statistic) {
    return count == 0 && statistic != Statistic.COUNT
        ? Optional.empty()
        : Optional.of(answer(statistic, need.measure().decimals()));
  }

  /** The nearest-rank quantile; its two ends are exact, others may be half a bin off. */
  Optional<BigDecimal> quantile(int percent) {
    if (count == 0) {
      return Optional.empty();
    }
    long rank = Math.max(1, ((long) percent * count + 99) / 100);
    long twice = rank == 1 ? 2 * min : rank == count ? 2 * max : bins.twiceMiddle(rank);
    return Optional.of(
        BigDecimal.valueOf(5 * Math.clamp(twice, 2 * min, 2 * max), need.measure().decimals() + 1));
  }

  private BigDecimal answer(Statistic statistic, int decimals) {
    int digits = decimals + DIGITS_MORE;
    return switch (statistic) {
      case COUNT -> BigDecimal.valueOf(count);
      case SUM -> BigDecimal.valueOf(sum, decimals);
      case MIN -> BigDecimal.valueOf(min, decimals);
      case MAX -> BigDecimal.valueOf(max, decimals);
      case AVG ->
          BigDecimal.valueOf(sum, decimals)
              .divide(BigDecimal.valueOf(count), digits, RoundingMode.HALF_EVEN);
      case STDDEV ->
          new BigDecimal(Math.sqrt(scatter().doubleValue()) / count)
              .movePointLeft(decimals)
              .setScale(digits, RoundingMode.HALF_EVEN);
    };
  }

  /** count² × variance, exactly: never negative for real values, by Cauchy and Schwarz. */
  private BigInteger scatter() {
    BigInteger total = BigInteger.valueOf(sum);
    return BigInteger.valueOf(count)
        .multiply(BigInteger.valueOf(sumSquares))
        .subtract(total.multiply(total));
  }

  @Override
  public String toString() {
    return count + " from " + min + " to " + max + " sum " + sum + " " + sumSquares + " " + bins;
  }
}
