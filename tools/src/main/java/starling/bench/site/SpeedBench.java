package starling.bench.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import starling.progress.Progress;
import starling.simulate.Outcome;
import starling.simulate.Scenario;
import starling.simulate.Simulation;

/** How many rounds of nodes this machine simulates in a second, and what heap a node takes. */
public final class SpeedBench {
  private final List<Integer> sizes;
  private final int seconds;
  private final int threads;

  /**
   * A bench of sites of so many nodes.
   *
   * @param seconds how long each runs, in virtual time
   * @param threads on how many threads
   */
  public SpeedBench(List<Integer> sizes, int seconds, int threads) {
    if (sizes.isEmpty() || seconds < 1 || threads < 1 || sizes.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException("sizes, seconds and threads are 1 or more");
    }
    this.sizes = List.copyOf(sizes);
    this.seconds = seconds;
    this.threads = threads;
  }

  /** Runs each; a row a size. */
  public List<Map<String, Object>> run(Progress progress) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int nodes : sizes) {
      progress.at((double) rows.size() / sizes.size(), nodes + " nodes");
      String text =
          "site %d nodes, cells of 25, branching 32, addressed, 2 gateways\nwindow 60 s\nfor %d s"
              .formatted(nodes, seconds);
      Outcome outcome =
          new Simulation(Scenario.read("speed", text), threads, null).weighing().run(_ -> {});
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bench", "speed");
      row.put("nodes", nodes);
      row.put("threads", threads);
      row.put("node_rounds_per_s", Math.round(outcome.nodeRoundsPerSecond()));
      row.put("heap_bytes_per_node", outcome.heapBytesPerNode());
      rows.add(row);
    }
    return rows;
  }
}
