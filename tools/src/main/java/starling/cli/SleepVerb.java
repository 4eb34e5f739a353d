package starling.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
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
import starling.engine.Local;

/** {@code starling sleep}: silence that a process announces, so that nobody misses it. */
@Command(
    name = "sleep",
    description = {
      "Lets a running node or gateway be silent for a while: it says so to each neighbour once"
          + " more, and none of them misses it before. Others take its duties meanwhile; windows go"
          + " on without its readings. Say it before work on a battery, an antenna or a card: once"
          + " its last words have left, a few rounds later, the process may also be stopped."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "The promise is in powers of two: one that does not come back is missed after twice that time"
          + " at most. One that starts again, or is told 0, speaks at once.",
      "",
      "Without --config or --state the process of /etc/starling/gateway.toml is told, or of"
          + " /etc/starling/node.toml, or the gateway of the demo that was started last. Its socket"
          + " is for its user alone.",
      "",
      "Exit status: 0 done, 1 it does not run or does not answer, 2 wrong usage.",
      "",
      "Examples:",
      "  starling sleep 600",
      "  starling sleep 0 --state /var/lib/starling"
    })
final class SleepVerb implements Callable<Integer> {
  private static final long SECONDS_MAX = Local.Sleep.MILLIS_MAX / 1000;
  private static final long ANSWER_MILLIS = 10_000;

  @Parameters(
      arity = "1",
      paramLabel = "SECONDS",
      description = "For how long, 1 to 32768; 0 ends it.")
  private int seconds;

  @Mixin private AskedProcess process = new AskedProcess();

  @Option(names = "--json", description = "Print what it answers as JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 0 || seconds > SECONDS_MAX) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "a node sleeps 1 to " + SECONDS_MAX + " seconds, or 0 to end it, not " + seconds);
    }
    process.check();
    try (ControlConnection connection = process.connect()) {
      connection.say("{\"sleep_s\":" + seconds + "}");
      Optional<String> answer = connection.next(ANSWER_MILLIS);
      print(answer.orElseThrow(() -> new IOException("the process does not answer")));
    }
    return 0;
  }

  private void print(String line) throws IOException {
    JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
    if (answer.has("error")) {
      throw new IOException(answer.get("error").getAsString());
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String said = seconds == 0 ? "it speaks again" : "it is silent for " + seconds + " s from now";
    out.println(json ? line : said);
    out.flush();
  }
}
