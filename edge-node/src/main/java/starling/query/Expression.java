package starling.query;

import java.util.Locale;

/** What one output column says about a window's contributions. */
public sealed interface Expression {
  /** The output's name when the query gives none. */
  String defaultName();

  /** What is said of one channel's values. */
  sealed interface OfChannel extends Expression {
    String channel();

    /** Where the channel's name stands in the query. */
    int column();

    /** Whether the answer has no unit. */
    boolean counts();
  }

  /** {@code COUNT(*)}: how many nodes contributed, whatever they could measure. */
  record CountAll() implements Expression {
    @Override
    public String defaultName() {
      return "count";
    }
  }

  /** {@code AVG(t)}: a statistic. */
  record Of(Statistic statistic, String channel, int column) implements OfChannel {
    @Override
    public String defaultName() {
      return statistic.name().toLowerCase(Locale.ROOT) + "_" + channel;
    }

    @Override
    public boolean counts() {
      return statistic == Statistic.COUNT;
    }
  }

  /**
   * {@code P95(t)}: the smallest value that at least {@code percent} % of the values don't pass
   * (nearest rank).
   *
   * @param percent 0 to 100
   */
  record Quantile(int percent, String channel, int column) implements OfChannel {
    @Override
    public String defaultName() {
      return "p" + percent + "_" + channel;
    }

    @Override
    public boolean counts() {
      return false;
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
