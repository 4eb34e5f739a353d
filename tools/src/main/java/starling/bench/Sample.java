package starling.bench;

import java.util.Arrays;

/**
 * What was measured of one thing, over and over.
 *
 * @param sorted its values, the least first; at least one
 */
public record Sample(double[] sorted) {
  public Sample {
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  /** The value below which this share lies, 0 to 1; between the two nearest. */
  public double quantile(double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  public double median() {
    return quantile(0.5);
  }
}
