package starling.gateway.history;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Answer;
import starling.model.Delivery;

/**
 * The numbers that one zone's answer or one node's readings have for one time.
 *
 * @param source whose they are
 * @param endMillis the end of the window, Unix time
 * @param spanMillis its length; 0 for readings
 * @param rank of two points of one source and time the larger counts
 * @param values by name; truths are 0 or 1
 * @param units UCUM codes by name
 */
public record Point(
    Source source,
    long endMillis,
    long spanMillis,
    long rank,
    SortedMap<String, Double> values,
    SortedMap<String, String> units) {

  /** How many nodes are in a zone's answer, as a column; no column of a query has a dot. */
  public static final String REPORTED = "coverage.reported";

  /** How many should be. */
  public static final String EXPECTED = "coverage.expected";

  /**
   * Whose numbers.
   *
   * @param path a zone's or a node's
   * @param query which answers; empty for a node's readings
   */
  public record Source(String path, String query) {
    /** Whether it is a zone. */
    public boolean isZone() {
      return !query.isEmpty();
    }
  }

  /** The point in a delivery, if it is of a kind that has one. */
  public static Optional<Point> of(Delivery delivery) {
    return switch (delivery) {
      case Delivery.Result result -> Optional.of(of(result));
      case Delivery.Latest latest ->
          Optional.of(
              new Point(
                  new Source(latest.node(), ""),
                  latest.endMillis(),
                  0,
                  0,
                  finite(latest.values()),
                  latest.units()));
      default -> Optional.empty();
    };
  }

  private static Point of(Delivery.Result result) {
    SortedMap<String, Double> values = finite(result.values());
    for (Map.Entry<String, Answer> other : result.others().entrySet()) {
      switch (other.getValue()) {
        case Answer.Quantity(double value) when Double.isFinite(value) ->
            values.put(other.getKey(), value);
        case Answer.Truth(boolean holds) -> values.put(other.getKey(), holds ? 1.0 : 0.0);
        default -> {}
      }
    }
    values.put(REPORTED, (double) result.reported());
    values.put(EXPECTED, (double) result.expected());
    return new Point(
        new Source(result.zone(), result.query()),
        result.endMillis(),
        result.endMillis() - result.startMillis(),
        ((long) result.reported() << 32) + result.revision(),
        values,
        result.units());
  }

  private static SortedMap<String, Double> finite(SortedMap<String, Double> values) {
    SortedMap<String, Double> finite = new TreeMap<>(values);
    finite.values().removeIf(value -> !Double.isFinite(value));
    return finite;
  }
}
