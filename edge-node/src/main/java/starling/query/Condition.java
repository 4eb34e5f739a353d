package starling.query;

import java.util.List;

/** What holds for a node, or does not, or is not known. */
sealed interface Condition extends Said {
  /**
   * {@code t > 20}
   *
   * @param sign one of = != < <= > >=
   * @param column of the sign
   */
  record Comparison(Scalar left, String sign, Scalar right, int column) implements Condition {
    @Override
    public String text() {
      return left.text() + sign + right.text();
    }
  }

  /** {@code node IN ('n1', 'n2')}, {@code cell = 'north'}, {@code schema = 2} */
  record Among(Attribute attribute, List<String> texts, int column) implements Condition {
    public Among {
      texts = List.copyOf(texts);
    }

    @Override
    public String text() {
      return attribute + " IN " + texts;
    }
  }

  /** {@code mains} */
  record Flag(Attribute attribute, int column) implements Condition {
    @Override
    public String text() {
      return attribute.name();
    }
  }

  record Not(Condition of) implements Condition {
    @Override
    public String text() {
      return "NOT(" + of.text() + ")";
    }
  }

  record And(Condition left, Condition right) implements Condition {
    @Override
    public String text() {
      return "(" + left.text() + " AND " + right.text() + ")";
    }
  }

  record Or(Condition left, Condition right) implements Condition {
    @Override
    public String text() {
      return "(" + left.text() + " OR " + right.text() + ")";
    }
  }
}
