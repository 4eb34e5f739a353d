package starling.query;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A value of one node, checked: what unit it has, how many decimals and what range, and how it is
 * computed. Sums, differences and products are exact decimals, quotients have {@value
 * #QUOTIENT_DECIMALS} decimals; all rounding is to the nearest even, so that everybody computes the
 * same.
 *
 * @param low not above any value of it
 * @param high not below any value of it
 */
record Term(Unit unit, int decimals, BigDecimal low, BigDecimal high, Value value) {
  static final int QUOTIENT_DECIMALS = 6;

  /** More decimals than a product of two channels of the finest resolution has none. */
  private static final int DECIMALS_MAX = 12;

  /** How a value is computed. */
  interface Value {
    /** The value of one node; null if it is not known. */
    @Nullable BigDecimal of(Sample sample);
  }

  static Term literal(BigDecimal value) {
    return new Term(Unit.ANY, value.scale(), value, value, _ -> value);
  }

  Term negated() {
    return new Term(
        unit,
        decimals,
        high.negate(),
        low.negate(),
        sample -> {
          BigDecimal of = value.of(sample);
          return of == null ? null : of.negate();
        });
  }

  Term rounded(int to) {
    return to >= decimals
        ? this
        : new Term(
            unit,
            to,
            round(low, to),
            round(high, to),
            sample -> {
              BigDecimal of = value.of(sample);
              return of == null ? null : round(of, to);
            });
  }

  Term plus(Term other) {
    return with(
        other,
        unit.with(other.unit),
        Math.max(decimals, other.decimals),
        low.add(other.low),
        high.add(other.high),
        BigDecimal::add);
  }

  Term minus(Term other) {
    return plus(other.negated());
  }

  Term times(Term other) {
    BigDecimal[] ends = {
      low.multiply(other.low), low.multiply(other.high),
      high.multiply(other.low), high.multiply(other.high)
    };
    BigDecimal least = ends[0];
    BigDecimal most = ends[0];
    for (BigDecimal end : ends) {
      least = least.min(end);
      most = most.max(end);
    }
    int scale = Math.min(DECIMALS_MAX, decimals + other.decimals);
    return with(
        other, unit.times(other.unit), scale, least, most, (a, b) -> round(a.multiply(b), scale));
  }

  /** A quotient; unknown where the divisor is 0. */
  Term per(Term other) {
    // The divisor is a multiple of its resolution: what is not 0 is at least that.
    BigDecimal nearest = BigDecimal.ONE.movePointLeft(other.decimals);
    if (other.low.signum() > 0 || other.high.signum() < 0) {
      nearest = nearest.max(other.low.abs().min(other.high.abs()));
    }
    BigDecimal farthest =
        low.abs().max(high.abs()).divide(nearest, QUOTIENT_DECIMALS, RoundingMode.UP);
    boolean positive = low.signum() >= 0 && other.low.signum() >= 0;
    return with(
        other,
        unit.per(other.unit),
        QUOTIENT_DECIMALS,
        positive ? BigDecimal.ZERO : farthest.negate(),
        farthest,
        (a, b) -> b.signum() == 0 ? null : a.divide(b, QUOTIENT_DECIMALS, RoundingMode.HALF_EVEN));
  }

  private interface Operation {
    @Nullable BigDecimal apply(BigDecimal left, BigDecimal right);
  }

  private Term with(
      Term other, Unit common, int scale, BigDecimal least, BigDecimal most, Operation operation) {
    Value left = value;
    Value right = other.value;
    return new Term(
        common,
        scale,
        least,
        most,
        sample -> {
          BigDecimal a = left.of(sample);
          BigDecimal b = a == null ? null : right.of(sample);
          return a == null || b == null ? null : operation.apply(a, b);
        });
  }

  private static BigDecimal round(BigDecimal of, int scale) {
    return of.scale() <= scale ? of : of.setScale(scale, RoundingMode.HALF_EVEN);
  }
}
