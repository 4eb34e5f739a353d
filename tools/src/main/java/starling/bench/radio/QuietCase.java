package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import starling.engine.Trickle;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.link.air.Terrain;
import starling.link.air.Transmission;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/**
 * How many digests are said in an interval of the Trickle timer while nothing changes: by 128 of
 * the production timers alone on a channel, and by a whole cell with live windows.
 */
final class QuietCase implements RadioCase {
  private static final double LOSS = 0.2;
  private static final int DIGEST_BYTES = 26;
  private static final int WINDOW_SECONDS = 120;
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();

  private final int nodes;
  private final int intervals;
  private final int cellNodes;

  /** A row; the bar is that of the longest interval, or of the shortest. */
  record QuietRow(
      String what,
      int nodes,
      double loss,
      double intervalToa,
      String start,
      int intervals,
      double digestsPerInterval,
      double bar,
      String missed)
      implements Row {}

  QuietCase() {
    this(128, 200, 64);
  }

  /** The same at another size. */
  QuietCase(int nodes, int intervals, int cellNodes) {
    this.nodes = nodes;
    this.intervals = intervals;
    this.cellNodes = cellNodes;
  }

  @Override
  public String name() {
    return "quiet";
  }

  @Override
  public List<QuietRow> rows(int seeds, Progress progress) {
    List<QuietRow> rows = new ArrayList<>();
    int shortest = 16 * nodes;
    for (boolean longest : new boolean[] {false, true}) {
      for (boolean together : new boolean[] {true, false}) {
        int toa = longest ? shortest << 8 : shortest;
        progress.at(rows.size() / 5.0, toa + " ToA");
        double digests = timers(toa, together, seeds);
        double bar = longest ? 4 : 5;
        rows.add(
            new QuietRow(
                "timers",
                nodes,
                LOSS,
                toa,
                together ? "together" : "apart",
                intervals,
                digests,
                bar,
                new Bars().most("digests_per_interval", digests, bar).missed()));
      }
    }
    progress.at(0.8, "a cell with live windows");
    rows.add(cell());
    return rows;
  }

  /** Digests per interval of timers that have the same to say. */
  private double timers(int toa, boolean together, int seed) {
    long toaMicros = RADIO.airtime().micros(DIGEST_BYTES);
    long intervalMicros = toa * toaMicros;
    SplittableRandom random = new SplittableRandom(seed);
    Air air = new Air(nodes, RADIO, new Loss.Independent(LOSS), seed);
    air.strengths(new Terrain(nodes, seed));
    Trickle[] timers = new Trickle[nodes];
    PriorityQueue<long[]> wakes = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
    PriorityQueue<Transmission> ends =
        new PriorityQueue<>((a, b) -> Long.compare(a.endMicros(), b.endMicros()));
    for (int node = 0; node < nodes; node++) {
      timers[node] = new Trickle(intervalMicros * 1000, 0, 1, random.split());
      wakes.add(new long[] {together ? 0 : random.nextLong(intervalMicros), node, 0});
    }
    long sent = 0;
    long until = (intervals + 2) * intervalMicros;
    while (!wakes.isEmpty() && wakes.peek()[0] < until) {
      while (!ends.isEmpty() && ends.peek().endMicros() <= wakes.peek()[0]) {
        for (int heard : air.end(ends.remove())) {
          timers[heard].heardSame();
        }
      }
      long[] wake = wakes.remove();
      int node = (int) wake[1];
      long now = wake[0];
      if (wake[2] == 0) {
        timers[node].restart(now * 1000);
      } else if (timers[node].due(now * 1000) && !air.sending(node, now)) {
        ends.add(air.begin(node, now, new byte[DIGEST_BYTES]));
        timers[node].spoke();
        sent += now > 2 * intervalMicros ? 1 : 0;
      }
      wakes.add(new long[] {Math.max(now + 1, timers[node].nextNanos() / 1000 + 1), node, 1});
    }
    return sent / (double) intervals;
  }

  /** Frames of a whole cell that say something of the charter, in its timer's shortest interval. */
  private QuietRow cell() {
    LoneCell cell =
        new LoneCell(
            new LoneCell.Setup(
                RADIO, cellNodes, 3, 4, WINDOW_SECONDS * 1000L, new Loss.Independent(LOSS)),
            1);
    cell.run(5 * WINDOW_SECONDS);
    long before = cell.emissions().stream().filter(LoneCell.Emission::charter).count();
    int windows = 10;
    cell.run(windows * WINDOW_SECONDS);
    long after = cell.emissions().stream().filter(LoneCell.Emission::charter).count();
    double toa = 16.0 * cellNodes;
    double seconds = toa * RADIO.airtime().micros(DIGEST_BYTES) / 1e6;
    double all = windows * WINDOW_SECONDS / seconds;
    double digests = (after - before) / all;
    return new QuietRow(
        "cell",
        cellNodes,
        LOSS,
        toa,
        "live windows",
        (int) all,
        digests,
        5,
        new Bars().most("digests_per_interval", digests, 5).missed());
  }
}
