package starling.bench.membership;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Cells of 32 production membership protocols, hour after hour, and crash after crash. */
final class CellCases {
  /** A crash has to be known to the median member within so many beacons. */
  static final double DETECTED_PERIODS_MAX = 10;

  private static final int NODES = 32;
  private static final int WARM_PERIODS = 60;
  private static final int WATCHED_PERIODS = 30;
  private static final int RECOVERY_PERIODS = 60;

  /** Who was in a burst meanwhile may learn of a crash when its victim is back already. */
  private static final int LATE_PERIODS = 20;

  /** What a radio cell with windows of a minute promises: one and a half, to a power of two. */
  private static final Rhythm MINUTE = new Rhythm(60, 7);

  /** The least that a promise may be worth: 1.6 beacons. */
  private static final Rhythm TIGHT = new Rhythm(40, 6);

  static final List<CellCase> ALL =
      List.of(
          new CellCase("30 % one by one", MINUTE, bursts(0.30, 0, 0)),
          new CellCase("30 % in bursts at links", MINUTE, bursts(0, 0.30, 0)),
          new CellCase("30 % in bursts at links and receivers", MINUTE, bursts(0.133, 0.15, 0.05)),
          new CellCase(
              "the same with 12 of 32 deaf", MINUTE, new Trouble(0.133, 0.15, 0.05, 0, 12)),
          new CellCase("the same with promises of 1.6 beacons", TIGHT, bursts(0.133, 0.15, 0.05)),
          new CellCase("51 % one by one and in bursts at links", MINUTE, bursts(0.30, 0.30, 0)),
          new CellCase(
              "senders unheard by all 11 times a day", MINUTE, new Trouble(0.30, 0, 0, 11, 0)));

  private final double hours;
  private final int crashes;
  private final long seed;

  /** How often members speak, and within 2^promise seconds they say to speak again. */
  record Rhythm(int seconds, int promise) {}

  /** A cell with trouble. */
  record CellCase(String name, Rhythm rhythm, Trouble trouble) {
    /** Whether nobody may be suspected in error: who is unheard by all can't but be. */
    boolean strict() {
      return trouble.senderBurstsADay() == 0;
    }
  }

  private static Trouble bursts(double each, double links, double receivers) {
    return new Trouble(each, links, receivers, 0, 0);
  }

  CellCases(double hours, int crashes, long seed) {
    this.hours = hours;
    this.crashes = crashes;
    this.seed = seed;
  }

  Map<String, Object> run(CellCase which, DoubleConsumer progress) {
    long periods = Math.round(hours * 3600 / which.rhythm().seconds());
    double all = periods + (double) crashes * (WATCHED_PERIODS + RECOVERY_PERIODS);
    Cell quiet = cell(which, seed);
    while (quiet.periods() < WARM_PERIODS + periods) {
      quiet.period();
      progress.accept(Math.min(1, quiet.periods() / all));
    }
    Cell failing = cell(which, seed + 1);
    double[] medians = new double[crashes];
    double[] lasts = new double[crashes];
    for (int crash = 0; crash < crashes; crash++) {
      int slot = NODES - 1 - crash % (NODES - which.trouble().deaf());
      long[] detected = detect(failing, slot);
      int hearing = detected.length - which.trouble().deaf();
      medians[crash] = periods(detected[detected.length / 2], which);
      lasts[crash] = periods(detected[hearing - 1], which);
      progress.accept(Math.min(1, (periods + failing.periods()) / all));
    }
    return row(which, quiet.verdicts, failing.verdicts, medians, lasts);
  }

  /** A cell whose members know each other, and then go deaf if they do. */
  private static Cell cell(CellCase which, long seed) {
    Cell cell =
        new Cell(NODES, which.rhythm().seconds(), which.rhythm().promise(), which.trouble(), seed);
    for (int i = 0; i < WARM_PERIODS; i++) {
      cell.period();
    }
    cell.deafen();
    return cell;
  }

  private static long[] detect(Cell cell, int slot) {
    cell.crash(slot);
    for (int i = 0; i < WATCHED_PERIODS; i++) {
      cell.period();
    }
    long[] detected = cell.verdicts.detectedNanos();
    cell.restart(slot);
    for (int i = 0; i < RECOVERY_PERIODS; i++) {
      if (i == LATE_PERIODS) {
        cell.verdicts.recovered();
      }
      cell.period();
    }
    return detected;
  }

  private static double periods(long nanos, CellCase which) {
    double seconds = nanos / 1e9;
    return nanos == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : seconds / which.rhythm().seconds();
  }

  private Map<String, Object> row(
      CellCase which, Verdicts quiet, Verdicts failing, double[] medians, double[] lasts) {
    long falselyGone = quiet.falselyGone() + failing.falselyGone();
    long suspects = quiet.suspects() + failing.suspects();
    int removed = quiet.wronglyRemoved() + failing.wronglyRemoved();
    Arrays.sort(medians);
    Arrays.sort(lasts);
    boolean detects = medians[crashes - 1] <= DETECTED_PERIODS_MAX;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "membership");
    row.put("case", which.name());
    row.put("hours", hours);
    row.put("nodes", NODES);
    row.put("falsely_gone", falselyGone);
    row.put("suspects", suspects);
    row.put("detected_periods_p50", tenths(medians[crashes / 2]));
    row.put("detected_periods_max", tenths(medians[crashes - 1]));
    row.put("removed_wrongly", removed);
    row.put("last_periods_max", tenths(lasts[crashes - 1]));
    row.put("crashes", crashes);
    row.put("doubts", quiet.doubts());
    row.put("largest_tally", quiet.largestTally());
    row.put("ok", falselyGone == 0 && detects && (suspects == 0 || !which.strict()));
    return row;
  }

  static double tenths(double value) {
    return Double.isInfinite(value) ? 9999 : Math.round(value * 10) / 10.0;
  }
}
