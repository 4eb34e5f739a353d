package starling.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.gossip.AstrolabeBench;

/** {@code starling bench astrolabe}: one change through a tree. */
@Command(
    name = "astrolabe",
    description = {
      "Plays one change out in trees of 390625 and 625 leaves: by Astrolabe's rule (synchronous,"
          + " an exchange on each level), as its paper did, and by ours (one frame a round, own"
          + " phases, news leaves now; answers free, or strictly the peer's frame). rounds_mean"
          + " and rounds_max are over seeds, of the last leaf; target is the paper's mean, or"
          + " what we aim at.",
      "Two rows lose all representatives of one cell, for which others are elected after 5"
          + " rounds."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench astrolabe --seeds 40 --csv >astrolabe.csv"})
final class BenchAstrolabe extends Benchmark {
  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "20",
      description = {
        "Runs of each large tree, 50 times as many of each small one"
            + " (default: ${DEFAULT-VALUE})."
      })
  private int seeds;

  @Override
  public Integer call() {
    AstrolabeBench bench = refusing(() -> new AstrolabeBench(seeds));
    return judged(bench.run(bar()));
  }
}
