package starling.gateway.homeassistant;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Home Assistant calls a quantity. A device class must exist and its unit must be one of that
 * class's, or the entity is refused; so a class is only said where unit and name leave no doubt.
 *
 * @param deviceClass empty for none
 * @param unit as Home Assistant spells it; empty for none
 * @param stateClass {@code measurement}, or {@code measurement_angle} for directions
 * @param decimals to show; negative leaves it to Home Assistant
 */
record Quantity(String deviceClass, String unit, String stateClass, int decimals) {
  private static final String MEASUREMENT = "measurement";

  /** By UCUM code, where that alone says it. */
  private static final Map<String, Quantity> BY_UNIT =
      Map.ofEntries(
          Map.entry("Cel", new Quantity("temperature", "°C", MEASUREMENT, 1)),
          Map.entry("hPa", new Quantity("atmospheric_pressure", "hPa", MEASUREMENT, 1)),
          Map.entry("lx", new Quantity("illuminance", "lx", MEASUREMENT, 0)),
          Map.entry("V", new Quantity("voltage", "V", MEASUREMENT, 2)),
          Map.entry("mV", new Quantity("voltage", "mV", MEASUREMENT, 0)),
          Map.entry("A", new Quantity("current", "A", MEASUREMENT, 2)),
          Map.entry("mA", new Quantity("current", "mA", MEASUREMENT, 0)),
          Map.entry("W", new Quantity("power", "W", MEASUREMENT, 1)),
          Map.entry("s", new Quantity("duration", "s", MEASUREMENT, 0)),
          Map.entry("kg", new Quantity("weight", "kg", MEASUREMENT, 2)),
          Map.entry("W/m2", new Quantity("irradiance", "W/m²", MEASUREMENT, 0)),
          Map.entry("uS/cm", new Quantity("conductivity", "µS/cm", MEASUREMENT, 0)),
          Map.entry("mm/h", new Quantity("precipitation_intensity", "mm/h", MEASUREMENT, 1)));

  /** By UCUM code and a word of the name; the first that fits. */
  private static final Map<String, Map<String, Quantity>> BY_WORD =
      Map.of(
          "%",
          Map.of(
              "humidity", new Quantity("humidity", "%", MEASUREMENT, 0),
              "battery", new Quantity("battery", "%", MEASUREMENT, 0),
              "moisture", new Quantity("moisture", "%", MEASUREMENT, 0)),
          "[ppm]",
          Map.of("co2", new Quantity("carbon_dioxide", "ppm", MEASUREMENT, 0)),
          "ug/m3",
          Map.of(
              "pm1", new Quantity("pm1", "µg/m³", MEASUREMENT, 1),
              "pm10", new Quantity("pm10", "µg/m³", MEASUREMENT, 1),
              "pm25", new Quantity("pm25", "µg/m³", MEASUREMENT, 1)),
          "m/s",
          Map.of("wind", new Quantity("wind_speed", "m/s", MEASUREMENT, 1)),
          "deg",
          Map.of("direction", new Quantity("wind_direction", "°", "measurement_angle", 0)),
          "mm",
          Map.of("level", new Quantity("distance", "mm", MEASUREMENT, 0)),
          "[pH]",
          Map.of("ph", new Quantity("ph", "", MEASUREMENT, 2)));

  /** Units that only have another spelling. */
  private static final Map<String, String> SPELLED =
      Map.of("1", "", "[pH]", "", "[ppm]", "ppm", "ug/m3", "µg/m³", "deg", "°", "Cel", "°C");

  /** A difference of temperatures is none, and must not be shown as so many °F. */
  private static final Set<String> DIFFERENCES = Set.of("stddev", "variance", "var", "range");

  /**
   * What a column is.
   *
   * @param column its name: {@code avg_air_temperature}
   * @param ucum its unit
   */
  static Quantity of(String column, String ucum) {
    if (DIFFERENCES.contains(column.split("_", 2)[0])) {
      return new Quantity("", "°C".equals(spelled(ucum)) ? "K" : spelled(ucum), MEASUREMENT, -1);
    }
    Optional<Quantity> known = Optional.ofNullable(BY_UNIT.get(ucum));
    for (String word : column.split("_", -1)) {
      known = known.or(() -> Optional.ofNullable(BY_WORD.getOrDefault(ucum, Map.of()).get(word)));
    }
    return known.orElseGet(() -> new Quantity("", spelled(ucum), MEASUREMENT, -1));
  }

  private static String spelled(String ucum) {
    return SPELLED.getOrDefault(ucum, ucum);
  }

  /** Counts of nodes have no unit and no decimals. */
  void describe(JsonObject component) {
    if (!deviceClass.isEmpty()) {
      component.addProperty("device_class", deviceClass);
    }
    if (!unit.isEmpty()) {
      component.addProperty("unit_of_measurement", unit);
    }
    component.addProperty("state_class", stateClass);
    if (decimals >= 0) {
      component.addProperty("suggested_display_precision", decimals);
    }
  }
}
