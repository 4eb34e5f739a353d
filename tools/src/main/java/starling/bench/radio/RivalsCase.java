package starling.bench.radio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Member;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/** Starling beside what people pick instead, on the same air, with the same readings. */
final class RivalsCase implements RadioCase {
  private static final double LOSS = 0.2;
  private static final int SETTLING = 8;
  private static final int UPLINKS = 3;
  private static final double SF7_SYMBOL_MICROS = 1_024;
  private static final LinkProfile RADIO = Presets.LORA_SF7.profile();
  private static final int MANY = 32;

  private final int[] sizes;
  private final int windows;

  /** A row; factor_star and factor_flooding are Starling's airtime over that of the others. */
  record RivalsRow(
      String system,
      String preset,
      int nodes,
      int hops,
      double everyS,
      double airtimePerDeliveredReadingMs,
      double delivered2min,
      double stalenessP95S,
      double channelUse,
      double factorStar,
      double factorFlooding,
      String missed)
      implements Row {}

  RivalsCase() {
    this(new int[] {8, 16, 32, 64, 128}, 20);
  }

  /** The same at other sizes, over so many windows. */
  RivalsCase(int[] sizes, int windows) {
    this.sizes = sizes.clone();
    this.windows = windows;
  }

  @Override
  public String name() {
    return "rivals";
  }

  @Override
  public List<RivalsRow> rows(int seeds, Progress progress) {
    List<RivalsRow> rows = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      progress.at((double) i / sizes.length, sizes[i] + " nodes");
      Map<Rival, Double> airtimes = new HashMap<>();
      for (Rival rival : Rival.values()) {
        RivalsRow row = rival(rival, sizes[i], seeds);
        airtimes.put(rival, row.airtimePerDeliveredReadingMs());
        rows.add(row);
      }
      if (sizes[i] <= Member.SLOTS_MAX) {
        rows.add(starling(sizes[i], airtimes, seeds));
      }
    }
    return rows;
  }

  private static int everySeconds(int nodes) {
    return nodes > Member.SLOTS_MAX ? 120 : 60;
  }

  private RivalsRow rival(Rival rival, int nodes, int seeds) {
    long every = everySeconds(nodes) * 1000L;
    Freshness freshness = new Freshness();
    double micros = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Rival.Field field = new Rival.Field(RADIO, SF7_SYMBOL_MICROS, nodes, LOSS, every, seed);
      List<LoneCell.Reading> readings = field.run(rival, nodes, windows);
      micros += field.channel.airtimeMicros();
      freshness.add(readings, new Freshness.Span(nodes, every, windows * every, every));
    }
    double use = micros / 1e3 / every / windows / seeds;
    return row(rival.word(), nodes, every, freshness, micros, use, 0, 0, "");
  }

  private RivalsRow starling(int nodes, Map<Rival, Double> airtimes, int seeds) {
    Freshness freshness = new Freshness();
    double micros = 0;
    double use = 0;
    long every = everySeconds(nodes) * 1000L;
    for (int seed = 1; seed <= seeds; seed++) {
      LoneCell cell =
          new LoneCell(
              new LoneCell.Setup(
                  RADIO,
                  nodes,
                  Math.min(UPLINKS, nodes),
                  LoneCell.Setup.CHANNELS_MAX,
                  every,
                  new Loss.Independent(LOSS)),
              seed);
      cell.run(SETTLING * every / 1e3);
      long window = cell.windowMillis();
      long from = cell.nowMillis() / window * window + window;
      long before = cell.air().counters().airtimeMicros();
      cell.run(windows * window / 1e3);
      long spent = cell.air().counters().airtimeMicros() - before;
      micros += spent;
      use += spent / 1e3 / window / windows / seeds;
      cell.run(3 * window / 1e3);
      freshness.add(
          cell.readings(), new Freshness.Span(nodes, from, from + (windows - 1) * window, window));
    }
    double each = micros / 1e3 / Math.max(1, freshness.delivered());
    double star = each / airtimes.getOrDefault(Rival.STAR_ACKNOWLEDGED, 0.0);
    double flooding = each / airtimes.getOrDefault(Rival.FLOODING, 0.0);
    Bars bars = new Bars().most("factor_star", star, nodes >= MANY ? 0.75 : 1);
    if (nodes >= MANY) {
      bars.most("factor_flooding", flooding, 0.42);
    }
    return row("starling", nodes, every, freshness, micros, use, star, flooding, bars.missed());
  }

  private static RivalsRow row(
      String system,
      int nodes,
      long every,
      Freshness freshness,
      double micros,
      double use,
      double star,
      double flooding,
      String missed) {
    return new RivalsRow(
        system,
        RADIO.name(),
        nodes,
        1,
        every / 1e3,
        micros / 1e3 / Math.max(1, freshness.delivered()),
        freshness.within(120_000),
        freshness.stalenessP95Seconds(),
        use,
        star,
        flooding,
        missed);
  }
}
