package starling.bench.membership;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import starling.simulate.Outcome;
import starling.simulate.Regard;
import starling.simulate.Scenario;
import starling.simulate.Simulation;

/**
 * Whole sites: a cell as in {@link CellCases}, so that the two agree, and the three tests of Rapid
 * (Suresh et al., USENIX ATC 2018, section 7) in cells of 25 on radio and on a network.
 */
final class SiteCases {
  private static final int RETURNS_MAX = 1;
  private static final String CELL =
      "site 32 nodes, cells of 32, branching 8, all broadcast, 1 gateways\nwindow 60 s\n";
  private static final String RADIO =
      "site 1000 nodes, cells of 25, branching 8, broadcast, 2 gateways\nwindow 10 s\n";
  private static final String NETWORK =
      "site 1000 nodes, cells of 25, branching 8, addressed, 2 gateways\nwindow 30 s\n";
  private static final String LOSES = "at 90 s lose 80 % at 1 % sparing gateways\nfor 15 min";
  private static final String FLIPS_DEAF =
      "at 90 s flip deaf 1 % sparing gateways every 20 s\nfor 15 min";
  private static final String FLIPS_MUTE =
      "at 90 s flip mute 1 % sparing gateways every 20 s\nfor 15 min";
  private static final String CRASHES = "at 90 s kill 10 nodes\nfor 5 min";

  static final List<SiteCase> ALL =
      List.of(
          new SiteCase("whole nodes, 30 % in bursts at links", false, CELL + crashes()),
          new SiteCase("radio, 80 % loss at 1 %", true, RADIO + LOSES),
          new SiteCase("radio, 1 % deaf 20 s of 40", false, RADIO + FLIPS_DEAF),
          new SiteCase("radio, 1 % mute 20 s of 40", true, RADIO + FLIPS_MUTE),
          new SiteCase("radio, 10 crash at once", false, RADIO + CRASHES),
          new SiteCase("network, 80 % loss at 1 %", true, NETWORK + LOSES),
          new SiteCase("network, 1 % deaf 20 s of 40", false, NETWORK + FLIPS_DEAF),
          new SiteCase("network, 1 % mute 20 s of 40", true, NETWORK + FLIPS_MUTE),
          new SiteCase("network, 10 crash at once", false, NETWORK + CRASHES));

  private final int threads;
  private final long seed;

  /**
   * A site, and what happens to it.
   *
   * @param removes whether all who are faulty have to be without duties at the end
   */
  record SiteCase(String name, boolean removes, String scenario) {}

  private static String crashes() {
    StringBuilder text = new StringBuilder("at 0 s lose 30 % in bursts of 5 on radio\n");
    for (int crash = 0; crash < 5; crash++) {
      int minute = 60 + 60 * crash;
      text.append("at %d min kill 1 nodes sparing gateways for 20 min\n".formatted(minute));
    }
    return text.append("for 360 min").toString();
  }

  SiteCases(int threads, long seed) {
    this.threads = threads;
    this.seed = seed;
  }

  Map<String, Object> run(SiteCase which, DoubleConsumer progress) {
    Scenario scenario = Scenario.read(which.name(), which.scenario()).withSeed(seed);
    Simulation simulation = new Simulation(scenario, threads, null);
    Outcome outcome = simulation.run(at -> progress.accept(at.done()));
    return row(which, scenario, outcome, simulation.regard());
  }

  private static Map<String, Object> row(
      SiteCase which, Scenario scenario, Outcome outcome, Regard regard) {
    double[] detected = periods(regard.detectedSeconds(), scenario);
    double[] removed = periods(regard.removedSeconds(), scenario);
    double last = last(detected);
    boolean ok =
        regard.falselyGone() == 0
            && regard.removedWrongly() == 0
            && regard.oscillations() <= RETURNS_MAX
            && (!which.removes() || removed.length == regard.ailing())
            && last <= CellCases.DETECTED_PERIODS_MAX
            && outcome.violations().isEmpty();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "membership");
    row.put("case", which.name());
    row.put("hours", Math.round(outcome.simulatedSeconds() / 36) / 100.0);
    row.put("nodes", scenario.topology().nodes());
    row.put("falsely_gone", regard.falselyGone());
    row.put("suspects", regard.suspects());
    row.put(
        "detected_periods_p50",
        CellCases.tenths(detected.length == 0 ? 0 : detected[detected.length / 2]));
    row.put("detected_periods_max", CellCases.tenths(last));
    row.put("removed_wrongly", regard.removedWrongly());
    row.put("crashes", detected.length);
    row.put("faulty", regard.ailing());
    row.put("removed", removed.length);
    row.put("removed_periods_max", CellCases.tenths(last(removed)));
    row.put("oscillations", regard.oscillations());
    row.put("flaps", regard.flaps());
    row.put("ok", ok);
    return row;
  }

  /** How many beacons some times are, the fewest first. */
  private static double[] periods(List<Double> seconds, Scenario scenario) {
    return seconds.stream().mapToDouble(s -> s * 1000 / scenario.windowMillis()).sorted().toArray();
  }

  private static double last(double[] sorted) {
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }
}
