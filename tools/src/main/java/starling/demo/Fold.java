package starling.demo;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Statistics of a few numbers, straight from their definitions: the oracle beside the partial
 * states that the nodes merge.
 */
final class Fold {
  private final double[] sorted;

  Fold(double[] values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  boolean isEmpty() {
    return sorted.length == 0;
  }

  /** The query's columns over one channel; empty if there are no values. */
  Map<String, Double> columns(String channel) {
    Map<String, Double> columns = new TreeMap<>();
    if (!isEmpty()) {
      columns.put("avg_" + channel, average());
      columns.put("min_" + channel, smallest());
      columns.put("max_" + channel, largest());
      columns.put("stddev_" + channel, deviation());
      columns.put("p95_" + channel, quantile(95));
    }
    return columns;
  }

  double average() {
    return Arrays.stream(sorted).sum() / sorted.length;
  }

  double smallest() {
    return sorted[0];
  }

  double largest() {
    return sorted[sorted.length - 1];
  }

  /** Of the whole population: the values are all there are, no sample. */
  double deviation() {
    double average = average();
    double squares =
        Arrays.stream(sorted).map(value -> (value - average) * (value - average)).sum();
    return Math.sqrt(squares / sorted.length);
  }

  /** By nearest rank: the smallest value that at least so many percent do not exceed. */
  double quantile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(1, rank) - 1];
  }
}
