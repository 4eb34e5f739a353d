package starling.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One side of a chart.
 *
 * @param label what it measures, with the unit
 * @param from the smallest value shown
 * @param to the largest, above {@code from}
 * @param logarithmic whether equal steps are equal factors; then {@code from} is above 0
 */
public record Axis(String label, double from, double to, boolean logarithmic) {
  private static final int TICKS = 6;

  public Axis {
    if (!(from < to) || (logarithmic && !(from > 0))) {
      throw new IllegalArgumentException("no axis goes from " + from + " to " + to);
    }
  }

  /** An axis of equal steps. */
  public static Axis linear(String label, double from, double to) {
    return new Axis(label, from, to, false);
  }

  /** An axis of equal factors. */
  public static Axis logarithmic(String label, double from, double to) {
    return new Axis(label, from, to, true);
  }

  /** Where a value lies: 0 at the start, 1 at the end; outside, at the nearer of them. */
  double place(double value) {
    double place =
        logarithmic
            ? Math.log(Math.max(value, Double.MIN_NORMAL) / from) / Math.log(to / from)
            : (value - from) / (to - from);
    return Math.clamp(place, 0, 1);
  }

  /** Values to write at the axis. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      boolean wide = to / from > 1000;
      for (double decade = Math.pow(10, Math.floor(Math.log10(from))); decade <= to; decade *= 10) {
        for (int factor : wide ? new int[] {1} : new int[] {1, 2, 5}) {
          ticks.add(decade * factor);
        }
      }
    } else {
      double step = step();
      for (long i = (long) Math.ceil(from / step); i * step <= to + step / 1000; i++) {
        ticks.add(i * step);
      }
    }
    ticks.removeIf(tick -> tick < from || tick > to * (1 + 1e-9));
    return ticks;
  }

  /** The 1, 2 or 5 times a power of ten that makes about as many ticks as fit. */
  private double step() {
    double rough = (to - from) / TICKS;
    double decade = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / decade;
    return decade * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  static String text(double tick) {
    String text = String.format(Locale.ROOT, "%.4f", tick);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
