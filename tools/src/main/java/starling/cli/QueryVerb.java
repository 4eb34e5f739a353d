package starling.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import starling.charter.Draft;
import starling.gateway.upstream.Payloads;
import starling.keys.Listing;
import starling.keys.Price;
import starling.keys.SiteDirectory;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Page;
import starling.query.Query;
import starling.query.QueryException;
import starling.sensor.Recording;
import starling.trial.Trial;

/** {@code starling query}: what a site is asked all the time. */
@Command(
    name = "query",
    description = "Installs, shows, tries and removes a site's standing queries.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage. What fails changes nothing.",
      "",
      "Examples:",
      "  starling query try 'SELECT AVG(air_temperature), TOP 3 BY air_temperature FROM readings'"
          + " \\",
      "      --csv tools/data/berlin-2019-06.csv",
      "  starling query install climate 'SELECT AVG(air_temperature), COUNT(*) FROM readings' \\",
      "      --for 30d --dir orchard",
      "  starling query list --dir orchard",
      "",
      "The charter with the query is signed in the site's directory. Copy charter.bin over that of"
          + " any one node or gateway: it notices, and the site gossips the rest."
    })
final class QueryVerb {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The site's directory (default: .).")
  private Path directory = Path.of(".");

  @Spec private @Nullable CommandSpec spec;

  @Command(
      name = "install",
      description = "Adds a standing query, or puts it in the place of the one of that name.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example: starling query install climate 'SELECT AVG(load) FROM readings EVERY 2 min'"
      })
  int install(
      @Parameters(paramLabel = "NAME", description = "The topic level.") String name,
      @Parameters(paramLabel = "TEXT", description = "SELECT ... FROM readings") String text,
      @Option(
              names = "--for",
              paramLabel = "TIME",
              description = "How long it runs, such as 12h or 30d (default: until it is removed).")
          @Nullable String lifetime,
      @Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    Charter charter = charter();
    long expires = lifetime == null ? Page.StandingQuery.FOREVER : expires(lifetime);
    Charter next = refusing(() -> site().save(Draft.of(charter).query(name, text, expires)));
    print(Price.of(next, named(name, next)), json);
    print(List.of(Price.signed(next)), json);
    return 0;
  }

  private long expires(String lifetime) {
    if (!lifetime.matches("[1-9][0-9]{0,4}[hd]")) {
      throw wrong("--for takes hours or days, such as 12h or 30d, not '" + lifetime + "'");
    }
    long count = Long.parseLong(lifetime.substring(0, lifetime.length() - 1));
    ChronoUnit unit = lifetime.endsWith("h") ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    return Instant.now().plus(Duration.of(count, unit)).toEpochMilli();
  }

  @Command(
      name = "list",
      description = "Lists the standing queries, a line each.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling query list --json"})
  int list(@Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    Charter charter = charter();
    for (Page.StandingQuery query : charter.site().orElseThrow().queries()) {
      print(List.of(Listing.of(query)), json);
    }
    return 0;
  }

  @Command(
      name = "show",
      description =
          "Shows a query and what it costs: rows at each level, frames of each medium, each radio"
              + " cell's channel.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling query show climate"})
  int show(
      @Parameters(paramLabel = "NAME", description = "The query's name.") String name,
      @Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    Charter charter = charter();
    print(Price.of(charter, refusing(() -> named(name, charter))), json);
    return 0;
  }

  @Command(
      name = "remove",
      description = "Takes a query away.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling query remove climate"})
  int remove(
      @Parameters(paramLabel = "NAME", description = "The query's name.") String name,
      @Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    Charter charter = charter();
    Charter next = refusing(() -> site().save(Draft.of(charter).removeQuery(name)));
    print(List.of(Price.signed(next)), json);
    return 0;
  }

  @Command(
      name = "try",
      description =
          "Runs a query against recorded readings, without a network: a table, or with --json what"
              + " a gateway would publish.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Each station is a node of the cell /recording; each row of the file ends a window.",
        "",
        "Example: starling query try 'SELECT P95(air_temperature) FROM readings EVERY 6 h' \\",
        "    --csv tools/data/berlin-2019-06.csv"
      })
  int attempt(
      @Parameters(
              paramLabel = "QUERY",
              description = "SELECT ... FROM readings, or the name of one of the site's.")
          String query,
      @Option(
              names = "--csv",
              required = true,
              paramLabel = "FILE",
              description = "time_utc,station,station,...")
          Path file,
      @Option(
              names = "--channel",
              paramLabel = "NAME:UNIT:DECIMALS:MIN:MAX",
              defaultValue = "air_temperature:Cel:2:-60:60",
              description = "What was recorded (default: ${DEFAULT-VALUE}).")
          String channel,
      @Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    String text = query.matches("[a-z0-9_-]+") ? installed(query) : query;
    Recording recording = Recording.read(file);
    Trial trial;
    try {
      trial = new Trial(Query.parse(text), refusing(() -> KeysVerb.channel(channel)), recording);
    } catch (QueryException e) {
      throw wrong(e.render());
    }
    if (!json) {
      out().println("end\t" + String.join("\t", trial.columns()) + "\treported");
    }
    for (Delivery.Result window : trial.windows()) {
      String payload = new String(Payloads.result(window), StandardCharsets.UTF_8);
      out().println(json ? payload : line(payload, trial.columns()));
    }
    return 0;
  }

  private static String line(String payload, List<String> columns) {
    JsonObject said = JsonParser.parseString(payload).getAsJsonObject();
    JsonObject values = said.getAsJsonObject("values");
    StringBuilder line = new StringBuilder(said.getAsJsonObject("window").get("end").getAsString());
    for (String column : columns) {
      JsonElement value = values.get(column);
      line.append('\t').append(value == null ? "-" : value.toString());
    }
    return line.append('\t')
        .append(said.getAsJsonObject("coverage").get("reported").getAsInt())
        .toString();
  }

  private String installed(String name) throws IOException {
    Charter charter = charter();
    return refusing(() -> named(name, charter)).text();
  }

  // ---- what they share

  private static Page.StandingQuery named(String name, Charter charter) {
    List<Page.StandingQuery> queries = charter.site().orElseThrow().queries();
    return queries.stream()
        .filter(query -> query.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no query "
                    + name
                    + "; there are "
                    + String.join(", ", queries.stream().map(Page.StandingQuery::name).toList())));
  }

  private void print(List<Listing> lines, boolean json) {
    lines.forEach(line -> out().println(json ? line.json() : line.line()));
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private SiteDirectory site() {
    return new SiteDirectory(directory);
  }

  private Charter charter() throws IOException {
    return site().charter();
  }

  private interface Act<T> {
    T run() throws IOException;
  }

  private <T> T refusing(Act<T> act) throws IOException {
    try {
      return act.run();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), problem);
  }
}
