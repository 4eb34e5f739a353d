package starling.cli;

import com.google.gson.Gson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.bench.Report;
import starling.progress.Progress;
import starling.progress.ProgressBar;
import starling.progress.Terminal;
import starling.simulate.Outcome;
import starling.simulate.ReportPage;
import starling.simulate.Scenario;
import starling.simulate.Simulation;
import starling.simulate.Swarm;

/** {@code starling simulate}: whole sites under virtual time. */
@Command(
    name = "simulate",
    description = {
      "Runs a whole site of production nodes under virtual time, from one seed, with faults, while"
          + " checkers outside the nodes watch that nothing forbidden happens.",
      "What happens is said in a scenario FILE (docs/simulate.md has the language), or by options."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "One seed gives one history on any number of threads: the same trace number.",
      "Exit status: 0 nothing wrong, 1 something forbidden happened or something expected did not,"
          + " 2 wrong usage.",
      "",
      "Examples:",
      "  starling simulate --nodes 1000 --minutes 5 --html report.html",
      "  starling simulate tools/scenarios/power-cut.scenario",
      "  starling simulate --swarm 10"
    })
final class SimulateVerb implements Callable<Integer> {
  private static final int SHOWN_MAX = 20;

  @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "A scenario.")
  private @Nullable Path file;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many nodes (default: 100).")
  private int nodes;

  @Option(
      names = "--cells",
      paramLabel = "N",
      defaultValue = "25",
      description = "Nodes of a cell (default: 25).")
  private int cells;

  @Option(
      names = "--branching",
      paramLabel = "B",
      defaultValue = "25",
      description = "Zones below an inner zone, 2 to 64 (default: 25).")
  private int branching;

  @Option(
      names = "--medium",
      paramLabel = "MEDIUM",
      defaultValue = "addressed",
      description = "What cells talk over: broadcast or addressed (default: addressed).")
  private String medium = "";

  @Option(
      names = "--radio",
      paramLabel = "PRESET",
      defaultValue = "sik-64k",
      description = "The radio of broadcast cells (default: sik-64k).")
  private String radio = "";

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long a window is (default: 60).")
  private int windowSeconds;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "10",
      description = "How long the site runs (default: 10).")
  private int minutes;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Frames lost on every link (default: 0).")
  private double loss;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides every chance (default: 1, or the scenario's).")
  private @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "How many threads run it (default: 1).")
  private int threads;

  @Option(
      names = "--swarm",
      paramLabel = "MINUTES",
      description = "Hunt: small sites with random mixes of faults, for so long.")
  private @Nullable Integer swarmMinutes;

  @Option(
      names = "--swarm-case",
      paramLabel = "SEED",
      description = "The mix of faults that a seed gives.")
  private @Nullable Long swarmCase;

  @ArgGroup private @Nullable Form form;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots.")
  private @Nullable Path html;

  @Option(names = "--trace", paramLabel = "FILE", description = "Write every event in a line.")
  private @Nullable Path trace;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Integer hunt = swarmMinutes;
    return hunt == null ? report(run(scenario())) : hunt(hunt);
  }

  private Scenario scenario() throws IOException {
    Path from = file;
    Long mix = swarmCase;
    Long other = seed;
    if (mix != null) {
      return Swarm.scenario(mix);
    }
    String text = from == null ? text() : Files.readString(from);
    Scenario scenario =
        refusing(() -> Scenario.read(from == null ? "options" : from.toString(), text));
    return other == null ? scenario : scenario.withSeed(other);
  }

  /** What the options say, as a scenario. */
  private String text() {
    return """
    site %d nodes, cells of %d, branching %d, %s, 3 uplinks, 2 gateways
    radio %s
    window %d s
    at 0 s lose %s %%
    for %d min
    """
        .formatted(nodes, cells, branching, medium, radio, windowSeconds, loss, minutes);
  }

  private Outcome run(Scenario scenario) throws IOException {
    Path to = trace;
    if (to == null) {
      Outcome outcome =
          refusing(() -> new Simulation(scenario, threads, null)).weighing().run(progress());
      return outcome;
    }
    try (PrintWriter lines = new PrintWriter(new BufferedWriter(Files.newBufferedWriter(to)))) {
      return refusing(() -> new Simulation(scenario, threads, lines)).run(progress());
    }
  }

  private int report(Outcome outcome) throws IOException {
    PrintWriter out = out();
    Report as = form == null ? Report.TABLE : form.report();
    if (as == Report.TABLE) {
      outcome.row().forEach((name, value) -> out.printf("%-22s %s%n", name, value));
    } else {
      outcome.samples().stream()
          .map(SimulateVerb::row)
          .forEach(row -> out.println(as == Report.JSON ? new Gson().toJson(row) : csv(row)));
      as.print(List.of(outcome.row()), out);
    }
    complain(outcome);
    Path page = html;
    if (page != null) {
      Files.writeString(page, new ReportPage(outcome).html());
    }
    out.flush();
    return outcome.passed() ? 0 : 1;
  }

  private static String csv(Map<String, Object> row) {
    return String.join(",", row.values().stream().map(String::valueOf).toList());
  }

  private static Map<String, Object> row(Outcome.Sample sample) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("seconds", sample.seconds());
    row.put("alive", sample.alive());
    row.put("coverage", sample.coverage());
    row.put("staleness_s", sample.stalenessSeconds());
    row.put("flaps", sample.flaps());
    return row;
  }

  private void complain(Outcome outcome) {
    PrintWriter err = err();
    outcome.unmet().forEach(one -> err.println("expected: " + one));
    outcome.violations().stream().limit(SHOWN_MAX).forEach(one -> err.println("forbidden: " + one));
    if (!outcome.passed()) {
      err.println(outcome.replay());
    }
    err.flush();
  }

  /** Runs one mix after the other until the time is over or one fails. */
  private int hunt(int forMinutes) throws IOException {
    long end = System.nanoTime() + forMinutes * 60_000_000_000L;
    long first = seed == null ? System.nanoTime() >>> 10 & 0xFFFFFF : seed;
    int done = 0;
    int failed = 0;
    while (System.nanoTime() < end) {
      Outcome outcome = new Simulation(Swarm.scenario(first + done), 1, null).run(_ -> {});
      done++;
      if (form != null && form.report() == Report.JSON) {
        out().println(new Gson().toJson(outcome.row()));
      }
      if (!outcome.passed()) {
        failed++;
        complain(outcome);
      }
      if (Terminal.isThere()) {
        err().printf("\r%d mixes from seed %d, %d failed ", done, first, failed);
        err().flush();
      }
    }
    if (Terminal.isThere()) {
      err().println();
    }
    if (form == null) {
      out().printf("%d mixes from seed %d, %d failed%n", done, first, failed);
    }
    out().flush();
    return failed == 0 ? 0 : 1;
  }

  /** A bar for a person who waits; nothing for a script. */
  private Consumer<Simulation.Progress> progress() {
    Progress bar = ProgressBar.on(err());
    return now ->
        bar.at(
            now.done(),
            "simulated %.0f s in %.1f s, %.0f node-rounds/s"
                .formatted(
                    now.simulatedSeconds(),
                    now.wallSeconds(),
                    now.nodeRounds() / Math.max(now.wallSeconds(), 1e-3)));
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  private <T> T refusing(java.util.function.Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      CommandSpec verb = Objects.requireNonNull(spec);
      throw new ParameterException(verb.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
