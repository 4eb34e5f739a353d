package starling.bench.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import starling.bench.Progress;
import starling.simulate.Outcome;
import starling.simulate.Scenario;
import starling.simulate.Simulation;

/**
 * Whether what zones answer is right, whatever happens: every result that any node tells, beside a
 * fold over the contributions that nodes had on disk.
 */
public final class OracleBench {
  private static final Map<String, String> CASES = new LinkedHashMap<>();

  static {
    CASES.put("quiet", "");
    CASES.put("loss", "at 0 s lose 30 % in bursts of 3");
    CASES.put("duplication", "at 0 s duplicate 50 %");
    CASES.put("reordering", "at 0 s delay 1 to 3000 ms");
    CASES.put("reboots", "at 20 s kill 30 % for 10 s\nat 50 s kill 30 % for 10 s");
    CASES.put("growth", "at 20 s grow by 3 nodes\nat 40 s grow by 2 nodes");
    CASES.put("disagreement", "at 0 s deafen 20 % of links\nat 0 s lose 10 %");
    CASES.put("clones", "at 30 s clone 3 nodes");
  }

  private final long seeds;

  /** A bench that runs each case from so many seeds. */
  public OracleBench(int seeds) {
    if (seeds < 1) {
      throw new IllegalArgumentException("at least one seed, not " + seeds);
    }
    this.seeds = seeds;
  }

  /** Runs each; a row a case. */
  public List<Map<String, Object>> run(Progress progress) {
    List<Map<String, Object>> rows = new ArrayList<>();
    CASES.forEach((name, trouble) -> {
      progress.at((double) rows.size() / CASES.size(), name);
      int results = 0;
      int unequal = 0;
      for (long seed = 1; seed <= seeds; seed++) {
        String text =
            "site 24 nodes, cells of 6, branching 8, broadcast, 3 uplinks, 2 gateways\n"
                + "window 4 s\n"
                + trouble
                + "\nfor 100 s";
        Scenario scenario = Scenario.read(name, text).withSeed(seed);
        Outcome outcome = new Simulation(scenario, 1, null).run(_ -> {});
        results += outcome.results();
        unequal += outcome.violations().size();
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bench", "oracle");
      row.put("case", name);
      row.put("seeds", seeds);
      row.put("windows", results);
      row.put("unequal", unequal);
      row.put("ok", unequal == 0);
      rows.add(row);
    });
    return rows;
  }
}
