package starling.cli;

import picocli.CommandLine.Command;

/** {@code starling bench}: claims, shown with one command each. */
@Command(
    name = "bench",
    description = "Plays gossip out, and measures frames and nodes, beside what is aimed at.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      BenchSpread.class,
      BenchAstrolabe.class,
      BenchFrame.class,
      BenchAllocation.class,
      BenchFootprint.class,
      BenchGateway.class,
      BenchSpeed.class,
      BenchOracle.class,
      BenchLinks.class,
      BenchMembership.class,
      BenchCost.class,
      BenchRadio.class
    },
    footer = {
      "",
      "Results go to standard output, progress to standard error. Gossip's are the same for the"
          + " same seeds; times on a busy machine are upper bounds.",
      "Exit status: 0 done, 1 failed or a target missed, 2 wrong usage.",
      "",
      "Examples:",
      "  starling bench spread --csv >spread.csv",
      "  starling bench astrolabe --json | jq 'select(.rule == \"starling\")'",
      "  starling bench membership --days 30 --only deaf",
      "  starling bench frame",
      "  starling bench footprint",
      "  starling bench gateway --json"
    })
final class BenchVerb {}
