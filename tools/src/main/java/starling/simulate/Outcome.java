package starling.simulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What came of a scenario.
 *
 * @param trace stands for the whole history: the same for the same seed, on any number of threads
 * @param simulatedSeconds how long the site ran
 * @param wallSeconds how long that took
 * @param nodeRounds rounds that all nodes together had: what speed is measured in
 * @param events what happened, all nodes together
 * @param results how many results the oracle looked at
 * @param flaps how often nodes called another suspect or gone
 * @param heapBytesPerNode what a node takes of this process's heap, the simulator's share included;
 *     0 if not measured
 * @param busiestCell the busiest minute of any radio cell, as a share of the channel
 * @param violations what must never happen and did
 * @param unmet what the scenario expected and did not come
 * @param samples the site, once a window
 * @param minutes what nodes sent, once a minute
 * @param arrivals how the root's windows came, by their ends
 */
public record Outcome(
    Scenario scenario,
    long trace,
    double simulatedSeconds,
    double wallSeconds,
    double nodeRounds,
    long events,
    int results,
    long flaps,
    long heapBytesPerNode,
    double busiestCell,
    List<Violation> violations,
    List<String> unmet,
    List<Sample> samples,
    List<Sent> minutes,
    List<Arrival> arrivals,
    List<Convergence> convergence) {

  /**
   * The site at an instant.
   *
   * @param seconds since the start
   * @param alive how many nodes run
   * @param coverage of the newest root result at a gateway that has settled, 0 to 1; negative if
   *     there is none
   * @param stalenessSeconds since the end of the newest window that a gateway has any root result
   *     of; negative if there is none
   * @param flaps since the last sample
   */
  public record Sample(
      double seconds, int alive, double coverage, double stalenessSeconds, long flaps) {}

  /**
   * What was sent in a minute.
   *
   * @param seconds its end, since the start
   * @param nodes that run
   * @param meanBytes a node that runs
   * @param mostBytes by the node that sent most
   * @param wantedBytes a node that runs: what it sent, and by what its backlog grew
   * @param backlogBytes a node that runs, at the end: news for neighbours that could not leave yet
   */
  public record Sent(
      double seconds,
      int nodes,
      double meanBytes,
      long mostBytes,
      double wantedBytes,
      double backlogBytes) {}

  /**
   * How a window of the root zone came to the gateways.
   *
   * @param endSeconds its end, since the start
   * @param due how many contributions to it nodes had that ran a quarter of a window later
   * @param cutOff how many of those nodes had no way to a gateway: of their cell on radio no uplink
   *     ran; they are not due
   * @param reported how many came, at the gateway that had most
   * @param completeWindows how many windows after its end that was all that were due, looked at
   *     four times a window; negative if it never was
   */
  public record Arrival(
      double endSeconds, int due, int cutOff, int reported, double completeWindows) {}

  /** How long a root window took to become complete at a gateway, as predicted and as seen. */
  public record Convergence(double seconds, double predictedSeconds, double observedSeconds) {}

  /** Whether nothing was wrong. */
  public boolean passed() {
    return violations.isEmpty() && unmet.isEmpty();
  }

  /** Node-rounds run in a second of real time. */
  public double nodeRoundsPerSecond() {
    return nodeRounds / Math.max(wallSeconds, 1e-9);
  }

  /** Mean of what a node sent in a minute, in bytes. */
  public double bytesPerNodeMinute() {
    return minutes.stream().mapToDouble(Sent::meanBytes).average().orElse(0);
  }

  /** The most that any node sent in any minute, in bytes. */
  public long worstMinuteBytes() {
    return minutes.stream().mapToLong(Sent::mostBytes).max().orElse(0);
  }

  /** How to see this history again. */
  public String replay() {
    return "Replay it with: tools/starling simulate "
        + (scenario.isSwarm() ? "--swarm-case " + scenario.seed() : scenario.name())
        + " --trace trace.txt";
  }

  /** The last sample's coverage, as of the newest window that has settled. */
  public double coverage() {
    return samples.isEmpty() ? -1 : samples.getLast().coverage();
  }

  /** The last sample's age of the newest root result. */
  public double stalenessSeconds() {
    return samples.isEmpty() ? -1 : samples.getLast().stalenessSeconds();
  }

  /** The numbers, by name. */
  public Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("scenario", scenario.name());
    row.put("seed", scenario.seed());
    row.put("nodes", scenario.topology().nodes());
    row.put("cells", scenario.topology().cells());
    row.put("levels", scenario.topology().depth() + 1);
    row.put("simulated_s", rounded(simulatedSeconds));
    row.put("wall_s", rounded(wallSeconds));
    row.put("node_rounds_per_s", Math.round(nodeRoundsPerSecond()));
    if (heapBytesPerNode > 0) {
      row.put("heap_bytes_per_node", heapBytesPerNode);
    }
    row.put("predicted_s", rounded(mean(Convergence::predictedSeconds)));
    row.put("converged_s", rounded(mean(Convergence::observedSeconds)));
    row.put("windows_converged", convergence.size());
    row.put("bytes_per_node_minute", Math.round(bytesPerNodeMinute()));
    row.put("worst_minute_bytes", worstMinuteBytes());
    row.put("busiest_cell_share", rounded(busiestCell));
    row.put("staleness_s", rounded(stalenessSeconds()));
    row.put("coverage", rounded(coverage()));
    row.put("flaps", flaps);
    row.put("results_checked", results);
    row.put("violations", violations.size());
    row.put("unmet", unmet.size());
    row.put("trace", Long.toHexString(trace));
    return row;
  }

  private double mean(ToDoubleFunction<Convergence> of) {
    return convergence.stream().mapToDouble(of).average().orElse(-1);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
