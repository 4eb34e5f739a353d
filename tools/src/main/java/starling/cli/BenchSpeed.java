package starling.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import starling.bench.site.SpeedBench;

/** {@code starling bench speed}: what this machine simulates. */
@Command(
    name = "speed",
    description = {
      "Measures how many rounds of nodes this machine simulates in a second, and what heap a node"
          + " takes in the end, the simulator's share included: sites of cells of 25 on a"
          + " network, from power-on. After ten minutes a node holds all the windows that it ever"
          + " will; what the process takes whatever it simulates is what the figures of two sizes"
          + " leave."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench speed --nodes 1000,10000 --threads 2"})
final class BenchSpeed extends Benchmark {
  @Option(
      names = "--nodes",
      paramLabel = "N",
      split = ",",
      defaultValue = "100,1000",
      description = "Sizes of sites (default: ${DEFAULT-VALUE}).")
  private List<Integer> nodes = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "600",
      description = "How long each runs, in virtual time (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Override
  public Integer call() {
    SpeedBench bench = refusing(() -> new SpeedBench(nodes, seconds, threads.count));
    print(bench.run(bar()));
    return 0;
  }
}
