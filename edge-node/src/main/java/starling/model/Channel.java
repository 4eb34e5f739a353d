package starling.model;

/**
 * One measured quantity of a {@link Schema}. On the air a value is the integer {@code round(value /
 * resolution)}.
 *
 * @param name lower-case letters, digits and underscores, 1 to 32 of them: {@code air_temperature}
 * @param unit the UCUM code: {@code Cel}, {@code %}, {@code 1}
 * @param decimals the resolution as a power of ten: 2 means 0.01; 0 to 6
 * @param minimum the smallest value that the sensor can say, in units
 * @param maximum the largest; readings outside are refused, not clipped
 */
public record Channel(String name, String unit, int decimals, double minimum, double maximum) {
  /**
   * The largest magnitude of a value on the air, so that sums of squares over any site fit 63 bits.
   */
  public static final long STEPS_MAX = 1L << 21;

  public Channel {
    if (!name.matches("[a-z][a-z0-9_]{0,31}")) {
      throw new IllegalArgumentException(
          "channel names are [a-z][a-z0-9_]*, up to 32 characters: '" + name + "'");
    }
    if (decimals < 0 || decimals > 6) {
      throw new IllegalArgumentException(
          "channel " + name + ": decimals are 0 to 6, not " + decimals);
    }
    if (!(minimum < maximum)) {
      throw new IllegalArgumentException("channel " + name + ": minimum must be below maximum");
    }
    if (Math.max(Math.abs(minimum), Math.abs(maximum)) * pow10(decimals) > STEPS_MAX) {
      throw new IllegalArgumentException(
          "channel "
              + name
              + ": its range has more than "
              + STEPS_MAX
              + " steps of 10^-"
              + decimals
              + "; use fewer decimals");
    }
  }

  /** The value on the air: steps of the resolution. */
  public long steps(double value) {
    return Math.round(value * pow10(decimals));
  }

  /** The value in units. */
  public double value(long steps) {
    return steps / pow10(decimals);
  }

  /** The smallest difference that this channel can say, in units. */
  public double resolution() {
    return 1 / pow10(decimals);
  }

  /** Whether a reading can be said: finite and inside the range. */
  public boolean accepts(double value) {
    return value >= minimum && value <= maximum;
  }

  private static double pow10(int decimals) {
    double power = 1;
    for (int i = 0; i < decimals; i++) {
      power *= 10;
    }
    return power;
  }
}
