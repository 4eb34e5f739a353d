package starling.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.OptionalLong;
import starling.model.Channel;

/**
 * A value of one node as states keep it: in whole steps of 10<sup>-decimals</sup>, at most {@link
 * Channel#STEPS_MAX} of them from zero. A channel is its own measure; others are computed. What its
 * steps mean depends on the query's text and the channels' decimals alone.
 *
 * @param text what the query says
 * @param lowest the smallest value that the schemas allow, in steps
 * @param highest the largest
 */
record Measure(String text, Unit unit, int decimals, long lowest, long highest, Term.Value value) {
  /**
   * The measure of a term.
   *
   * @param column where the query says it
   * @throws QueryException it has more steps than states can count
   */
  static Measure of(String text, Term term, String query, int column) throws QueryException {
    long lowest = steps(term.low(), term.decimals(), RoundingMode.FLOOR);
    long highest = steps(term.high(), term.decimals(), RoundingMode.CEILING);
    if (Math.max(Math.abs(lowest), Math.abs(highest)) > Channel.STEPS_MAX) {
      throw new QueryException(query, column, tooFine(text, term));
    }
    return new Measure(text, term.unit(), term.decimals(), lowest, highest, term.value());
  }

  private static String tooFine(String text, Term term) {
    BigDecimal farthest = term.low().abs().max(term.high().abs());
    String problem =
        text
            + " goes up to "
            + farthest.setScale(0, RoundingMode.CEILING).toPlainString()
            + " with "
            + term.decimals()
            + " decimals, and a state counts up to "
            + Channel.STEPS_MAX
            + " steps";
    int decimals = term.decimals();
    while (decimals >= 0 && steps(farthest, decimals, RoundingMode.CEILING) > Channel.STEPS_MAX) {
      decimals--;
    }
    return decimals < 0
        ? problem + "; divide it by something"
        : problem + "; ROUND(" + text + ", " + decimals + ") fits";
  }

  private static long steps(BigDecimal value, int decimals, RoundingMode mode) {
    BigDecimal steps = value.movePointRight(decimals).setScale(0, mode);
    return steps
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .max(BigDecimal.valueOf(-Long.MAX_VALUE))
        .longValue();
  }

  /** The value in steps; empty if it is not known, or not one that the schemas allow. */
  OptionalLong steps(Sample sample) {
    BigDecimal of = value.of(sample);
    if (of == null) {
      return OptionalLong.empty();
    }
    BigInteger steps = of.setScale(decimals, RoundingMode.HALF_EVEN).unscaledValue();
    return steps.bitLength() < Long.SIZE && accepts(steps.longValue())
        ? OptionalLong.of(steps.longValue())
        : OptionalLong.empty();
  }

  boolean accepts(long steps) {
    return steps >= lowest && steps <= highest;
  }

  BigDecimal number(long steps) {
    return BigDecimal.valueOf(steps, decimals);
  }

  /** Two measures of one plan are the same if they say the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Measure measure
        && text.equals(measure.text)
        && decimals == measure.decimals
        && lowest == measure.lowest
        && highest == measure.highest;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
