package starling.query;

import java.math.BigDecimal;

/** A value of one node: what stands in a function's parentheses, or beside a comparison's sign. */
sealed interface Scalar extends Said {
  /** Where it stands in the query. */
  int column();

  /** {@code 20.5} */
  record Literal(BigDecimal value, int column) implements Scalar {
    @Override
    public String text() {
      return value.toPlainString();
    }
  }

  /** A channel's value. */
  record Reading(String channel, int column) implements Scalar {
    @Override
    public String text() {
      return channel;
    }
  }

  /** {@code -t} */
  record Negative(Scalar of, int column) implements Scalar {
    @Override
    public String text() {
      return "-" + of.text();
    }
  }

  /**
   * {@code t + u}
   *
   * @param sign one of + - * /
   * @param column of the sign
   */
  record Binary(char sign, Scalar left, Scalar right, int column) implements Scalar {
    @Override
    public String text() {
      return "(" + left.text() + sign + right.text() + ")";
    }
  }

  /** {@code ROUND(t, 1)}: to so many decimals. */
  record Rounded(Scalar of, int decimals, int column) implements Scalar {
    @Override
    public String text() {
      return "ROUND(" + of.text() + ", " + decimals + ")";
    }
  }
}
