package starling.bench.radio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import starling.bench.Sample;
import starling.charter.CharterSpread;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Hash;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/**
 * How a newer page of the charter crosses a cell of several hops: whom it reaches within one
 * interval of the slow state's timer, how many frames say something of it, and how many intervals
 * pass until all have it. A cell has at most 64 members, so that many it is.
 */
final class MultihopCase implements RadioCase {
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int EVERY_SECONDS = 960;
  private static final int SETTLING_WINDOWS = 6;
  private static final int INTERVALS_MAX = 30;
  private static final int RUNS_A_SEED = 5;

  private final int nodes;
  private final int runsASeed;
  private final List<Air> airs =
      List.of(
          new Air(14, 0.2, 0, 0.997, 0.5, 1),
          new Air(14, 0.2, 60, 0.997, 0.5, 2),
          new Air(8, 0.4, 10, 0, 0.9, 10),
          new Air(8, 0.4, 60, 0, 0.9, 10));

  /** What links are like, and what is aimed at: 0 if nothing is. */
  private record Air(
      int degree,
      double loss,
      double burstSeconds,
      double reachBar,
      double framesBar,
      double intervalsBar) {
    Loss losses() {
      return burstSeconds > 0 ? new Loss.Spells(loss, burstSeconds) : new Loss.Independent(loss);
    }
  }

  /**
   * A row.
   *
   * @param reachBeforeRepair share that has it when the first interval is over, which is before
   *     anybody who heard nothing asks
   * @param transmissionsPerNode frames that say something of the charter, until all have it
   * @param unreached members that did not have it in the end, over all runs
   */
  record MultihopRow(
      int nodes,
      int degree,
      double loss,
      double burstS,
      int runs,
      double intervalS,
      double reachBeforeRepair,
      double transmissionsPerNode,
      double intervalsP95,
      int unreached,
      String missed)
      implements Row {}

  MultihopCase() {
    this(64, RUNS_A_SEED);
  }

  /** The same for another size, and with so many runs a seed. */
  MultihopCase(int nodes, int runsASeed) {
    this.nodes = nodes;
    this.runsASeed = runsASeed;
  }

  @Override
  public String name() {
    return "multihop";
  }

  @Override
  public List<MultihopRow> rows(int seeds, Progress progress) {
    List<MultihopRow> rows = new ArrayList<>();
    for (Air air : airs) {
      progress.at((double) rows.size() / airs.size(), "degree " + air.degree());
      rows.add(row(air, seeds * runsASeed));
    }
    return rows;
  }

  private MultihopRow row(Air air, int runs) {
    double intervalSeconds = CharterSpread.shortestNanos(RADIO, nodes) / 1e9;
    double[] intervals = new double[runs];
    double[] frames = new double[runs];
    double[] reach = new double[runs];
    int unreached = 0;
    for (int run = 0; run < runs; run++) {
      LoneCell cell = settled(air, run + 1);
      int before = cell.charterFrames();
      cell.revise(false);
      int seconds = 0;
      for (; seconds < INTERVALS_MAX * intervalSeconds && cell.holders() < nodes; seconds++) {
        cell.run(1);
        reach[run] = seconds < intervalSeconds ? (double) cell.holders() / nodes : reach[run];
      }
      frames[run] = (double) (cell.charterFrames() - before) / nodes;
      intervals[run] = Math.ceil(seconds / intervalSeconds);
      unreached += nodes - cell.holders();
    }
    double reached = mean(reach);
    double perNode = mean(frames);
    double p95 = new Sample(intervals).quantile(0.95);
    Bars bars = new Bars().least("reach_before_repair", reached, air.reachBar());
    bars.most("transmissions_per_node", perNode, air.framesBar());
    bars.most("intervals_p95", p95, air.intervalsBar()).most("unreached", unreached, 0);
    return new MultihopRow(
        nodes,
        air.degree(),
        air.loss(),
        air.burstSeconds(),
        runs,
        intervalSeconds,
        reached,
        perNode,
        p95,
        unreached,
        bars.missed());
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /** A cell whose members know each other, in the middle of a window in which little is said. */
  private LoneCell settled(Air air, long seed) {
    LoneCell cell =
        new LoneCell(
            new LoneCell.Setup(RADIO, nodes, 1, 1, EVERY_SECONDS * 1000L, Loss.NONE), seed);
    Meadow meadow = Meadow.connected(nodes, air.degree(), Hash.of(seed, air.degree()));
    cell.air().strengths(meadow);
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        cell.air().hears(to, from, meadow.near(from, to));
      }
    }
    cell.run(SETTLING_WINDOWS * EVERY_SECONDS);
    cell.air().loss(air.losses());
    cell.run(0.75 * EVERY_SECONDS);
    return cell;
  }
}
