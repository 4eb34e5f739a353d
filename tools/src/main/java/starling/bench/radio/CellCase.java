package starling.bench.radio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import starling.bench.Sample;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/**
 * How many frames a newer page of the charter takes to reach all members of a cell: every frame
 * counts that says something of the charter, the first one too.
 */
final class CellCase implements RadioCase {
  private static final double LOSS = 0.3;
  private static final double BURST = 20;
  private static final int EVERY_SECONDS = 480;
  private static final int SETTLING_SECONDS = 6 * EVERY_SECONDS;
  private static final int PATIENCE_SECONDS = 1_800;
  private static final int RUNS_A_SEED = 10;

  private final List<Update> updates = new ArrayList<>();
  private final int runsASeed;

  /** What is told to whom, and at most how many frames that should take on average. */
  private record Update(int nodes, boolean large, double burst, double bar) {}

  /**
   * A row.
   *
   * @param unreached members that did not have it after half an hour, over all runs
   */
  record CellRow(
      int nodes,
      String update,
      double loss,
      double burst,
      int runs,
      double transmissionsMean,
      double transmissionsP99,
      double bar,
      int unreached,
      String missed)
      implements Row {}

  CellCase() {
    this(new int[] {16, 32, 64}, RUNS_A_SEED);
  }

  /** The same for other sizes, and with so many runs a seed. */
  CellCase(int[] sizes, int runsASeed) {
    this.runsASeed = runsASeed;
    double[][] bars = {{4.5, 5.5, 7}, {5, 6, 8}, {8, 10, 12}, {10, 11, 12.5}};
    for (int sort = 0; sort < bars.length; sort++) {
      for (int i = 0; i < sizes.length; i++) {
        double burst = sort % 2 == 0 ? 0 : BURST;
        updates.add(new Update(sizes[i], sort > 1, burst, bars[sort][Math.min(i, 2)]));
      }
    }
  }

  @Override
  public String name() {
    return "cell";
  }

  @Override
  public List<CellRow> rows(int seeds, Progress progress) {
    List<CellRow> rows = new ArrayList<>();
    for (Update update : updates) {
      progress.at((double) rows.size() / updates.size(), update.nodes() + " nodes");
      rows.add(row(update, seeds * runsASeed));
    }
    return rows;
  }

  private static CellRow row(Update update, int runs) {
    double[] transmissions = new double[runs];
    int unreached = 0;
    for (int run = 0; run < runs; run++) {
      LoneCell cell = settled(update, run + 1);
      int before = cell.charterFrames();
      cell.revise(update.large());
      for (int s = 0; s < PATIENCE_SECONDS && cell.holders() < update.nodes(); s++) {
        cell.run(1);
      }
      transmissions[run] = cell.charterFrames() - before;
      unreached += update.nodes() - cell.holders();
    }
    double mean = Arrays.stream(transmissions).average().orElse(0);
    Bars bars = new Bars();
    bars.most("transmissions_mean", mean, update.bar());
    bars.most("unreached", unreached, 0);
    return new CellRow(
        update.nodes(),
        update.large() ? "large" : "small",
        LOSS,
        update.burst(),
        runs,
        mean,
        new Sample(transmissions).quantile(0.99),
        update.bar(),
        unreached,
        bars.missed());
  }

  /** A cell whose members know each other, while nothing else is to be said for a while. */
  private static LoneCell settled(Update update, long seed) {
    LoneCell cell =
        new LoneCell(
            new LoneCell.Setup(
                Presets.SIK_64K.profile(), update.nodes(), 1, 1, EVERY_SECONDS * 1000L, Loss.NONE),
            seed);
    cell.run(SETTLING_SECONDS);
    cell.air()
        .loss(
            update.burst() > 0
                ? new Loss.Bursts(LOSS, update.burst())
                : new Loss.Independent(LOSS));
    cell.run(0.75 * EVERY_SECONDS);
    return cell;
  }
}
