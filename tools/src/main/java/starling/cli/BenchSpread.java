package starling.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.gossip.SpreadBench;

/** {@code starling bench spread}: epidemics among equals. */
@Command(
    name = "spread",
    description = {
      "Plays epidemics out, by push, pull and push-pull, fan-out 1 to 3, 0 to 30 %% of frames"
          + " lost, and compares rounds until all know with the prediction: ok if means are"
          + " within 0.6 round and 99th percentiles within 3."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench spread --nodes 16,1000 --seeds 500"})
final class BenchSpread extends Benchmark {
  @Option(
      names = "--nodes",
      paramLabel = "N",
      split = ",",
      defaultValue = "16,50,128,1000,10000",
      description = "Sizes of groups (default: ${DEFAULT-VALUE}).")
  private List<Integer> nodes = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "200",
      description = "Epidemics of each case (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Override
  public Integer call() {
    SpreadBench bench = refusing(() -> new SpreadBench(nodes, seeds));
    return judged(bench.run(bar()));
  }
}
