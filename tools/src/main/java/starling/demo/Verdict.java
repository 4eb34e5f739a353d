package starling.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What came of comparing the published results with the recording.
 *
 * @param windows how many results were looked at, over all zones
 * @param complete how many of them cover every node
 * @param valuesCompared how many single values
 * @param largestError the largest difference, in the channel's unit
 * @param problems what was wrong, one line each; at most {@link #PROBLEMS_MAX}
 */
record Verdict(
    int windows, int complete, int valuesCompared, double largestError, List<String> problems) {
  /** Further problems are only counted by the last line. */
  static final int PROBLEMS_MAX = 20;

  Verdict {
    problems = List.copyOf(problems);
  }

  boolean ok() {
    return problems.isEmpty();
  }

  /** For a person: what was wrong, then the sum. */
  List<String> lines() {
    String sum =
        String.format(
            Locale.ROOT,
            "check %s: %d windows, %d complete, %d values compared, largest error %.4f",
            ok() ? "ok" : "failed",
            windows,
            complete,
            valuesCompared,
            largestError);
    return Stream.concat(problems.stream(), Stream.of(sum)).toList();
  }
}
