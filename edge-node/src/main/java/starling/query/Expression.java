package starling.query;

import java.util.Locale;

/** What one output column says about a window's contributions. */
public sealed interface Expression {
  /** The output's name when the query gives none. */
  String defaultName();

  /** {@code COUNT(*)}: how many nodes contributed, whatever they could measure. */
  record CountAll() implements Expression {
    @Override
    public String defaultName() {
      return "count";
    }
  }

  /**
   * {@code AVG(t)}: a statistic of one channel's values.
   *
   * @param column where the channel's name stands in the query
   */
  record Of(Statistic statistic, String channel, int column) implements Expression {
    @Override
    public String defaultName() {
      return statistic.name().toLowerCase(Locale.ROOT) + "_" + channel;
    }
  }

  /**
   * {@code P95(t)}: the smallest value that at least {@code percent} % of the values don't pass
   * (nearest rank).
   *
   * @param percent 0 to 100
   * @param column where the channel's name stands in the query
   */
  record Quantile(int percent, String channel, int column) implements Expression {
    @Override
    public String defaultName() {
      return "p" + percent + "_" + channel;
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
}
