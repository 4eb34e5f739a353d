package starling.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.footprint.FootprintBench;

/** {@code starling bench footprint}: a node process at rest and at work. */
@Command(
    name = "footprint",
    description = {
      "Measures a node process, as the launcher starts it, with neighbours that say nothing: on a"
          + " radio (a pseudo-terminal) and on MQTT; idle (no reading is due) and at the demo's"
          + " pace; beside what we aim at and a JVM with the same flags that does nothing.",
      "Memory is in MiB (dirty: the process's alone, and not from a file), cpu_percent of one"
          + " core, first_frame_ms from the start of the process. Medians over runs."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench footprint --runs 5 --json >footprint.json"})
final class BenchFootprint extends Benchmark {
  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Starts of each sort (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long each is watched (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    FootprintBench bench =
        refusing(() -> new FootprintBench(Main.home(), runs, SETTLE, Duration.ofSeconds(seconds)));
    List<Map<String, Object>> rows = bench.run(bar());
    explain(bench.method());
    return judged(rows);
  }
}
