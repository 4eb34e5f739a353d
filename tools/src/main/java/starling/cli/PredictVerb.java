package starling.cli;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import starling.forecast.Forecast;
import starling.forecast.Picture;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.plot.Sheet;
import starling.predict.Field;
import starling.predict.Gossip;
import starling.predict.Tree;
import starling.query.Query;
import starling.query.QueryException;

/** {@code starling predict}: what a field will do, before it is built. */
@Command(
    name = "predict",
    description = {
      "Predicts how long news takes to spread and to how many, how late and how complete results"
          + " are, and what of the channel they use, by the arithmetic that nodes go by"
          + " themselves.",
      "With --plan, the shortest EVERY that the field affords, and what limits it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "Rounds are synchronous: what a change takes at most where each node speaks once a round."
          + " Nodes whose news leaves at once take about half of it; 'starling bench astrolabe'"
          + " measures both.",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage.",
      "",
      "Examples:",
      "  starling predict --nodes 10000 --branching 25 --loss 0.1",
      "  starling predict --radio lora-sf7 --nodes 40 --every 60s",
      "  starling predict --plan --radio sik-64k --nodes 23",
      "  starling predict --radio lora-sf9 --nodes 500 --branching 20 --plot field.html",
      "  starling predict --nodes 64 --json | jq 'select(.predict == \"window\").age_p95_ms'"
    })
final class PredictVerb implements Callable<Integer> {
  private static final int NODES_MAX = 10_000_000;
  private static final int CELL_MAX = 64;
  private static final int BRANCHING = 25;
  private static final int CHANNELS_MAX = 16;
  private static final long EVERY_MILLIS = 60_000;
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h)");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      required = true,
      description = "Nodes that contribute, 1 to " + NODES_MAX + ".")
  private int nodes;

  @Option(
      names = "--branching",
      paramLabel = "N",
      description = {
        "Members of a cell and children of a zone (default: one cell up to "
            + CELL_MAX
            + " nodes, else "
            + BRANCHING
            + ")."
      })
  private @Nullable Integer branching;

  @Option(
      names = "--representatives",
      paramLabel = "N",
      defaultValue = "3",
      description = "Representatives of a zone (default: ${DEFAULT-VALUE}).")
  private int representatives;

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share of frames lost in cells, 0 to 0.9 (default: ${DEFAULT-VALUE}).")
  private double loss;

  @Option(
      names = "--radio",
      paramLabel = "PRESET",
      defaultValue = "mqtt",
      description = "The cells' medium, mqtt (default) or a preset that 'radio show' lists.")
  private String radio = "mqtt";

  @Option(
      names = "--every",
      paramLabel = "SPAN",
      description = "How often nodes contribute, such as 60s or 5min (default: the query's, 60s).")
  private @Nullable String every;

  @Option(
      names = "--query",
      paramLabel = "TEXT",
      description = "A standing query: its channels are what a contribution has, at its EVERY.")
  private @Nullable String query;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "Values in a contribution, 1 to 16 (default: the query's, 4).")
  private @Nullable Integer channels;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "push-pull",
      description = "Gossip by push, pull or push-pull (default: ${DEFAULT-VALUE}).")
  private String mode = "push-pull";

  @Option(
      names = "--fanout",
      paramLabel = "N",
      defaultValue = "1",
      description = "Neighbours that a node contacts in a round, 1 to 8 (default: 1).")
  private int fanout;

  @Option(names = "--plan", description = "Only say what EVERY the field affords.")
  private boolean plan;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Also draw it: a self-contained FILE.svg or FILE.html.")
  private @Nullable Path plot;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Forecast forecast = forecast();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      List<Map<String, Object>> rows = plan ? List.of(forecast.planRow()) : forecast.rows();
      rows.forEach(row -> out.println(new Gson().toJson(row)));
    } else {
      (plan ? forecast.plan() : forecast.lines()).forEach(out::println);
    }
    out.flush();
    if (plot != null) {
      draw(plot, Picture.of(forecast));
    }
    return 0;
  }

  private void draw(Path file, Sheet sheet) throws IOException {
    try {
      Files.writeString(file, html(file) ? sheet.html() : sheet.svg());
    } catch (IOException e) {
      throw new IOException(
          "no plot written to " + file + ": " + e + "; name a file in a directory that is there",
          e);
    }
  }

  private Forecast forecast() {
    if (nodes < 1 || nodes > NODES_MAX) {
      throw refused("--nodes is 1 to " + NODES_MAX + ", not " + nodes);
    }
    if (plot != null && !html(plot) && !plot.toString().endsWith(".svg")) {
      throw refused("--plot writes FILE.svg or FILE.html, not " + plot);
    }
    LinkProfile medium =
        Presets.named(radio)
            .orElseThrow(() ->
                refused(
                    "--radio: no preset '"
                        + radio
                        + "'; there are "
                        + String.join(", ", Presets.names())));
    Query asked = query == null ? null : parsed(query);
    try {
      Gossip gossip = new Gossip(mode(), nodes, fanout, loss());
      Tree tree = new Tree(gossip, branching(), representatives);
      return new Forecast(
          new Field(tree, medium, Presets.MQTT.profile(), channels(asked)), everyMillis(asked));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private double loss() {
    if (loss > 1 && loss <= 100) {
      throw refused(
          String.format(
              Locale.ROOT,
              "--loss is a share, 0 to %s: for %s %% write %s",
              Gossip.LOSS_MAX,
              loss,
              loss / 100));
    }
    return loss;
  }

  private int branching() {
    if (branching != null) {
      return branching;
    }
    return nodes <= CELL_MAX ? Math.max(2, nodes) : BRANCHING;
  }

  private Gossip.Mode mode() {
    for (Gossip.Mode each : Gossip.Mode.values()) {
      if (each.name().replace('_', '-').equalsIgnoreCase(mode)) {
        return each;
      }
    }
    throw refused("--mode is push, pull or push-pull, not '" + mode + "'");
  }

  private Query parsed(String text) {
    try {
      return Query.parse(text);
    } catch (QueryException e) {
      throw refused("--query: " + e.render());
    }
  }

  private int channels(@Nullable Query asked) {
    if (channels != null) {
      if (channels < 1 || channels > CHANNELS_MAX) {
        throw refused("--channels is 1 to " + CHANNELS_MAX + ", not " + channels);
      }
      return channels;
    }
    if (asked == null) {
      return 4;
    }
    return asked.channels().size();
  }

  private long everyMillis(@Nullable Query asked) {
    if (every == null) {
      OptionalLong said = asked == null ? OptionalLong.empty() : asked.everyMillis();
      return said.orElse(EVERY_MILLIS);
    }
    Matcher span = SPAN.matcher(every.strip());
    if (!span.matches()) {
      throw refused("--every is a span such as 500ms, 60s, 5min or 1h, not '" + every + "'");
    }
    long unit =
        switch (span.group(2)) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "min" -> 60_000;
          default -> 3_600_000;
        };
    long millis = Long.parseLong(span.group(1)) * unit;
    if (millis < Query.EVERY_MIN_MS || millis > Query.EVERY_MAX_MS) {
      throw refused("--every is " + Query.EVERY_MIN_MS + " ms to 24 h, not " + every);
    }
    return millis;
  }

  private static boolean html(Path file) {
    return file.toString().endsWith(".html");
  }

  private ParameterException refused(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }
}
