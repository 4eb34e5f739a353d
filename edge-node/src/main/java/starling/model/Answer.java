package starling.model;

import java.util.List;

/** What one column of a query's answer says, where that is not a number. */
public sealed interface Answer {
  /** A number in the column's unit. */
  record Quantity(double value) implements Answer {}

  /** Whether something holds. */
  record Truth(boolean holds) implements Answer {}

  /**
   * How many values fell where: {@code counts} bins of equal width from {@code low} inclusive to
   * {@code high} exclusive.
   */
  record Histogram(double low, double high, long below, List<Long> counts, long above)
      implements Answer {
    public Histogram {
      counts = List.copyOf(counts);
    }
  }

  /** Nodes and their values, the first one first. */
  record Ranking(List<Ranked> nodes) implements Answer {
    public Ranking {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * A node of a {@link Ranking}.
   *
   * @param node its path
   */
  record Ranked(String node, double value) {}

  /**
   * Different values, the smallest first.
   *
   * @param more whether there were more than these
   */
  record Numbers(List<Double> values, boolean more) implements Answer {
    public Numbers {
      values = List.copyOf(values);
    }
  }

  /**
   * Different names, in the order of what they name.
   *
   * @param more whether there were more than these
   */
  record Texts(List<String> values, boolean more) implements Answer {
    public Texts {
      values = List.copyOf(values);
    }
  }
}
