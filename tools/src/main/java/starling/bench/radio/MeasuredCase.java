package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import starling.bench.links.Matrix;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/** Windows of cells whose links are as they were measured: whom who hears, and what is lost. */
final class MeasuredCase implements RadioCase {
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int CHANNELS = 4;
  private static final int WINDOW_SECONDS = 60;
  private static final int SETTLING = 12;

  private final List<Matrix> cells;
  private final int windows;

  /**
   * A row.
   *
   * @param hops from the gateway to the farthest node that usable links connect
   * @param complete share of what connected nodes measured that the gateway had in the end
   */
  record MeasuredRow(
      String matrix,
      String preset,
      int nodes,
      int connected,
      int hops,
      double everyS,
      int windows,
      double completeAtClose,
      double complete,
      double stalenessP95S,
      double channelUse,
      String missed)
      implements Row {}

  MeasuredCase(List<Matrix> cells) {
    this(cells, 20);
  }

  /** The same, watched for so many windows. */
  MeasuredCase(List<Matrix> cells, int windows) {
    this.cells = cells;
    this.windows = windows;
  }

  @Override
  public String name() {
    return "measured";
  }

  @Override
  public List<MeasuredRow> rows(int seeds, Progress progress) {
    List<MeasuredRow> rows = new ArrayList<>();
    for (Matrix cell : cells) {
      progress.at((double) rows.size() / cells.size(), cell.name());
      Matrix part = cell.of(cell.name(), cell.largestPart()).fromItsMiddle();
      rows.add(row(part, cell.size(), seeds));
    }
    return rows;
  }

  /** The part that usable links connect; its gateway is where an installer would put it. */
  private MeasuredRow row(Matrix part, int nodes, int seeds) {
    Watched watched = Watched.of(seed -> cell(part, seed), part.size(), SETTLING, windows, seeds);
    long windowMillis = watched.windowMillis();
    double use = watched.channelUse();
    return new MeasuredRow(
        part.name(),
        RADIO.name(),
        nodes,
        part.size(),
        part.hops(0),
        windowMillis / 1e3,
        windows * seeds,
        watched.freshness().within(windowMillis),
        watched.freshness().within(Watched.LATE * windowMillis),
        watched.freshness().stalenessP95Seconds(),
        use,
        new Bars().most("channel_use", use, RADIO.channelTarget()).missed());
  }

  private static LoneCell cell(Matrix part, long seed) {
    int nodes = part.size(); // further stations are nobody's
    Loss loss =
        new Loss.EachLink((from, to) -> from < nodes && to < nodes ? 1 - part.share(from, to) : 1);
    LoneCell.Setup setup =
        new LoneCell.Setup(RADIO, nodes, 1, CHANNELS, WINDOW_SECONDS * 1000L, loss);
    LoneCell cell = new LoneCell(setup, seed);
    cell.air().strengths((from, to) -> 0);
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        cell.air().hears(to, from, part.share(from, to) > 0);
      }
    }
    return cell;
  }
}
