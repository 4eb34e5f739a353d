package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Duration;
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
import starling.bench.footprint.FootprintBench;
import starling.bench.frame.AllocationBench;
import starling.bench.frame.FrameBench;
import starling.bench.gateway.GatewayBench;
import starling.bench.gossip.AstrolabeBench;
import starling.bench.gossip.SpreadBench;
import starling.bench.links.DataSets;
import starling.bench.links.LinksBench;
import starling.bench.links.Matrix;
import starling.bench.membership.MembershipBench;
import starling.bench.radio.RadioBench;
import starling.bench.site.CostBench;
import starling.bench.site.OracleBench;
import starling.bench.site.SpeedBench;
import starling.progress.Progress;
import starling.progress.ProgressBar;

/** {@code starling bench}: claims, shown with one command each. */
@Command(
    name = "bench",
    description = "Plays gossip out, and measures frames and nodes, beside what is aimed at.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
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
final class BenchVerb {
  /** By then a node has started, met nobody, and compiled what it will. */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  /** Where measurements of others are, if anywhere. */
  private static final String DATA = "../shared/data";

  private static final String MEASURED =
      "Where data sets are: intel-lab, smartmesh-k7, iotlab-k7, freifunk-mesh (default: "
          + DATA
          + " beside this program). What is not there is left out.";

  @Spec private @Nullable CommandSpec spec;

  /** How results are printed. */
  static final class Form {
    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    Report report() {
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

  @Command(
      name = "frame",
      description = {
        "Measures on one core: to seal a frame of 80 bytes and to open it, beside the JDK's AES-GCM"
            + " of the same bytes; to say a window's four readings and to hear a neighbour's, by a"
            + " whole engine, beside JSON sealed by AES-GCM.",
        "ns and alloc_bytes are an operation's: the median round's processor time, the quarters"
            + " around it, and heap allocated, by the thread's own counters. ratio is the time over"
            + " that of the peer, which is the next row."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "A node makes do with the JVM's first compiler; to measure that one:",
        "  JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 starling bench frame",
        "",
        "Example: starling bench frame --csv >frame.csv"
      })
  int frame(
      @Option(
              names = "--rounds",
              paramLabel = "N",
              defaultValue = "15",
              description = "Rounds that count (default: ${DEFAULT-VALUE}).")
          int rounds,
      @Option(
              names = "--millis",
              paramLabel = "N",
              defaultValue = "100",
              description = "About how long each takes (default: ${DEFAULT-VALUE}).")
          int millis,
      @ArgGroup @Nullable Form form) {
    FrameBench bench = refusing(() -> new FrameBench(rounds, millis));
    print(bench.run(bar()), form);
    explain(bench.method());
    return 0;
  }

  @Command(
      name = "allocation",
      description = {
        "Measures what an engine allocates to hear one frame, by JMH's profiler of the garbage"
            + " collector, in a JVM of its own for each case: a mate's digest and votes that bring"
            + " nothing new, a mate's own row (one a window, so with all that a window costs"
            + " besides), and noise."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling bench allocation --json"})
  int allocation(@ArgGroup @Nullable Form form) {
    print(new AllocationBench().run(), form);
    return 0;
  }

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
  int footprint(
      @Option(
              names = "--runs",
              paramLabel = "N",
              defaultValue = "3",
              description = "Starts of each sort (default: ${DEFAULT-VALUE}).")
          int runs,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              defaultValue = "10",
              description = "How long each is watched (default: ${DEFAULT-VALUE}).")
          int seconds,
      @ArgGroup @Nullable Form form)
      throws IOException, InterruptedException {
    FootprintBench bench =
        refusing(() -> new FootprintBench(home(), runs, SETTLE, Duration.ofSeconds(seconds)));
    List<Map<String, Object>> rows = bench.run(bar());
    explain(bench.method());
    return judged(rows, form);
  }

  @Command(
      name = "gateway",
      description = {
        "Publishes zones' answers to a mosquitto as fast as it takes them: by a gateway's upstream,"
            + " each on disk before it is sent and until it is acknowledged (outbox;"
            + " outbox_embedded with the broker in the same process, at a steady rate), and by a"
            + " plain Paho publisher (paho): the same bytes, QoS 1, retained, 128 in flight. They"
            + " take turns; ratio is the median turn's, of the plain publisher's rate.",
        "latency: from hand to a subscriber's, at a steady rate. rss_mb: after all turns; gateway"
            + " and gateway_embedded are whole programs at rest, as the launcher starts them."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling bench gateway --turns 20 --json >gateway.json"})
  int gateway(
      @Option(
              names = "--turns",
              paramLabel = "N",
              defaultValue = "10",
              description = "Turns of a second each (default: ${DEFAULT-VALUE}).")
          int turns,
      @Option(
              names = "--rate",
              paramLabel = "N",
              defaultValue = "1000",
              description = "Answers a second for latencies (default: ${DEFAULT-VALUE}).")
          int rate,
      @ArgGroup @Nullable Form form)
      throws IOException, InterruptedException {
    GatewayBench bench = refusing(() -> new GatewayBench(home(), turns, 1, rate, SETTLE));
    List<Map<String, Object>> rows = bench.run(bar());
    explain(bench.method());
    return judged(rows, form);
  }

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
  int speed(
      @Option(
              names = "--nodes",
              paramLabel = "N",
              split = ",",
              defaultValue = "100,1000",
              description = "Sizes of sites (default: ${DEFAULT-VALUE}).")
          List<Integer> nodes,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              defaultValue = "600",
              description = "How long each runs, in virtual time (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Option(
              names = "--threads",
              paramLabel = "T",
              defaultValue = "2",
              description = "How many threads run it (default: ${DEFAULT-VALUE}).")
          int threads,
      @ArgGroup @Nullable Form form) {
    SpeedBench bench = refusing(() -> new SpeedBench(nodes, seconds, threads));
    print(bench.run(bar()), form);
    return 0;
  }

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
  int oracle(
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "3",
              description = "Sites of each case (default: ${DEFAULT-VALUE}).")
          int seeds,
      @ArgGroup @Nullable Form form) {
    OracleBench bench = refusing(() -> new OracleBench(seeds));
    return judged(bench.run(bar()), form);
  }

  @Command(
      name = "links",
      description = {
        "Gives a newer charter page to one node of a cell of production nodes on one radio channel"
            + " (sik-64k), whose directed links deliver what was measured in real networks, and"
            + " waits until all that usable links connect to it hold the page: those that deliver"
            + " 10 %% or more both ways. Networks of more than 64 nodes are cut into cells by hops"
            + " from the best linked node.",
        "A round is the shortest interval in which each who has news says so once, round_s long;"
            + " rounds are until the last node. predicted is a flood by questions and answers on"
            + " the same links, if none collide and airtime is free. reported is how many"
            + " contributions the gateway had in a window of a minute (they go one hop)."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling bench links --data ~/datasets --seeds 20 --csv"})
  int links(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = MEASURED + " One field is made up.")
          @Nullable Path data,
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "5",
              description = "Runs of each cell (default: ${DEFAULT-VALUE}).")
          int seeds,
      @ArgGroup @Nullable Form form)
      throws IOException {
    if (seeds < 1) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "at least one seed, not " + seeds);
    }
    DataSets sets = dataSets(data);
    return judged(new LinksBench(sets.cells(), seeds).run(bar()), form);
  }

  private DataSets dataSets(@Nullable Path data) throws IOException {
    Path from = data == null ? home().resolve(DATA) : data;
    DataSets sets = DataSets.in(from);
    if (!sets.absent().isEmpty()) {
      explain("Not in " + from + ", so left out: " + String.join(", ", sets.absent()) + ".");
    }
    return sets;
  }

  private static Path home() {
    return Path.of(System.getenv().getOrDefault("STARLING_HOME", ""));
  }

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
  int membership(
      @ArgGroup @Nullable Watch watch,
      @Option(
              names = "--crashes",
              paramLabel = "N",
              defaultValue = "100",
              description = "Members of each cell that fail (default: ${DEFAULT-VALUE}).")
          int crashes,
      @Option(
              names = "--seed",
              paramLabel = "N",
              defaultValue = "1",
              description = "Decides every chance (default: ${DEFAULT-VALUE}).")
          long seed,
      @Option(
              names = "--only",
              paramLabel = "WORDS",
              defaultValue = "",
              description = "Run those cases alone that have this in their name.")
          String only,
      @ArgGroup @Nullable Form form) {
    double hours = watch == null ? 24 : watch.days > 0 ? 24 * watch.days : watch.hours;
    MembershipBench bench = refusing(() -> new MembershipBench(hours, crashes, seed, only));
    return judged(bench.run(bar()), form);
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

  @Command(
      name = "cost",
      description = {
        "Runs whole sites of production nodes (cells of 25 under zones of 25) through quiet and"
            + " trouble, one after the other, with windows of a minute, and shows what a node sends"
            + " and wants to send, and how that grows with the number of nodes. links: addressed"
            + " (all on inboxes) or broadcast (cells on sik-64k, three nodes of each on inboxes"
            + " too). Rounds between inboxes are slower than the mqtt preset's second, as a field's"
            + " are.",
        "Minutes end five seconds before windows do. wanted: what was sent, and by what grew that"
            + " which would have left at once were it not for rounds and ledgers (backlog). Means"
            + " are over the nodes that run, in the five minutes after the event; worst is the"
            + " worst minute of its, largest_node that of the node that sent most then. cap: the"
            + " most that rounds, fan-out, MTU and the ledger's share allow one node in any"
            + " minute.",
        "drain_minutes: from the event's end until no minute wants 5 %% more than the worst of the"
            + " last three watched (settled), backlog is at most 1 %% of what is wanted more than"
            + " in the last two minutes before all trouble, and the root's window is complete, with"
            + " all nodes that run (but those of a radio cell none of whose uplinks runs), at most"
            + " one window later than before all trouble (complete_windows after its end); -1 if"
            + " not within 8 minutes.",
        "Slopes are least squares of log(wanted) over log(nodes), from 625 nodes on; the bars are"
            + " 0.03 steady and 0.06 in an event on addressed links, 0.06 and 0.08 on broadcast."
            + " Events: steady; join (10 %% new nodes, by the charter); query (a new one"
            + " everywhere); gateway (both stop for 30 s); partition (half of the cells for 10"
            + " minutes, heal); crash (half of the nodes)."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "All sizes, up to 100000 nodes, take long:",
        "  starling bench cost --nodes 25,125,625,3125,15625,100000 --json >cost.json",
        "",
        "Example: starling bench cost --nodes 25,625 --links addressed --events steady,query"
      })
  int cost(
      @Option(
              names = "--nodes",
              paramLabel = "N",
              split = ",",
              defaultValue = "25,125,625,3125",
              description = "Sizes of sites (default: ${DEFAULT-VALUE}).")
          List<Integer> nodes,
      @Option(
              names = "--links",
              paramLabel = "LINK",
              split = ",",
              defaultValue = "addressed,broadcast",
              description = "Media of cells (default: ${DEFAULT-VALUE}).")
          List<String> links,
      @Option(
              names = "--events",
              paramLabel = "EVENT",
              split = ",",
              defaultValue = "steady,join,query,gateway,partition,crash",
              description = "What happens, in this order (default: ${DEFAULT-VALUE}).")
          List<String> events,
      @Option(
              names = "--round",
              paramLabel = "SECONDS",
              defaultValue = "5",
              description = "How long a round between inboxes is (default: ${DEFAULT-VALUE}).")
          int round,
      @Option(
              names = "--threads",
              paramLabel = "T",
              defaultValue = "2",
              description = "How many threads run it (default: ${DEFAULT-VALUE}).")
          int threads,
      @ArgGroup @Nullable Form form) {
    CostBench bench = refusing(() -> new CostBench(links, nodes, events, round, threads));
    if (form == null || !form.json) {
      return judged(bench.run(bar(), _ -> {}), form);
    }
    return missed(bench.run(bar(), row -> print(List.of(row), form)));
  }

  @Command(
      name = "radio",
      description = {
        "Runs cells of production nodes on one radio channel: half duplex, packets that overlap"
            + " spoil each other unless one is 6 dB stronger, airtime counted by the channel from"
            + " what is sent. ok unless a row misses something, of what stands in missed.",
        "field: a gateway's cell, four channels a node and window, frames lost one by one (burst_s"
            + " 0) or in bursts at each directed link. Shares of the contributions that the gateway"
            + " has when the next window ends and after two minutes; staleness: how long ago the"
            + " newest window ended that it has, over nodes and time; use of the channel by all.",
        "cell: frames that say something of the charter, all of them, until every member has a"
            + " newer site page, of one frame or of two (large); bursts are of so many frames of a"
            + " sender. quiet: digests an interval, which lasts so many times a digest, of 128"
            + " production timers that start together or apart, and of a cell with live windows.",
        "multihop: a newer site page of one frame crosses a cell of 64, the most that it may have,"
            + " whose members lie about in a square and hear degree others on average; at SF7,"
            + " links lose frames one by one or are bad for burst_s. Reach when the first interval"
            + " of its timer is over (1,024 digests), frames of the charter a node until all have"
            + " it, and intervals until then.",
        "rivals: the same air and readings, one hop, at SF7: a star that says each once (35 bytes),"
            + " one with acknowledgements (12 bytes in the first or second window, eight tries, a"
            + " gateway that can't hear while it sends) and managed flooding (38 bytes, three hops,"
            + " delays by signal, carrier sense, silent after one copy overheard). airtime of all"
            + " by readings that came in; factors are Starling's over theirs. Left out: a star's"
            + " other channels and spreading factors, its adaptive rate and inverted downlinks, the"
            + " duty cycle of its 1 %% bands; flooding's throttles, routers and three tries of the"
            + " first sender; what any of them says besides readings. All that Starling says"
            + " counts.",
        "law: the largest share of the channel in any sliding minute that all of a cell, and one"
            + " node, were on the air; in any hour one node, beside the duty cycle; and all"
            + " together in the shortest window whose share holds a frame for each, beside the"
            + " target.",
        "time: how far nodes' time is off their gateway's, over five hops at 20 %% loss whose"
            + " modems are early or late by their jitter: with all crystals off, one of them badly,"
            + " with two gateways three seconds apart, and one whose clock is set.",
        "measured: windows of a cell (lora-sf7) whose directed links deliver what was measured in"
            + " real networks, of the part that those connect which deliver 10 %% or more both"
            + " ways; hops are the most from its gateway."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling bench radio --case field --csv >field.csv"})
  int radio(
      @Option(
              names = "--case",
              paramLabel = "CASE",
              split = ",",
              description = "Which cases (default: all).")
          @Nullable List<String> cases,
      @Option(names = "--data", paramLabel = "DIR", description = MEASURED) @Nullable Path data,
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "3",
              description = "Runs of each row (default: ${DEFAULT-VALUE}).")
          int seeds,
      @ArgGroup @Nullable Form form)
      throws IOException {
    List<String> names = cases == null ? List.of() : cases;
    List<Matrix> measured =
        names.isEmpty() || names.contains("measured") ? dataSets(data).cells() : List.of();
    RadioBench bench = refusing(() -> new RadioBench(names, measured, seeds));
    return judged(bench.run(bar()), form);
  }

  private void print(List<Map<String, Object>> rows, @Nullable Form form) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    (form == null ? Report.TABLE : form.report()).print(rows, out);
    out.flush();
  }

  /** Prints rows of which some say whether they are {@code ok}, and fails if one is not. */
  private int judged(List<Map<String, Object>> rows, @Nullable Form form) {
    print(rows, form);
    return missed(rows);
  }

  private int missed(List<Map<String, Object>> rows) {
    long missed = rows.stream().filter(row -> Boolean.FALSE.equals(row.get("ok"))).count();
    if (missed > 0) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println("starling: " + missed + " of " + rows.size() + " rows miss their target");
      err.println("Look for ok = false; more --seeds or --runs tell chance from fault.");
    }
    return missed == 0 ? 0 : 1;
  }

  /** How results came about, and what might be wrong with them. */
  private void explain(String method) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println(method);
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    double load = machine.getSystemLoadAverage();
    int processors = machine.getAvailableProcessors();
    if (load > processors) {
      err.printf(
          "This machine is busy (load %.1f on %d): times are upper bounds.%n", load, processors);
    }
  }

  private Progress bar() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    return ProgressBar.on(err);
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
