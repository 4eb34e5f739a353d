package starling.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import starling.query.Expression.OfChannel;
import starling.query.Expression.Statistic;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * One channel's part of a {@link Partial}, in integer steps. What the plan does not need is 0, so
 * that equal states are equal records.
 *
 * <p>No sum can overflow: there are at most 2<sup>21</sup> - 1 leaves ({@link Plan#LEAVES_MAX}) of
 * at most 2<sup>21</sup> steps, so squares add up to at most 2<sup>63</sup> - 2<sup>42</sup>.
 *
 * <pre>
 * leaves without a value, varint | min, zigzag | max: - min, varint, or alone, zigzag | bins
 *   | sum, zigzag | sum of squares, varint         each only if needed and anything was measured;
 *                                                  no sums where exact bins imply them
 * </pre>
 */
record Tally(int count, long min, long max, long sum, long sumSquares, Bins bins) {
  static final Tally EMPTY = new Tally(0, 0, 0, 0, 0, Bins.NONE);

  /** Digits that averages and deviations have beyond the channel's own. */
  private static final int DIGITS_MORE = 3;

  static Tally of(Need need, long value) {
    return new Tally(
        1,
        need.min() ? value : 0,
        need.max() ? value : 0,
        need.sum() ? value : 0,
        need.sumSquares() ? value * value : 0,
        need.bins() ? Bins.of(value) : Bins.NONE);
  }

  Tally merge(Need need, Tally other) {
    if (count == 0) {
      return other;
    }
    if (other.count == 0) {
      return this;
    }
    return new Tally(
        count + other.count,
        Math.min(min, other.min),
        Math.max(max, other.max),
        sum + other.sum,
        sumSquares + other.sumSquares,
        need.bins() ? bins.merge(other.bins, need.binsMax()) : Bins.NONE);
  }

  void encode(WireWriter to, Need need, int leaves) {
    to.varint(leaves - count);
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

  static Tally decode(WireReader from, Need need, int leaves) throws MalformedException {
    int count = leaves - from.varint(leaves);
    if (count == 0) {
      return EMPTY;
    }
    long min = need.min() ? within(from.zigzag(), need.lowest(), need.highest()) : 0;
    long max = need.max() ? readMax(from, need, min) : 0;
    if (count == 1 && need.min() && need.max() && min != max) {
      throw new MalformedException("one value is not two");
    }
    if (!need.bins()) {
      return withSums(from, need, new Tally(count, min, max, 0, 0, Bins.NONE));
    }
    Bins bins = Bins.decode(from, need.binsMax(), count, min, max);
    if (!impliesSums(need, bins)) {
      return withSums(from, need, new Tally(count, min, max, 0, 0, bins));
    }
    return new Tally(
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
    Tally full = new Tally(bare.count, bare.min, bare.max, sum, squares, bare.bins);
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

  /** The answer in the channel's unit; empty if nothing was measured, but counts are there. */
  Optional<BigDecimal> answer(OfChannel asked, int decimals) {
    if (count == 0) {
      return asked.counts() ? Optional.of(BigDecimal.ZERO) : Optional.empty();
    }
    return Optional.of(
        switch (asked) {
          case Expression.Of of -> answer(of.statistic(), decimals);
          case Expression.Quantile quantile -> quantile(quantile.percent(), decimals);
        });
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

  /** The nearest-rank quantile; its two ends are exact, others may be half a bin off. */
  private BigDecimal quantile(int percent, int decimals) {
    long rank = Math.max(1, ((long) percent * count + 99) / 100);
    long twice = rank == 1 ? 2 * min : rank == count ? 2 * max : bins.twiceMiddle(rank);
    return BigDecimal.valueOf(5 * Math.clamp(twice, 2 * min, 2 * max), decimals + 1);
  }

  /** count² × variance, exactly: never negative for real values, by Cauchy and Schwarz. */
  private BigInteger scatter() {
    BigInteger total = BigInteger.valueOf(sum);
    return BigInteger.valueOf(count)
        .multiply(BigInteger.valueOf(sumSquares))
        .subtract(total.multiply(total));
  }
}
