package starling.link;

import java.util.Locale;

/**
 * How much of its time one node may send on a medium, whatever happens.
 *
 * @param share of time, above 0, up to 1; 1 where no law limits it
 * @param millis in any time that is so long: an hour where the law says a duty cycle, seconds where
 *     it says how long one may dwell
 */
public record Law(double share, long millis) {
  private static final long HOUR_MILLIS = 3_600_000;

  /** No limit. */
  public static final Law NONE = hourly(1);

  /** EU868 sub-band P, 869.4 to 869.65 MHz (ERC Recommendation 70-03, annex 1). */
  static final Law EU868_P = hourly(0.10);

  /** EU868 sub-band L, 865 to 868 MHz. */
  static final Law EU868_L = hourly(0.01);

  public Law {
    if (!(share > 0 && share <= 1) || millis < 1) {
      throw new IllegalArgumentException("a law allows a share above 0, up to 1, of 1 ms or more");
    }
  }

  /** A duty cycle of any hour. */
  public static Law hourly(double share) {
    return new Law(share, HOUR_MILLIS);
  }

  /** Whether it limits anything. */
  public boolean limits() {
    return share < 1;
  }

  /** The most that may be sent in any time of {@link #millis}, in microseconds. */
  public double micros() {
    return share * millis * 1000;
  }

  /** For a person: {@code 10.0 % of any hour}; {@code none} for no limit. */
  @Override
  public String toString() {
    String time = millis == HOUR_MILLIS ? "hour" : millis / 1000 + " s";
    return limits() ? String.format(Locale.ROOT, "%.1f %% of any %s", 100 * share, time) : "none";
  }
}
