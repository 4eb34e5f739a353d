package starling.bench.radio;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Hash;
import starling.model.Member;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/**
 * Starling beside what people pick instead, on the same air, with the same readings. Where a cell
 * has no room for all nodes there are several, each on a channel of its own as a cell is, with a
 * gateway in each, and what a row says of a channel's use is the mean of these; the others have
 * them all on one channel.
 */
final class RivalsCase implements RadioCase {
  private static final double LOSS = 0.2;
  private static final int SETTLING = 8;
  private static final int UPLINKS = 3;
  private static final double SF7_SYMBOL_MICROS = 1_024;
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int MANY = 32;

  private final List<Layout> layouts;
  private final int windows;

  /** Where the nodes are: as far from the gateway as so many hops. */
  record Layout(int nodes, int hops) {
    /** As the slowest of them all can carry. */
    long everyMillis() {
      return hops > 1 ? 240_000 : nodes > Member.SLOTS_MAX ? 120_000 : 60_000;
    }

    /** So many does Starling part them into. */
    int cells() {
      return Math.ceilDiv(nodes, Member.SLOTS_MAX);
    }

    /** Of each of these, its gateway too. */
    int members() {
      return nodes / cells();
    }

    private Meadow meadow(long seed) {
      return Meadow.within(nodes, hops, Hash.of(seed, nodes));
    }

    Channel channel(long seed) {
      return hops > 1
          ? new Channel(RADIO, meadow(seed), LOSS, seed)
          : new Channel(RADIO, nodes, LOSS, seed);
    }

    LoneCell cell(long seed) {
      int uplinks = hops > 1 ? 1 : Math.min(UPLINKS, members());
      LoneCell cell =
          new LoneCell(
              new LoneCell.Setup(
                  RADIO,
                  members(),
                  uplinks,
                  LoneCell.Setup.CHANNELS_MAX,
                  everyMillis(),
                  new Loss.Independent(LOSS)),
              seed);
      if (hops > 1) {
        meadow(seed).shape(cell.air());
      }
      return cell;
    }
  }

  /** A row; factor_star and factor_flooding are Starling's airtime over that of the others. */
  record RivalsRow(
      String system,
      String preset,
      int nodes,
      int hops,
      double everyS,
      double airtimePerDeliveredReadingMs,
      double delivered,
      double delivered2min,
      double stalenessP95S,
      double channelUse,
      double factorStar,
      double factorFlooding,
      String missed)
      implements Row {}

  /** What a system cost, and what came of it. */
  private record Came(Freshness freshness, double airtimeMicros, double use) {
    double eachMillis() {
      return airtimeMicros / 1e3 / Math.max(1, freshness.delivered());
    }
  }

  RivalsCase() {
    this(
        Stream.concat(
                IntStream.of(8, 16, 32, 64, 128).mapToObj(nodes -> new Layout(nodes, 1)),
                IntStream.of(16, 32, 64).mapToObj(nodes -> new Layout(nodes, 3)))
            .toList(),
        20);
  }

  /** The same elsewhere, over so many windows. */
  RivalsCase(List<Layout> layouts, int windows) {
    this.layouts = List.copyOf(layouts);
    this.windows = windows;
  }

  @Override
  public String name() {
    return "rivals";
  }

  @Override
  public List<RivalsRow> rows(int seeds, Progress progress) {
    List<RivalsRow> rows = new ArrayList<>();
    for (Layout layout : layouts) {
      progress.at(
          (double) layouts.indexOf(layout) / layouts.size(),
          layout.nodes() + " nodes, hops " + layout.hops());
      Map<Rival, Double> airtimes = new EnumMap<>(Rival.class);
      for (Rival rival : Rival.values()) {
        Came came = rival(rival, layout, seeds);
        airtimes.put(rival, came.eachMillis());
        rows.add(row(rival.word(), layout, came, 0, 0, new Bars()));
      }
      rows.add(starling(layout, airtimes, seeds));
    }
    return rows;
  }

  private Came rival(Rival rival, Layout layout, int seeds) {
    long every = layout.everyMillis();
    Freshness freshness = new Freshness();
    double micros = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Rival.Field field = new Rival.Field(layout.channel(seed), SF7_SYMBOL_MICROS, every);
      List<LoneCell.Reading> readings = field.run(rival, layout.nodes(), windows);
      micros += field.channel.airtimeMicros();
      freshness.add(readings, new Freshness.Span(layout.nodes(), every, windows * every, every));
    }
    return new Came(freshness, micros, micros / 1e3 / every / windows / seeds);
  }

  private RivalsRow starling(Layout layout, Map<Rival, Double> airtimes, int seeds) {
    Came came = starling(layout, seeds);
    double star = came.eachMillis() / airtimes.getOrDefault(Rival.STAR_ACKNOWLEDGED, 0.0);
    double flooding = came.eachMillis() / airtimes.getOrDefault(Rival.FLOODING, 0.0);
    Bars bars = new Bars();
    if (layout.hops() > 1) {
      bars.most("factor_flooding", flooding, 0.6);
      bars.least("delivered", came.freshness().share(), 0.995);
    } else {
      bars.most("factor_star", star, layout.nodes() >= MANY ? 0.75 : 1);
    }
    if (layout.hops() == 1 && layout.nodes() >= MANY) {
      bars.most("factor_flooding", flooding, 0.42);
    }
    return row("starling", layout, came, star, flooding, bars);
  }

  private Came starling(Layout layout, int seeds) {
    Freshness freshness = new Freshness();
    double micros = 0;
    double use = 0;
    for (int seed = 1; seed <= seeds * layout.cells(); seed++) {
      LoneCell cell = layout.cell(seed);
      cell.run(SETTLING * layout.everyMillis() / 1e3);
      long window = cell.windowMillis();
      long from = cell.nowMillis() / window * window + window;
      long before = cell.air().counters().airtimeMicros();
      cell.run(windows * window / 1e3);
      long spent = cell.air().counters().airtimeMicros() - before;
      micros += spent;
      use += spent / 1e3 / window / windows / seeds / layout.cells();
      cell.run(3 * window / 1e3);
      freshness.add(
          cell.readings(),
          new Freshness.Span(layout.members(), from, from + (windows - 1) * window, window));
    }
    return new Came(freshness, micros, use);
  }

  private static RivalsRow row(
      String system, Layout layout, Came came, double star, double flooding, Bars bars) {
    return new RivalsRow(
        system,
        RADIO.name(),
        layout.nodes(),
        layout.hops(),
        layout.everyMillis() / 1e3,
        came.eachMillis(),
        came.freshness().share(),
        came.freshness().within(120_000),
        came.freshness().stalenessP95Seconds(),
        came.use(),
        star,
        flooding,
        bars.missed());
  }
}
