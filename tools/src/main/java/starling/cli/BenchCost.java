package starling.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import starling.bench.site.CostBench;

/** {@code starling bench cost}: bytes of a node, from small sites to large ones. */
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
final class BenchCost extends Benchmark {
  @Option(
      names = "--nodes",
      paramLabel = "N",
      split = ",",
      defaultValue = "25,125,625,3125",
      description = "Sizes of sites (default: ${DEFAULT-VALUE}).")
  private List<Integer> nodes = List.of();

  @Option(
      names = "--links",
      paramLabel = "LINK",
      split = ",",
      defaultValue = "addressed,broadcast",
      description = "Media of cells (default: ${DEFAULT-VALUE}).")
  private List<String> links = List.of();

  @Option(
      names = "--events",
      paramLabel = "EVENT",
      split = ",",
      defaultValue = "steady,join,query,gateway,partition,crash",
      description = "What happens, in this order, steady first (default: ${DEFAULT-VALUE}).")
  private List<String> events = List.of();

  @Option(
      names = "--round",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long a round between inboxes is (default: ${DEFAULT-VALUE}).")
  private int round;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Override
  public Integer call() {
    CostBench bench = refusing(() -> new CostBench(links, nodes, events, round, threads.count));
    if (!streams()) {
      return judged(bench.run(bar(), _ -> {}));
    }
    return missed(bench.run(bar(), row -> print(List.of(row))));
  }
}
