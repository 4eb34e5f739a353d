package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.gateway.history.Reading;
import starling.gateway.history.Row;
import starling.gateway.history.Selection;

/** {@code starling history}: what a gateway has kept of the past. */
@Command(
    name = "history",
    description = {
      "Shows what a gateway has kept of the past, or exports it: numbers of zones' answers and of"
          + " nodes' readings. It reads the gateway's file, whether that runs or not."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "Without --config or --state the file is that of /etc/starling/gateway.toml, or of the demo's"
          + " gateway that was started last.",
      "",
      "What is old is there as mean, least and largest of quarters of an hour, then of hours:"
          + " span_s says which, and count of how many.",
      "",
      "Exit status: 0 done, 1 there is no history or nothing in it, 2 wrong usage.",
      "",
      "Examples:",
      "  starling history",
      "  starling history /orchard/north --query climate --from 7d --csv >north.csv",
      "  starling history /orchard/north/n17 --from 2026-06-01T00:00:00Z --to 1h --json"
    })
final class HistoryVerb implements Callable<Integer> {
  private static final String FILE = "history.db";

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description = "A zone or node, and all below it (default: all).")
  private String path = "";

  @Mixin private AskedProcess process = new AskedProcess();

  @Option(
      names = "--query",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Answers to this query alone.")
  private String query = "";

  @Option(
      names = "--name",
      paramLabel = "COLUMN",
      defaultValue = "",
      description = "This column or channel alone.")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      defaultValue = "1970-01-01T00:00:00Z",
      description = "Later than that: RFC 3339, or how long ago, such as 24h (default: all).")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Not later than that (default: now).")
  private String to = "";

  @Option(names = "--csv", description = "Print all numbers as CSV (RFC 4180).")
  private boolean csv;

  @Option(names = "--json", description = "Print all numbers, one JSON object each.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    process.check();
    if (csv && json) {
      throw wrong("--csv and --json are two ways to print the same: leave one out");
    }
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw wrong("a path begins with the site's name, such as /orchard/north");
    }
    Selection of = selection();
    Path file = process.state().resolve(FILE);
    try (Reading reading = Reading.open(file)) {
      if (reading.series(of).isEmpty()) {
        throw new IOException("nothing in " + file + " is of that path, query and name");
      }
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (csv) {
        out.print(Row.CSV_HEADER);
        reading.rows(of, row -> out.print(row.csv()));
      } else if (json) {
        reading.rows(of, row -> out.println(row.object()));
      } else {
        new Overview(out).print(reading, of);
      }
      out.flush();
    }
    return 0;
  }

  private Selection selection() {
    long now = System.currentTimeMillis();
    try {
      return new Selection(path, query, name, Selection.time(from, now), Selection.time(to, now));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }

  /** A line for each series: how much there is of it, and from when to when. */
  private static final class Overview {
    private static final String LINE = "%-32s  %-12s  %-28s  %-8s  %8s  %-20s  %-20s  %s%n";

    private final PrintWriter out;
    private @Nullable Row first;
    private @Nullable Row last;
    private long numbers;

    Overview(PrintWriter out) {
      this.out = out;
    }

    void print(Reading reading, Selection of) throws IOException {
      out.printf(LINE, "path", "query", "name", "unit", "numbers", "first", "last", "newest");
      reading.rows(of, this::take);
      line();
    }

    private void take(Row row) {
      if (first != null && !first.series().equals(row.series())) {
        line();
        numbers = 0;
      }
      first = numbers++ == 0 ? row : first;
      last = row;
    }

    private void line() {
      if (first != null && last != null) {
        Row.Series series = last.series();
        out.printf(
            Locale.ROOT,
            LINE,
            series.path(),
            series.query(),
            series.name(),
            series.unit(),
            numbers,
            seconds(first.endMillis()),
            seconds(last.endMillis()),
            Row.number(last.value()));
      }
    }

    private static Instant seconds(long millis) {
      return Instant.ofEpochSecond(millis / 1000);
    }
  }
}
