package starling.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.membership.MembershipBench;

/** {@code starling bench membership}: who is missed, and who is missed wrongly. */
@Command(
    name = "membership",
    description = {
      "Runs cells of 32 members on channels that lose frames one by one and in bursts, by the"
          + " production membership protocol, for a day and then for as many crashes; and whole"
          + " sites of production nodes: a cell of 32, so that the two agree, and Rapid's three"
          + " tests in 1000 nodes on radio and on a network.",
      "suspects: how often a member's tally of all votes told against one that lived and was"
          + " well. It is suspect then: others take its duties. falsely_gone: how often one that"
          + " lived was called gone, after fifty broken promises on top of that."
          + " removed_wrongly: how many members lost duties without fault.",
      "detected_periods: from a crash until half of the members' tallies told against it (until"
          + " they call it suspect), in beacons; the median and worst crash. doubts are single"
          + " members' own, largest_tally the most of them at once against one that lived;"
          + " removed are those of the faulty members whom most mates leave without duties at"
          + " the end, removed_periods_max after how many windows of trouble they did;"
          + " oscillations how often one member gave duties back to the same of them, flaps how"
          + " often one changed its mind on whether the same living member is suspect.",
      "A sender that is unheard by all for a burst can't be told from a crash: its row is ok with"
          + " suspects, not with any falsely_gone."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: starling bench membership --json",
      "  starling bench membership --days 1000 --only bursts --csv   # nightly"
    })
final class BenchMembership extends Benchmark {
  @ArgGroup private @Nullable Watch watch;

  @Option(
      names = "--crashes",
      paramLabel = "N",
      defaultValue = "100",
      description = "Members of each cell that fail (default: ${DEFAULT-VALUE}).")
  private int crashes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides every chance (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--only",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "Run those cases alone that have this in their name.")
  private String only = "";

  @Override
  public Integer call() {
    double hours = watch == null ? 24 : watch.days > 0 ? 24 * watch.days : watch.hours;
    MembershipBench bench = refusing(() -> new MembershipBench(hours, crashes, seed, only));
    return judged(bench.run(bar()));
  }

  /** How long cells are watched. */
  static final class Watch {
    @Option(
        names = "--hours",
        paramLabel = "N",
        description = "Watch each cell so long (default: 24).")
    private double hours;

    @Option(names = "--days", paramLabel = "N", description = "The same in days; nightly: 1000.")
    private double days;
  }
}
