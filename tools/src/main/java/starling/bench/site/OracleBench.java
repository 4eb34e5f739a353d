package starling.bench.site;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import starling.bench.Sample;
import starling.bench.gossip.PushSum;
import starling.progress.Progress;
import starling.simulate.Outcome;
import starling.simulate.Scenario;
import starling.simulate.Simulation;

/**
 * Whether what zones answer is right, whatever happens: every result that any node tells, beside a
 * fold over the contributions that nodes had on disk. Push-sum stands beside it as the baseline: it
 * spreads averages as well, and loses count with the first message that is lost.
 */
public final class OracleBench {
  private static final double[] PUSH_SUM_LOSSES = {0, 0.05, 0.2, 0.3};
  private static final int PUSH_SUM_MEMBERS = 50;
  private static final int PUSH_SUM_ROUNDS = 30;
  private static final int PUSH_SUM_SEEDS = 100;
  private static final int LOAD_MAX = 256;
  private static final Map<String, String> CASES = new LinkedHashMap<>();

  static {
    CASES.put("quiet", "");
    CASES.put("loss", "at 0 s lose 30 % in bursts of 3");
    CASES.put("duplication", "at 0 s duplicate 50 %");
    CASES.put("reordering", "at 0 s delay 1 to 3000 ms");
    CASES.put("reboots", "at 20 s kill 30 % for 10 s\nat 50 s kill 30 % for 10 s");
    CASES.put("growth", "at 20 s grow by 3 nodes\nat 40 s grow by 2 nodes");
    CASES.put("moves", "at 0 s lose 10 %\nat 21 s move 3 nodes\nat 50 s move 3 nodes");
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

  /** Runs each; a row a case. Those of the baseline are not judged. */
  public List<Map<String, Object>> run(Progress progress) {
    List<Map<String, Object>> rows = new ArrayList<>();
    CASES.forEach((name, trouble) -> {
      progress.at((double) rows.size() / CASES.size(), name);
      rows.add(site(name, trouble));
    });
    for (double loss : PUSH_SUM_LOSSES) {
      rows.add(pushSum(loss));
    }
    return rows;
  }

  private Map<String, Object> site(String name, String trouble) {
    String text =
        "site 24 nodes, cells of 6, branching 8, broadcast, 3 uplinks, 2 gateways\n"
            + "window 4 s\n"
            + trouble
            + "\nfor 100 s";
    int results = 0;
    int unequal = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      Outcome outcome =
          new Simulation(Scenario.read(name, text).withSeed(seed), 1, null).run(_ -> {});
      results += outcome.results();
      unequal += outcome.violations().size();
    }
    Map<String, Object> row = row(name, seeds, results, unequal);
    row.put("ok", unequal == 0);
    return row;
  }

  /**
   * What each member says after 30 rounds: unequal if its count is another when rounded. The errors
   * are a member's, the median run's of the median member.
   */
  private static Map<String, Object> pushSum(double loss) {
    double[] left = new double[PUSH_SUM_SEEDS];
    double[] count = new double[PUSH_SUM_SEEDS];
    double[] sum = new double[PUSH_SUM_SEEDS];
    double[] average = new double[PUSH_SUM_SEEDS];
    int unequal = 0;
    for (int seed = 0; seed < PUSH_SUM_SEEDS; seed++) {
      PushSum group = played(loss, new SplittableRandom(seed));
      left[seed] = group.massLeft();
      count[seed] = members(group::countError).median();
      sum[seed] = members(group::sumError).median();
      average[seed] = members(group::averageError).median();
      unequal += (int) all(group::countError).filter(e -> e * PUSH_SUM_MEMBERS >= 0.5).count();
    }
    String name = "push-sum loss " + Math.round(loss * 100) + " %";
    Map<String, Object> row = row(name, PUSH_SUM_SEEDS, PUSH_SUM_SEEDS * PUSH_SUM_MEMBERS, unequal);
    row.put("mass_left", rounded(left));
    row.put("count_error", rounded(count));
    row.put("sum_error", rounded(sum));
    row.put("average_error", rounded(average));
    return row;
  }

  private static PushSum played(double loss, SplittableRandom random) {
    double[] load = new double[PUSH_SUM_MEMBERS];
    Arrays.setAll(load, _ -> random.nextInt(LOAD_MAX) / 100.0);
    PushSum group = new PushSum(load, loss, random);
    for (int round = 0; round < PUSH_SUM_ROUNDS; round++) {
      group.round();
    }
    return group;
  }

  private static DoubleStream all(IntToDoubleFunction error) {
    return IntStream.range(0, PUSH_SUM_MEMBERS).mapToDouble(error);
  }

  private static Sample members(IntToDoubleFunction error) {
    return new Sample(all(error).toArray());
  }

  private static double rounded(double[] runs) {
    return Math.round(new Sample(runs).median() * 1e5) / 1e5;
  }

  private static Map<String, Object> row(String name, long seeds, int windows, int unequal) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "oracle");
    row.put("case", name);
    row.put("seeds", seeds);
    row.put("windows", windows);
    row.put("unequal", unequal);
    return row;
  }
}
