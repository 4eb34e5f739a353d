package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import starling.link.Presets;
import starling.progress.Progress;
import starling.simulate.TimeSpread;
import starling.simulate.TimeSpread.Trouble;

/**
 * How far network time is off over five hops, without any source of time but gateways' clocks: all
 * crystals off, one of them badly, two gateways that disagree, a gateway whose clock is set.
 */
final class TimeCase implements RadioCase {
  private static final int HOPS = 5;
  private static final double LOSS = 0.2;
  private static final int WINDOW_SECONDS = 60;
  private static final double BAR_MILLIS = 50;

  private final List<Presets> presets;
  private final int windows;

  /**
   * A row.
   *
   * @param errorMsP95 over nodes and seconds
   * @param knownS from power-on until all had time, at most
   */
  record TimeRow(
      String preset,
      int hops,
      double loss,
      String trouble,
      int runs,
      double errorMsP95,
      double errorMsMax,
      double bar,
      double knownS,
      String missed)
      implements Row {}

  TimeCase() {
    this(List.of(Presets.SIK_64K, Presets.LORA_SF7, Presets.LORA_SF9), 30);
  }

  /** The same on these media, watched for so many windows. */
  TimeCase(List<Presets> presets, int windows) {
    this.presets = presets;
    this.windows = windows;
  }

  @Override
  public String name() {
    return "time";
  }

  @Override
  public List<TimeRow> rows(int seeds, Progress progress) {
    List<TimeRow> rows = new ArrayList<>();
    int all = presets.size() * Trouble.values().length;
    for (Presets preset : presets) {
      for (Trouble trouble : Trouble.values()) {
        progress.at((double) rows.size() / all, preset.profile().name());
        rows.add(row(preset, trouble, seeds));
      }
    }
    return rows;
  }

  private TimeRow row(Presets preset, Trouble trouble, int runs) {
    TimeSpread line = new TimeSpread(preset.profile(), HOPS, LOSS, WINDOW_SECONDS * 1000L);
    double p95 = 0;
    double most = 0;
    double known = 0;
    for (int run = 0; run < runs; run++) {
      TimeSpread.Result result = line.run(trouble, windows, run + 1);
      p95 = Math.max(p95, result.p95Millis());
      most = Math.max(most, result.maxMillis());
      known = Math.max(known, result.settledSeconds());
    }
    String missed = new Bars().most("error_ms_max", most, BAR_MILLIS).missed();
    return new TimeRow(
        preset.profile().name(),
        HOPS,
        LOSS,
        trouble.name().toLowerCase(java.util.Locale.ROOT),
        runs,
        p95,
        most,
        BAR_MILLIS,
        known,
        missed);
  }
}
