package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
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
 * interval of the slow state's timer and by how many frames that carry it, and how many intervals
 * pass until all have it. A cell has at most 64 members, so that many it is.
 */
final class MultihopCase implements RadioCase {
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int EVERY_SECONDS = 960;
  private static final int SETTLING_WINDOWS = 6;
  private static final int INTERVALS_MAX = 30;
  private static final int RUNS_A_SEED = 15;
  private static final double NO_BAR = Double.MAX_VALUE;

  private final int nodes;
  private final int runsASeed;
  private final List<Air> airs =
      List.of(
          new Air(14, 0.2, 0, 0.997, 0.5, NO_BAR, 1),
          new Air(14, 0.2, 60, 0.997, 0.5, NO_BAR, 2),
          new Air(8, 0.4, 10, 0, NO_BAR, 0.9, 10),
          new Air(8, 0.4, 60, 0, NO_BAR, 0.9, 10));

  /** What links are like, and what is aimed at. */
  private record Air(
      int degree,
      double loss,
      double burstSeconds,
      double reachBar,
      double firstBar,
      double dataBar,
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
   * @param transmissionsPerNode frames that carry the page, or a part of it, until then
   * @param dataPerNode the same until all have it
   * @param framesPerNode all frames that say something of the charter, until all have it: digests
   *     and requests too
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
      double dataPerNode,
      double framesPerNode,
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

  /** What became of one newer page. */
  private record Crossing(
      double reach,
      double said,
      double saidInAll,
      double frames,
      double intervals,
      int unreached) {}

  private Crossing cross(LoneCell cell, double intervalSeconds) {
    int framesBefore = cell.charterFrames();
    int before = cell.pageFrames();
    double reach = 0;
    double said = 0;
    int seconds = 0;
    cell.revise(false);
    for (; seconds < INTERVALS_MAX * intervalSeconds && cell.holders() < nodes; seconds++) {
      cell.run(1);
      if (seconds < intervalSeconds) {
        reach = (double) cell.holders() / nodes;
        said = (double) (cell.pageFrames() - before) / nodes;
      }
    }
    return new Crossing(
        reach,
        said,
        (double) (cell.pageFrames() - before) / nodes,
        (double) (cell.charterFrames() - framesBefore) / nodes,
        Math.ceil(seconds / intervalSeconds),
        nodes - cell.holders());
  }

  private MultihopRow row(Air air, int runs) {
    double intervalSeconds = CharterSpread.shortestNanos(RADIO, nodes) / 1e9;
    List<Crossing> crossings = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      crossings.add(cross(settled(air, run + 1), intervalSeconds));
    }
    double reached = mean(crossings, Crossing::reach);
    double said = mean(crossings, Crossing::said);
    double saidInAll = mean(crossings, Crossing::saidInAll);
    double[] intervals = crossings.stream().mapToDouble(Crossing::intervals).toArray();
    double p95 = new Sample(intervals).quantile(0.95);
    int unreached = crossings.stream().mapToInt(Crossing::unreached).sum();
    Bars bars = new Bars().least("reach_before_repair", reached, air.reachBar());
    bars.most("transmissions_per_node", said, air.firstBar());
    bars.most("data_per_node", saidInAll, air.dataBar());
    bars.most("intervals_p95", p95, air.intervalsBar()).most("unreached", unreached, 0);
    return new MultihopRow(
        nodes,
        air.degree(),
        air.loss(),
        air.burstSeconds(),
        runs,
        intervalSeconds,
        reached,
        said,
        saidInAll,
        mean(crossings, Crossing::frames),
        p95,
        unreached,
        bars.missed());
  }

  private static double mean(List<Crossing> crossings, ToDoubleFunction<Crossing> of) {
    return crossings.stream().mapToDouble(of).average().orElse(0);
  }

  /** A cell whose members know each other, in the middle of a window in which little is said. */
  private LoneCell settled(Air air, long seed) {
    LoneCell cell =
        new LoneCell(
            new LoneCell.Setup(RADIO, nodes, 1, 1, EVERY_SECONDS * 1000L, Loss.NONE), seed);
    Meadow.connected(nodes, air.degree(), Hash.of(seed, air.degree())).shape(cell.air());
    cell.run(SETTLING_WINDOWS * EVERY_SECONDS);
    cell.air().loss(air.losses());
    cell.run(0.75 * EVERY_SECONDS);
    return cell;
  }
}
