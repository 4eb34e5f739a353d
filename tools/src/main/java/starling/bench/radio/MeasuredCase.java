package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import starling.bench.links.Matrix;
import starling.bench.links.Recording;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/**
 * Windows of cells whose links are as they were measured: whom who hears, and what share is lost
 * or, where that was recorded, which frames.
 */
final class MeasuredCase implements RadioCase {
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int CHANNELS = 4;
  private static final int WINDOW_SECONDS = 60;
  private static final int SETTLING = 12;
  private static final int APART = 97; // frames, from where one seed's links begin to another's

  private final List<Matrix> cells;
  private final List<Recording> recordings;
  private final int windows;

  /**
   * A row.
   *
   * @param recorded whether links lose the frames that they were recorded to lose, in turn
   * @param hops from the gateway to the farthest node that usable links connect
   * @param complete share of what connected nodes measured that the gateway had in the end
   */
  record MeasuredRow(
      String matrix,
      boolean recorded,
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

  MeasuredCase(List<Matrix> cells, List<Recording> recordings) {
    this(cells, recordings, 20);
  }

  /** The same, watched for so many windows. */
  MeasuredCase(List<Matrix> cells, List<Recording> recordings, int windows) {
    this.cells = cells;
    this.recordings = recordings;
    this.windows = windows;
  }

  @Override
  public String name() {
    return "measured";
  }

  @Override
  public List<MeasuredRow> rows(int seeds, Progress progress) {
    List<MeasuredRow> rows = new ArrayList<>();
    double all = cells.size() + recordings.size();
    for (Matrix cell : cells) {
      progress.at(rows.size() / all, cell.name());
      Matrix part = cell.of(cell.name(), cell.largestPart()).fromItsMiddle();
      Loss loss = new Loss.EachLink(within(part, (from, to) -> 1 - part.share(from, to)));
      rows.add(row(part, cell.size(), false, seeds, _ -> loss));
    }
    for (Recording whole : recordings) {
      progress.at(rows.size() / all, whole.means().name());
      Recording largest = whole.of(whole.means().largestPart());
      Recording part = largest.of(largest.means().middleFirst());
      rows.add(row(part.means(), whole.means().size(), true, seeds, seed -> recorded(part, seed)));
    }
    return rows;
  }

  /** The part that usable links connect; its gateway is where an installer would put it. */
  private MeasuredRow row(
      Matrix part, int nodes, boolean recorded, int seeds, LongFunction<Loss> loss) {
    Watched watched =
        Watched.of(
            seed -> cell(part, loss.apply(seed), seed), part.size(), SETTLING, windows, seeds);
    long windowMillis = watched.windowMillis();
    double use = watched.channelUse();
    return new MeasuredRow(
        part.name(),
        recorded,
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

  /** Further stations are nobody's. */
  private static Loss.Rates within(Matrix part, Loss.Rates rates) {
    return (from, to) -> from < part.size() && to < part.size() ? rates.of(from, to) : 1;
  }

  private static Loss recorded(Recording part, long seed) {
    int nodes = part.means().size();
    return new Loss.Recorded((from, to, frame) ->
        from >= nodes || to >= nodes || part.frames().lost(from, to, frame + seed * APART));
  }

  private static LoneCell cell(Matrix part, Loss loss, long seed) {
    int nodes = part.size();
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
