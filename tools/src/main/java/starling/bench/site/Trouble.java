package starling.bench.site;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens to a site whose cost is measured; {@link #STEADY} is nothing. */
enum Trouble {
  /** Nothing happens. */
  STEADY("", 0, 4),
  /** New nodes, a tenth, two or three in each cell; the charter lists them from then on. */
  JOIN("grow by 10 %", 0, 8),
  /** A query that nobody knew. */
  QUERY("ask count", 0, 8),
  /** The gateways stop, and start half a minute later. */
  GATEWAY("kill gateways for 30 s", 1, 8),
  /** Half of the cells can't reach the others for ten minutes. */
  PARTITION("partition half from all for 10 min", 10, 8),
  /** Half of the nodes stop for good, wherever they are. */
  CRASH("kill 50 % sparing gateways", 0, 8);

  /** As a line of a scenario says it; empty for nothing. */
  final String fault;

  /** How long it goes on. */
  final int minutes;

  /** How long it is looked at after that. */
  final int watchedMinutes;

  Trouble(String fault, int minutes, int watchedMinutes) {
    this.fault = fault;
    this.minutes = minutes;
    this.watchedMinutes = watchedMinutes;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The largest slope of bytes wanted over nodes, in logarithms. */
  double slopeMax(String link) {
    boolean addressed = link.equals("addressed");
    return this == STEADY ? (addressed ? 0.03 : 0.06) : addressed ? 0.06 : 0.08;
  }

  static Trouble named(String word) {
    return Arrays.stream(values())
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("events are " + words() + ", not " + word));
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Trouble::word).toList();
  }
}
