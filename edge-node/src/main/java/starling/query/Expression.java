package starling.query;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What one output column says about a window's contributions. */
sealed interface Expression {
  /** Where it stands in the query. */
  int column();

  /** The output's name when the query gives none; empty where it has to give one. */
  default Optional<String> defaultName() {
    return Optional.empty();
  }

  /** A number. */
  record Constant(BigDecimal value, int column) implements Expression {}

  /** {@code -AVG(t)} */
  record Negative(Expression of, int column) implements Expression {}

  /**
   * {@code MAX(t) - MIN(t)}
   *
   * @param sign one of + - * /
   * @param column of the sign
   */
  record Arithmetic(char sign, Expression left, Expression right, int column)
      implements Expression {}

  /** What is said of all nodes at once. */
  sealed interface Aggregate extends Expression {}

  /** What is a number. */
  sealed interface Numeric extends Aggregate {}

  /** {@code COUNT(*)}: how many nodes contributed, whatever they could measure. */
  record CountAll(int column) implements Numeric {
    @Override
    public Optional<String> defaultName() {
      return Optional.of("count");
    }
  }

  /** {@code AVG(t)}: a statistic. */
  record Of(Statistic statistic, Scalar of, int column) implements Numeric {
    @Override
    public Optional<String> defaultName() {
      return name(statistic.name().toLowerCase(Locale.ROOT), of);
    }
  }

  /**
   * {@code P95(t)}: the smallest value that at least {@code percent} % of the values don't pass
   * (nearest rank).
   *
   * @param percent 0 to 100
   * @param bins how many, where the query says so
   */
  record Quantile(int percent, Scalar of, OptionalInt bins, int column) implements Numeric {
    @Override
    public Optional<String> defaultName() {
      return name("p" + percent, of);
    }
  }

  /** {@code HISTOGRAM(t, -10, 40, 10)}: how many values fell where. */
  record Histogram(Scalar of, BigDecimal low, BigDecimal high, int bins, int column)
      implements Aggregate {
    @Override
    public Optional<String> defaultName() {
      return name("histogram", of);
    }
  }

  /** {@code ANY(t > 30)}, {@code ALL(battery > 3.3)}: for those of whom that is known. */
  record Holds(boolean all, Condition condition, int column) implements Aggregate {}

  /** {@code TOP 3 BY t}: who has the largest values; {@code FIRST 3 BY t}: the smallest. */
  record Rank(boolean top, int nodes, Scalar by, int column) implements Aggregate {
    @Override
    public Optional<String> defaultName() {
      return name(top ? "top" : "first", by);
    }
  }

  /** {@code DISTINCT(t, 8)}: the smallest so many of the different values. */
  record DistinctValues(Scalar of, int most, int column) implements Aggregate {
    @Override
    public Optional<String> defaultName() {
      return name("distinct", of);
    }
  }

  /** {@code DISTINCT(cell)}: the first so many of the attribute's different values. */
  record DistinctAttributes(Attribute of, int most, int column) implements Aggregate {
    @Override
    public Optional<String> defaultName() {
      return Optional.of("distinct_" + of.word());
    }
  }

  /** The statistics of {@link Of}. */
  enum Statistic {
    /** How many nodes measured the channel. */
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX,
    /** Of the whole population, not of a sample: nodes that are missing are named by coverage. */
    STDDEV
  }

  private static Optional<String> name(String function, Scalar of) {
    return of instanceof Scalar.Reading reading
        ? Optional.of(function + "_" + reading.channel())
        : Optional.empty();
  }
}
