package starling.bench.radio;

import java.util.function.LongFunction;
import starling.simulate.LoneCell;

/**
 * How windows came in, once a cell has settled, over some seeds.
 *
 * @param windowMillis how long windows were
 * @param channelUse the share of the time at which somebody of the cell was on the air
 */
record Watched(Freshness freshness, long windowMillis, double channelUse) {
  /** Windows that a late one is waited for. */
  static final int LATE = 3;

  /**
   * Watches cells.
   *
   * @param cells by seed
   * @param settling windows before
   */
  static Watched of(LongFunction<LoneCell> cells, int nodes, int settling, int windows, int seeds) {
    Freshness freshness = new Freshness();
    double airtimeMicros = 0;
    long windowMillis = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      LoneCell cell = cells.apply(seed);
      cell.run(settling * (cell.windowMillis() / 1e3));
      windowMillis = cell.windowMillis();
      long from = cell.nowMillis() / windowMillis * windowMillis + windowMillis;
      long until = from + (windows - 1) * windowMillis;
      long before = cell.air().counters().airtimeMicros();
      cell.run(windows * windowMillis / 1e3);
      airtimeMicros += cell.air().counters().airtimeMicros() - before;
      cell.run(LATE * windowMillis / 1e3);
      freshness.add(cell.readings(), new Freshness.Span(nodes, from, until, windowMillis));
    }
    return new Watched(
        freshness, windowMillis, airtimeMicros / 1e3 / windowMillis / windows / seeds);
  }
}
