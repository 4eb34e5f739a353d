package starling.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import starling.demo.Demo;
import starling.demo.Options;
import starling.progress.Terminal;

/** {@code starling demo}: a whole field site on this machine. */
@Command(
    name = "demo",
    description = {
      "Runs a whole field site on this machine: 23 nodes that replay Berlin's weather stations, in"
          + " three radio cells over emulated air and one on MQTT, and a gateway with its broker.",
      "Shows each zone's aggregates as any MQTT subscriber hears them, until Ctrl-C."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "With --seconds, the published results are compared at the end with a direct fold over the"
          + " same readings.",
      "",
      "\"took/predicted\" are seconds: of the newest complete window from its end, and of the first"
          + " complete result from the start of the demo. A zone's first result is predicted for"
          + " the end of the first window that began after all its nodes knew the network's time,"
          + " plus what the nodes' own model of their media says that a window takes: a radio cell"
          + " the last speaker's slot and the repair of its losses, a cell on a network the rounds"
          + " of its rumours, the root the slowest of its cells. When nodes are up is measured.",
      "",
      "Exit status: 0 done, 1 failed or different, 2 wrong usage.",
      "",
      "Examples:",
      "  starling demo",
      "  starling demo --seconds 180 --json | tail -n 1",
      "  starling demo --loss 30 --keep /tmp/site"
    })
final class DemoVerb implements Callable<Integer> {
  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Run for N seconds, then check the results (default: until Ctrl-C).")
  private @Nullable Integer seconds;

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "900",
      description = "Recorded seconds that pass in one second (default: ${DEFAULT-VALUE}).")
  private int speed;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides every chance of the emulated air (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "10",
      description = "Frames lost on each radio channel, on average (default: ${DEFAULT-VALUE}).")
  private int lossPercent;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Leave keys, charter, configurations, state and logs in DIR.")
  private @Nullable Path keep;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The broker's port on 127.0.0.1, 0 for a free one (default: 0).")
  private int port;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    return new Demo(
            options(command), Main.home(), command.commandLine().getOut(), Terminal.isThere())
        .run();
  }

  private Options options(CommandSpec command) {
    try {
      return new Options(
          seconds == null ? OptionalInt.empty() : OptionalInt.of(seconds),
          json,
          speed,
          seed,
          lossPercent,
          Optional.ofNullable(keep),
          port);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
