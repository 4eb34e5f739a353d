package starling.bench.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import starling.progress.Progress;
import starling.simulate.Outcome;
import starling.simulate.Scenario;
import starling.simulate.Simulation;

/**
 * What a node sends and wants to send as sites grow: whole sites of production nodes through quiet
 * and trouble, on addressed links and on radio cells, and how bytes grow with the number of nodes.
 */
public final class CostBench {
  /** The smallest site that has two full levels: slopes begin with it. */
  private static final int SLOPE_FROM_NODES = 625;

  private final List<String> links;
  private final List<Integer> sizes;
  private final Timeline timeline;
  private final int threads;

  /**
   * A bench of sites of so many nodes.
   *
   * @param links {@code addressed}, {@code broadcast} or both
   * @param events what happens to each, in this order
   * @param roundSeconds how long a round is between inboxes
   * @param threads on how many threads a simulation runs
   */
  public CostBench(
      List<String> links, List<Integer> sizes, List<String> events, int roundSeconds, int threads) {
    if (!List.of("addressed", "broadcast").containsAll(links)) {
      throw new IllegalArgumentException("links are addressed or broadcast, not " + links);
    }
    if (sizes.isEmpty() || roundSeconds < 1 || threads < 1 || sizes.stream().anyMatch(n -> n < 4)) {
      throw new IllegalArgumentException("sites have 4 nodes or more; rounds and threads 1");
    }
    this.links = List.copyOf(links);
    this.sizes = List.copyOf(sizes);
    this.timeline = new Timeline(events.stream().map(Trouble::named).toList(), roundSeconds);
    this.threads = threads;
  }

  /**
   * Runs each site once, through all events.
   *
   * @param done is told each row as soon as it is known
   * @return a row a link, size and event, then a row a link and event with the slope over sizes
   */
  public List<Map<String, Object>> run(Progress progress, Consumer<Map<String, Object>> done) {
    List<Map<String, Object>> rows = new ArrayList<>();
    double all = links.size() * sizes.stream().mapToDouble(n -> n).sum();
    double before = 0;
    for (String link : links) {
      List<SiteCost> costs = new ArrayList<>();
      for (int nodes : sizes) {
        double from = before;
        SiteCost cost =
            new SiteCost(
                link,
                nodes,
                timeline,
                simulate(
                    link,
                    nodes,
                    now ->
                        progress.at(
                            (from + now.done() * nodes) / all,
                            "%s, %d nodes, minute %.0f"
                                .formatted(link, nodes, now.simulatedSeconds() / 60))));
        before += nodes;
        costs.add(cost);
        add(cost.rows(), rows, done);
      }
      add(slopes(link, costs), rows, done);
    }
    progress.at(1, "done");
    return rows;
  }

  private static void add(
      List<Map<String, Object>> some,
      List<Map<String, Object>> to,
      Consumer<Map<String, Object>> done) {
    some.forEach(done);
    to.addAll(some);
  }

  private Outcome simulate(String link, int nodes, Consumer<Simulation.Progress> progress) {
    Scenario scenario = Scenario.read("cost", timeline.scenario(link, nodes));
    return new Simulation(scenario, threads, null)
        .minutesFrom(Timeline.FIRST_SECONDS * 1_000_000_000L)
        .run(progress);
  }

  private List<Map<String, Object>> slopes(String link, List<SiteCost> costs) {
    List<SiteCost> large = costs.stream().filter(c -> c.nodes() >= SLOPE_FROM_NODES).toList();
    List<Map<String, Object>> rows = new ArrayList<>();
    if (large.size() < 2) {
      return rows;
    }
    for (Trouble event : timeline.events()) {
      double slope = slope(large, event);
      double most = event.slopeMax(link);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bench", "cost");
      row.put("link", link);
      row.put("nodes", large.getFirst().nodes() + " to " + large.getLast().nodes());
      row.put("event", event.word());
      row.put("slope", Math.round(slope * 1000) / 1000.0);
      row.put("slope_max", most);
      row.put("ok", slope <= most);
      rows.add(row);
    }
    return rows;
  }

  /** Least squares of log(wanted) over log(nodes). */
  private static double slope(List<SiteCost> costs, Trouble event) {
    double x = costs.stream().mapToDouble(c -> Math.log(c.nodes())).average().orElseThrow();
    double y = costs.stream().mapToDouble(c -> Math.log(c.wanted(event))).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    for (SiteCost cost : costs) {
      double dx = Math.log(cost.nodes()) - x;
      xy += dx * (Math.log(cost.wanted(event)) - y);
      xx += dx * dx;
    }
    return xy / xx;
  }
}
