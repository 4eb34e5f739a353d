package starling.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.progress.Terminal;

/** {@code starling zones}: the rows inside any zone, from a process that runs on this machine. */
@Command(
    name = "zones",
    description = {
      "Shows the rows inside a zone: what each of its zones amounts to, or what each node of a cell"
          + " said last. Any running node or gateway of the site can be asked; representatives of"
          + " the zone answer, over the site's own network."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "Without --config or --state the process of /etc/starling/gateway.toml is asked, or of"
          + " /etc/starling/node.toml, or the gateway of the demo that was started last. Its socket"
          + " is for its user alone.",
      "",
      "Rows are of the newest window that has settled there. The answer rides in frames that are"
          + " sent anyway: seconds near by, up to a minute far away on slow radios.",
      "",
      "Exit status: 0 done, 1 nobody answered or there is no such zone, 2 wrong usage.",
      "",
      "Examples:",
      "  starling zones",
      "  starling zones /orchard/north --query climate",
      "  starling zones /orchard/north --state /var/lib/starling --json"
    })
final class ZonesVerb implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final long GRACE_MILLIS = 10_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description = "The zone, such as /orchard/north (default: the root).")
  private String path = "";

  @Mixin private AskedProcess process = new AskedProcess();

  @Option(
      names = "--query",
      paramLabel = "NAME",
      defaultValue = "",
      description = "This standing query alone (default: all).")
  private String query = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Give up after that, 1 to 3600 (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Option(names = "--json", description = "Print one JSON object a row instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
      throw wrong("--timeout is 1 to 3600 seconds, not " + timeoutSeconds);
    }
    process.check();
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw wrong("a zone's path begins with the site's name, such as /orchard/north");
    }
    try (ControlConnection connection = process.connect()) {
      connection.say(request());
      return show(connection);
    }
  }

  private String request() {
    JsonObject request = new JsonObject();
    request.addProperty("zones", path);
    request.addProperty("query", query);
    request.addProperty("timeout_s", timeoutSeconds);
    return request.toString();
  }

  private int show(ControlConnection connection) throws IOException, InterruptedException {
    List<JsonObject> rows = new ArrayList<>();
    JsonObject last = null;
    long start = System.nanoTime();
    while (last == null) {
      Optional<String> line = connection.next(LOOK_MILLIS);
      long waitedMillis = (System.nanoTime() - start) / 1_000_000;
      if (line.isPresent()) {
        JsonObject object = JsonParser.parseString(line.get()).getAsJsonObject();
        boolean row = object.has("zone") || object.has("node");
        last = row ? null : object;
        rows.addAll(row ? List.of(object) : List.of());
      } else if (waitedMillis > timeoutSeconds * 1000L + GRACE_MILLIS) {
        throw new IOException("the process does not answer");
      } else {
        progress(
            "asking for "
                + (path.isEmpty() ? "the root" : path)
                + ", "
                + waitedMillis / 1000
                + " s");
      }
    }
    progress("");
    if (last.has("error")) {
      throw new IOException(last.get("error").getAsString());
    }
    print(rows, last.get("omitted").getAsInt());
    return 0;
  }

  private void print(List<JsonObject> rows, int omitted) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      rows.forEach(row -> out.println(row));
    } else {
      ZoneTable.of(rows).forEach(out::println);
    }
    out.flush();
    if (omitted > 0) {
      String text = omitted + " queries are left out, all together are too long: name one, --query";
      spec.commandLine().getErr().println("starling: " + text);
    }
  }

  /** On a terminal one line that is written over; nothing elsewhere. */
  private void progress(String text) {
    if (Terminal.isThere()) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.print("\r\u001b[K" + text);
      err.flush();
    }
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), problem);
  }
}
