package starling.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import starling.bench.Report;
import starling.bench.gossip.AstrolabeBench;
import starling.bench.gossip.Progress;
import starling.bench.gossip.ProgressBar;
import starling.bench.gossip.SpreadBench;

/** {@code starling bench}: claims, shown with one command each. */
@Command(
    name = "bench",
    description = "Plays gossip out and compares it with what is predicted and aimed at.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Results go to standard output, progress to standard error. The same seeds give the same"
          + " results.",
      "Exit status: 0 done, 1 failed or a target missed, 2 wrong usage.",
      "",
      "Examples:",
      "  starling bench spread --csv >spread.csv",
      "  starling bench astrolabe --json | jq 'select(.rule == \"starling\")'"
    })
final class BenchVerb {
  @Spec private @Nullable CommandSpec spec;

  /** How results are printed. */
  static final class Form {
    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    private Report report() {
      return json ? Report.JSON : csv ? Report.CSV : Report.TABLE;
    }
  }

  @Command(
      name = "spread",
      description = {
        "Plays epidemics out, by push, pull and push-pull, fan-out 1 to 3, 0 to 30 %% of frames"
            + " lost, and compares rounds until all know with the prediction: ok if means are"
            + " within 0.6 round and 99th percentiles within 3."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling bench spread --nodes 16,1000 --seeds 500"})
  int spread(
      @Option(
              names = "--nodes",
              paramLabel = "N",
              split = ",",
              defaultValue = "16,50,128,1000,10000",
              description = "Sizes of groups (default: ${DEFAULT-VALUE}).")
          List<Integer> nodes,
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "200",
              description = "Epidemics of each case (default: ${DEFAULT-VALUE}).")
          int seeds,
      @ArgGroup @Nullable Form form) {
    SpreadBench bench = refusing(() -> new SpreadBench(nodes, seeds));
    return judged(bench.run(bar()), form);
  }

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
  int astrolabe(
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "20",
              description = {
                "Runs of each large tree, 50 times as many of each small one"
                    + " (default: ${DEFAULT-VALUE})."
              })
          int seeds,
      @ArgGroup @Nullable Form form) {
    AstrolabeBench bench = refusing(() -> new AstrolabeBench(seeds));
    return judged(bench.run(bar()), form);
  }

  private void print(List<Map<String, Object>> rows, @Nullable Form form) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    (form == null ? Report.TABLE : form.report()).print(rows, out);
    out.flush();
  }

  /** Prints rows that say whether each is {@code ok}, and fails if one is not. */
  private int judged(List<Map<String, Object>> rows, @Nullable Form form) {
    print(rows, form);
    long missed = rows.stream().filter(row -> !Boolean.TRUE.equals(row.get("ok"))).count();
    if (missed > 0) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println("starling: " + missed + " of " + rows.size() + " rows miss their target");
      err.println("Look for ok = false; more --seeds tell chance from fault.");
    }
    return missed == 0 ? 0 : 1;
  }

  private Progress bar() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    return isTerminal() ? new ProgressBar(err) : (_, _) -> {};
  }

  @SuppressWarnings("SystemConsoleNull") // On Java 25 it is null again where there is no terminal.
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private <T> T refusing(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      CommandSpec verb = Objects.requireNonNull(spec);
      throw new ParameterException(verb.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
