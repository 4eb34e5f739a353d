package starling.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The site on one screen: each zone with its newest aggregates, how much of it they cover, and how
 * long that took beside what was predicted; then what is wrong, and how to subscribe. Up to 104
 * columns wide.
 */
final class Table {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("avg_air_temperature", "avg", 7, 2),
          new Column("min_air_temperature", "min", 7, 2),
          new Column("max_air_temperature", "max", 7, 2),
          new Column("stddev_air_temperature", "stddev", 7, 2),
          new Column("p95_air_temperature", "p95", 7, 2),
          new Column("avg_load", "load", 6, 2),
          new Column("avg_memory", "mem%", 6, 1),
          new Column("max_host_temperature", "C", 5, 0));

  private static final String GROUPS =
      " ".repeat(27)
          + group(35, "air temperature, C")
          + group(17, "machine")
          + group(26, "took/predicted, s");

  private final Site site;
  private final OptionalInt seconds;
  private final Style style;

  Table(Site site, OptionalInt seconds, Style style) {
    this.site = site;
    this.seconds = seconds;
    this.style = style;
  }

  /** The screen's lines. */
  List<String> render(View.Ready ready, Board board, long nowMillis) {
    List<String> lines = new ArrayList<>();
    lines.add(title(ready, nowMillis));
    lines.add("");
    lines.add(style.faint(GROUPS));
    lines.add(style.strong(headings()));
    site.zones().forEach(zone -> lines.add(row(zone, board)));
    lines.add("");
    lines.addAll(troubles(board));
    lines.add("Subscribe:  " + subscription(ready));
    lines.add(style.faint("Ctrl-C ends every process and removes what was made."));
    return lines;
  }

  /** How any subscriber hears the same. */
  static String subscription(View.Ready ready) {
    return "mosquitto_sub -h %s -p %d -t 'starling/#' -v"
        .formatted(ready.mqtt().getHost(), ready.mqtt().getPort());
  }

  /** A result on one line, for output that is no terminal. */
  static String line(Heard.Aggregate aggregate) {
    return "%s %s %d/%d oldest %.1f s%s"
        .formatted(
            Instant.ofEpochMilli(aggregate.endMillis()),
            aggregate.zone(),
            aggregate.reported(),
            aggregate.expected(),
            aggregate.oldestSeconds(),
            aggregate.values().entrySet().stream()
                .map(value -> " " + value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining()));
  }

  private static String group(int width, String title) {
    int line = width - 4 - title.length();
    return "  " + "-".repeat(line / 2) + " " + title + " " + "-".repeat(line - line / 2);
  }

  private String title(View.Ready ready, long nowMillis) {
    String passed = clock((nowMillis - ready.startMillis()) / 1000);
    String time = seconds.isPresent() ? passed + " of " + clock(seconds.getAsInt()) : passed;
    return style.strong("Starling")
        + " at %s: %d nodes in %d cells, running %s"
            .formatted(ready.site(), ready.pids().size(), site.cells().size(), time);
  }

  private static String headings() {
    return "%-14s%6s%7s".formatted("zone", "nodes", "oldest")
        + COLUMNS.stream().map(Column::heading).collect(Collectors.joining())
        + "%13s%13s".formatted("window", "first");
  }

  private String row(String zone, Board board) {
    Optional<Heard.Aggregate> aggregate = board.aggregate(zone);
    Map<String, Double> values =
        aggregate.map(a -> (Map<String, Double>) a.values()).orElse(Map.of());
    Heard.Timing timing = board.timing(zone);
    return "%-14s".formatted(zone)
        + coverage(zone, aggregate)
        + "%7s".formatted(aggregate.map(a -> seconds(a.oldestSeconds())).orElse("-"))
        + COLUMNS.stream().map(column -> column.cell(values)).collect(Collectors.joining())
        + "%13s"
            .formatted(pair(timing.observedMillis() / 1000.0, timing.predictedMillis() / 1000.0))
        + "%13s"
            .formatted(
                board
                    .first(zone)
                    .map(first -> pair(first.seconds(), first.predictedSeconds()))
                    .orElse("-"));
  }

  private String coverage(String zone, Optional<Heard.Aggregate> aggregate) {
    int reported = aggregate.map(Heard.Aggregate::reported).orElse(0);
    int expected =
        aggregate.map(Heard.Aggregate::expected).orElseGet(() -> site.nodesOf(zone).size());
    String text = "%6s".formatted(reported + "/" + expected);
    return reported == expected ? style.good(text) : style.fair(text);
  }

  private List<String> troubles(Board board) {
    List<String> lines = new ArrayList<>();
    for (String state : List.of("gone", "suspect", "unheard")) {
      List<String> nodes =
          board.states().entrySet().stream()
              .filter(node -> node.getValue().equals(state))
              .map(Map.Entry::getKey)
              .toList();
      if (!nodes.isEmpty()) {
        lines.add(style.fair("%-8s".formatted(state)) + listed(nodes));
      }
    }
    board.warnings().forEach(warning -> lines.add(style.bad("warning ") + printable(warning)));
    if (!lines.isEmpty()) {
      lines.add("");
    }
    return lines;
  }

  private static String listed(List<String> nodes) {
    int shown = Math.min(4, nodes.size());
    String first = String.join(" ", nodes.subList(0, shown));
    return shown == nodes.size() ? first : first + " and " + (nodes.size() - shown) + " more";
  }

  /** What came from outside must not steer the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String pair(double observed, double predicted) {
    return observed < 0
        ? "-"
        : rounded(observed) + "/" + (predicted < 0 ? "?" : rounded(predicted));
  }

  private static String rounded(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }

  private static String seconds(double seconds) {
    return rounded(seconds) + " s";
  }

  private static String clock(long seconds) {
    Duration time = Duration.ofSeconds(Math.max(0, seconds));
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private record Column(String value, String title, int width, int decimals) {
    String heading() {
      return ("%" + width + "s").formatted(title);
    }

    String cell(Map<String, Double> values) {
      Double number = values.get(value);
      return number == null
          ? ("%" + width + "s").formatted("-")
          : String.format(Locale.ROOT, "%" + width + "." + decimals + "f", number);
    }
  }
}
