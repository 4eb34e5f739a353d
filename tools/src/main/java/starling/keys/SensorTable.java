package starling.keys;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import starling.sensor.SensorDriver;

/**
 * A sensor that a node has, as its configuration says it.
 *
 * @param kind such as {@code bme280}
 * @param keys what that kind takes; what is left out is as usual
 */
public record SensorTable(String kind, Map<String, String> keys) {
  /** The board itself, which every node has. */
  static final SensorTable BOARD = new SensorTable("linux", Map.of());

  private static final int CHARACTERS_MAX = 200;

  public SensorTable {
    keys = Map.copyOf(keys);
  }

  /**
   * Reads {@code bme280} or {@code bme280:address=0x77,prefix=roof}.
   *
   * @throws IllegalArgumentException there is no such kind, or it takes no such key; says which
   */
  public static SensorTable of(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    Map<String, String> keys = new TreeMap<>();
    if (colon >= 0) {
      for (String pair : text.substring(colon + 1).split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1 || text.length() > CHARACTERS_MAX) {
          throw new IllegalArgumentException(
              "a sensor is KIND or KIND:KEY=VALUE,…, such as bme280:address=0x77, not '"
                  + text
                  + "'");
        }
        keys.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    check(kind, keys);
    return new SensorTable(kind, keys);
  }

  private static void check(String kind, Map<String, String> keys) {
    Map<String, SensorDriver> drivers = new TreeMap<>();
    ServiceLoader.load(SensorDriver.class).forEach(driver -> drivers.put(driver.kind(), driver));
    SensorDriver driver = drivers.get(kind);
    if (driver == null) {
      throw new IllegalArgumentException(
          "there is no sensor '" + kind + "'; there are " + drivers.keySet());
    }
    for (String key : keys.keySet()) {
      if (!driver.keys().containsKey(key)) {
        throw new IllegalArgumentException(
            "a "
                + kind
                + " takes no '"
                + key
                + "'; it takes "
                + new TreeSet<>(driver.keys().keySet()));
      }
    }
  }

  /** Tables of a node's configuration: the board's own, and one for each of these. */
  static String toml(List<SensorTable> sensors) {
    StringBuilder text = new StringBuilder(BOARD.toml("board"));
    for (int i = 0; i < sensors.size(); i++) {
      text.append(sensors.get(i).toml(sensors.get(i).kind() + "-" + (i + 1)));
    }
    return text.toString();
  }

  private String toml(String name) {
    StringBuilder text = new StringBuilder("\n[sensor." + name + "]\n");
    text.append("kind = ").append(Bundle.quoted(kind)).append('\n');
    new TreeMap<>(keys)
        .forEach((key, value) ->
            text.append(key).append(" = ").append(Bundle.quoted(value)).append('\n'));
    return text.toString();
  }
}
