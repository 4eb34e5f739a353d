package starling.bench.gateway;

import java.util.Map;
import java.util.TreeMap;
import starling.model.Delivery;

/** Answers of zones, one after another: of each zone a window a minute, of none twice the same. */
final class Windows {
  private static final long WINDOW_MILLIS = 60_000;

  /** 2026-06-01T12:00:00Z. */
  private static final long FIRST_MILLIS = 1_780_315_200_000L;

  private static final int NODES = 18;

  /** So many values has each. */
  static final int VALUES = 4;

  private static final TreeMap<String, String> UNITS =
      new TreeMap<>(
          Map.of(
              "avg_air_temperature",
              "Cel",
              "max_pressure",
              "hPa",
              "min_battery",
              "V",
              "count",
              "1"));

  private final String site;
  private final int zones;
  private int next;

  /**
   * A site's first windows.
   *
   * @param site different from any other publisher's at the same broker
   * @param zones below it
   */
  Windows(String site, int zones) {
    this.site = site;
    this.zones = zones;
  }

  /** The next window of the next zone. */
  Delivery.Result next() {
    int zone = next % zones;
    long start = FIRST_MILLIS + next / zones * WINDOW_MILLIS;
    double average = 18 + next % 997 * 0.0123;
    next++;
    return new Delivery.Result(
        "/" + site + "/z" + zone,
        "climate",
        start,
        start + WINDOW_MILLIS,
        new TreeMap<>(
            Map.of(
                "avg_air_temperature",
                average,
                "max_pressure",
                1013.2,
                "min_battery",
                3.71,
                "count",
                (double) NODES)),
        UNITS,
        NODES,
        NODES,
        1_250,
        NODES,
        0);
  }
}
