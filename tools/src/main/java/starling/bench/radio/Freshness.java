package starling.bench.radio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import starling.bench.Sample;
import starling.simulate.LoneCell.Reading;

/** How complete and how fresh are the readings that gateways have, their own left out. */
final class Freshness {
  private static final long LOOK_MILLIS = 1_000;

  private final List<Long> delays = new ArrayList<>();
  private final List<Long> ages = new ArrayList<>();
  private long expected;

  /**
   * What was due in a span of time.
   *
   * @param members of the cell, its gateway too
   * @param fromMillis the end of the first window
   * @param untilMillis the end of the last one
   * @param everyMillis how long a window is
   */
  record Span(int members, long fromMillis, long untilMillis, long everyMillis) {
    boolean has(Reading reading) {
      return reading.endMillis() >= fromMillis && reading.endMillis() <= untilMillis;
    }
  }

  /** Counts what came in of some windows, and looks at the newest of each node every second. */
  Freshness add(List<Reading> readings, Span span) {
    Map<Integer, TreeMap<Long, Long>> newest = new HashMap<>(); // by node: from then on, its end
    for (Reading reading : readings) {
      if (reading.node() != 0) {
        newest
            .computeIfAbsent(reading.node(), _ -> new TreeMap<>())
            .merge(reading.atMillis(), reading.endMillis(), Math::max);
        if (span.has(reading)) {
          delays.add(reading.atMillis() - reading.endMillis());
        }
      }
    }
    long windows = 1 + (span.untilMillis() - span.fromMillis()) / span.everyMillis();
    expected += windows * (span.members() - 1);
    for (int node = 1; node < span.members(); node++) {
      age(newest.getOrDefault(node, new TreeMap<>()), span);
    }
    return this;
  }

  private void age(NavigableMap<Long, Long> arrivals, Span span) {
    long newest = span.fromMillis() - span.everyMillis();
    for (long now = span.fromMillis(); now < span.untilMillis(); now += LOOK_MILLIS) {
      while (!arrivals.isEmpty() && arrivals.firstKey() <= now) {
        newest = Math.max(newest, arrivals.pollFirstEntry().getValue());
      }
      ages.add(now - newest);
    }
  }

  /** The share of all readings that came in so soon after their window ended, 0 to 1. */
  double within(long millis) {
    return delays.stream().filter(delay -> delay <= millis).count() / (double) expected;
  }

  /** The share of all readings that came in at all, 0 to 1. */
  double share() {
    return delays.size() / (double) expected;
  }

  /** How many came in at all. */
  long delivered() {
    return delays.size();
  }

  /** Over nodes and time, how long ago the window of the newest readings held ended. */
  double stalenessP95Seconds() {
    return new Sample(ages.stream().mapToDouble(age -> age / 1e3).toArray()).quantile(0.95);
  }
}
