package starling.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.site.OracleBench;

/** {@code starling bench oracle}: results beside the fold over what nodes sealed. */
@Command(
    name = "oracle",
    description = {
      "Compares every result that any node of a simulated site tells with a fold over what the"
          + " nodes had on disk, under loss, duplication, reordering, reboots, new nodes, nodes"
          + " that move, representatives that disagree, and cloned cards. windows are results"
          + " compared.",
      "Beside it push-sum, the averaging gossip of Kempe, Dobra and Gehrke: 50 members, 30"
          + " rounds. windows are what members say, unequal those whose count is wrong when"
          + " rounded; mass_left, and the median member's errors as shares of the truth."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench oracle --seeds 20 --csv"})
final class BenchOracle extends Benchmark {
  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Sites of each case (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Override
  public Integer call() {
    OracleBench bench = refusing(() -> new OracleBench(seeds));
    return judged(bench.run(bar()));
  }
}
