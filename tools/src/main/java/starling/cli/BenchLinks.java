package starling.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import starling.bench.links.DataSets;
import starling.bench.links.LinksBench;

/** {@code starling bench links}: charter pages over measured links. */
@Command(
    name = "links",
    description = {
      "Gives a newer charter page to one node of a cell of production nodes on one radio channel"
          + " (sik-64k), whose directed links deliver what was measured in real networks, and"
          + " waits until all that usable links connect to it hold the page: those that deliver"
          + " 10 %% or more both ways. Networks of more than 64 nodes are cut into cells by hops"
          + " from the best linked node.",
      "A round is the shortest interval in which each who has news says so once, round_s long;"
          + " rounds are until the last node. predicted is a flood by questions and answers on the"
          + " same links, if none collide and airtime is free. reported is how many contributions"
          + " the gateway had in a window of a minute (they go one hop). One field is made up."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench links --data ~/datasets --seeds 20 --csv"})
final class BenchLinks extends Benchmark {
  @Mixin private Measured measured = new Measured();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs of each cell (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Override
  public Integer call() throws IOException {
    if (seeds < 1) {
      throw refused("at least one seed, not " + seeds);
    }
    DataSets sets = measured.sets(this::explain);
    return judged(new LinksBench(sets.cells(), seeds).run(bar()));
  }
}
