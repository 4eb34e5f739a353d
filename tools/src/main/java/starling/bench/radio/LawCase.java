package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.progress.Progress;
import starling.simulate.LoneCell;
import starling.simulate.LoneCell.Emission;

/**
 * Whether any sliding window ever holds more than law and channel target allow, by what left the
 * radios, whatever happens to a cell.
 */
final class LawCase implements RadioCase {
  private static final double LOSS = 0.2;
  private static final int UPLINKS = 3;
  private static final int DAY_SECONDS = 86_400;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long HOUR_NANOS = 60 * MINUTE_NANOS;
  private static final double NORMAL = 0.9; // what is not kept for alarms

  private final List<Trouble> troubles;

  /**
   * Something that happens to a cell.
   *
   * @param apartSeconds how long its halves don't hear each other at first
   */
  private record Trouble(
      String event,
      LinkProfile radio,
      int nodes,
      int everySeconds,
      int apartSeconds,
      Consumer<LoneCell> happens) {
    Trouble(
        String event, LinkProfile radio, int nodes, int everySeconds, Consumer<LoneCell> happens) {
      this(event, radio, nodes, everySeconds, 0, happens);
    }

    /** In what time a node's share of the channel holds its largest frame, a minute at least. */
    long windowNanos() {
      double largest = radio.airtime().micros(radio.mtuBytes()) * 1e3;
      return Math.max(MINUTE_NANOS, (long) (largest / (radio.channelTarget() * NORMAL / nodes)));
    }
  }

  /**
   * A row: the worst minute of all together and of one node, over all seeds, and what limits say.
   */
  record LawRow(
      String event,
      String preset,
      int nodes,
      double everyS,
      double worstMinuteCell,
      double worstMinuteNode,
      double worstHourNode,
      double dutyCycle,
      double worstWindowCell,
      double windowS,
      double channelTarget,
      String missed)
      implements Row {}

  LawCase() {
    this(64, 3);
  }

  /** The same at another size, with a gateway that is away for so many days. */
  LawCase(int nodes, double days) {
    LinkProfile fast = Presets.LORA_SF7.profile();
    LinkProfile slow = Presets.LORA_SF9.profile();
    int every = 120;
    troubles =
        List.of(
            new Trouble("cold start", fast, nodes, every, cell -> cell.run(5 * every)),
            new Trouble("cold start", slow, nodes, 2 * every, cell -> cell.run(10 * every)),
            new Trouble(
                "merge", fast, nodes, every, 5 * every, cell -> merge(cell, nodes / 2, 5 * every)),
            new Trouble("query", fast, nodes, every, cell -> query(cell, every)),
            new Trouble("gateway back", slow, Math.min(8, nodes), 480, cell -> away(cell, days)),
            new Trouble("babbling sensor", fast, nodes, every, cell -> babble(cell, every)));
  }

  private static void merge(LoneCell cell, int half, int seconds) {
    cell.joined(half, false);
    cell.run(seconds);
    cell.joined(half, true);
    cell.run(seconds);
  }

  private static void query(LoneCell cell, int every) {
    cell.run(4 * every);
    cell.revise(true);
    cell.run(4 * every);
  }

  private static void away(LoneCell cell, double days) {
    cell.run(3_600);
    cell.kill(0);
    cell.run(days * DAY_SECONDS);
    cell.restart(0);
    cell.run(7_200);
  }

  private static void babble(LoneCell cell, int every) {
    cell.run(3 * every);
    cell.babble(5, 2 * every);
    cell.run(every);
  }

  @Override
  public String name() {
    return "law";
  }

  @Override
  public List<LawRow> rows(int seeds, Progress progress) {
    List<LawRow> rows = new ArrayList<>();
    for (Trouble trouble : troubles) {
      List<Worst> runs = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        double done = rows.size() + (seed - 1.0) / seeds;
        progress.at(done / troubles.size(), trouble.event());
        runs.add(run(trouble, seed));
      }
      rows.add(row(trouble, runs));
    }
    return rows;
  }

  /** The largest shares of the channel that anybody, or a place, had in a run. */
  private record Worst(
      long pacedWindowMillis,
      double minuteCell,
      double minuteNode,
      double hourNode,
      double windowCell) {}

  private static Worst run(Trouble trouble, long seed) {
    LoneCell cell =
        new LoneCell(
            new LoneCell.Setup(
                trouble.radio(),
                trouble.nodes(),
                Math.min(UPLINKS, trouble.nodes()),
                LoneCell.Setup.CHANNELS_MAX,
                trouble.everySeconds() * 1000L,
                new Loss.Independent(LOSS)),
            seed);
    long meetNanos = 1_000_000 * (cell.nowMillis() + 1_000L * trouble.apartSeconds());
    trouble.happens().accept(cell);
    int half = trouble.nodes() / 2;
    List<Emission> all = cell.emissions();
    List<List<Emission>> places =
        List.of(
            all.stream().filter(one -> one.atNanos() >= meetNanos || one.node() < half).toList(),
            all.stream().filter(one -> one.atNanos() >= meetNanos || one.node() >= half).toList());
    double minuteNode = 0;
    double hourNode = 0;
    for (int node = 0; node < trouble.nodes(); node++) {
      int whose = node;
      List<Emission> own = all.stream().filter(one -> one.node() == whose).toList();
      minuteNode = Math.max(minuteNode, worst(own, MINUTE_NANOS));
      hourNode = Math.max(hourNode, worst(own, HOUR_NANOS));
    }
    return new Worst(
        cell.windowMillis(),
        worstOf(places, MINUTE_NANOS),
        minuteNode,
        hourNode,
        worstOf(places, trouble.windowNanos()));
  }

  private static double worst(List<Worst> runs, ToDoubleFunction<Worst> of) {
    return runs.stream().mapToDouble(of).max().orElseThrow();
  }

  private static LawRow row(Trouble trouble, List<Worst> runs) {
    LinkProfile radio = trouble.radio();
    double minuteCell = worst(runs, Worst::minuteCell);
    double hourNode = worst(runs, Worst::hourNode);
    double windowCell = worst(runs, Worst::windowCell);
    Bars bars = new Bars();
    bars.most("worst_hour_node", hourNode, radio.law().share());
    bars.most("worst_window_cell", windowCell, radio.channelTarget());
    bars.most("worst_minute_cell", minuteCell, radio.channelTarget());
    return new LawRow(
        trouble.event(),
        radio.name(),
        trouble.nodes(),
        worst(runs, Worst::pacedWindowMillis) / 1e3,
        minuteCell,
        worst(runs, Worst::minuteNode),
        hourNode,
        radio.law().share(),
        windowCell,
        trouble.windowNanos() / 1e9,
        radio.channelTarget(),
        bars.missed());
  }

  /** The same of the place where it is largest. */
  private static double worstOf(List<List<Emission>> places, long windowNanos) {
    return places.stream().mapToDouble(heard -> worst(heard, windowNanos)).max().orElseThrow();
  }

  /** The largest share of any window that frames take, each counted where it begins. */
  static double worst(List<Emission> emissions, long windowNanos) {
    long most = 0;
    long sum = 0;
    int first = 0;
    for (Emission last : emissions) {
      sum += last.micros();
      while (emissions.get(first).atNanos() <= last.atNanos() - windowNanos) {
        sum -= emissions.get(first++).micros();
      }
      most = Math.max(most, sum);
    }
    return most * 1e3 / windowNanos;
  }
}
