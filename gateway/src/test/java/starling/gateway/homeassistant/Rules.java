package starling.gateway.homeassistant;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Home Assistant's rules for device discovery, as its documentation and its schemas have them,
 * written down apart from what is to keep them.
 */
final class Rules {
  private static final String ID = "[a-zA-Z0-9_-]+";

  /** The units of a device class; an empty set for none. */
  private static final Map<String, Set<String>> UNITS =
      Map.ofEntries(
          Map.entry("temperature", Set.of("°C", "°F", "K")),
          Map.entry("humidity", Set.of("%")),
          Map.entry("atmospheric_pressure", Set.of("hPa", "Pa", "kPa", "bar", "mbar", "mmHg")),
          Map.entry("illuminance", Set.of("lx")),
          Map.entry("carbon_dioxide", Set.of("ppm")),
          Map.entry("pm1", Set.of("µg/m³")),
          Map.entry("pm10", Set.of("µg/m³")),
          Map.entry("pm25", Set.of("µg/m³")),
          Map.entry("voltage", Set.of("V", "mV")),
          Map.entry("current", Set.of("A", "mA")),
          Map.entry("power", Set.of("W", "kW")),
          Map.entry("battery", Set.of("%")),
          Map.entry("moisture", Set.of("%")),
          Map.entry("distance", Set.of("mm", "cm", "m", "km")),
          Map.entry("precipitation_intensity", Set.of("mm/h", "mm/d")),
          Map.entry("wind_speed", Set.of("m/s", "km/h", "kn", "mph")),
          Map.entry("wind_direction", Set.of("°")),
          Map.entry("signal_strength", Set.of("dB", "dBm")),
          Map.entry("duration", Set.of("s", "min", "h", "d", "ms")),
          Map.entry("weight", Set.of("kg", "g", "mg", "t")),
          Map.entry("irradiance", Set.of("W/m²")),
          Map.entry("conductivity", Set.of("S/cm", "mS/cm", "µS/cm")),
          Map.entry("timestamp", Set.of()),
          Map.entry("ph", Set.of()),
          Map.entry("connectivity", Set.of()));

  private static final Set<String> KEYS =
      Set.of(
          "p",
          "uniq_id",
          "name",
          "state_topic",
          "value_template",
          "device_class",
          "unit_of_measurement",
          "state_class",
          "suggested_display_precision",
          "expire_after",
          "entity_category",
          "enabled_by_default",
          "payload_on",
          "payload_off");

  private final List<String> broken = new ArrayList<>();

  private Rules() {}

  /** The rules that a configuration breaks. */
  static List<String> broken(String topic, String payload) {
    Rules rules = new Rules();
    rules.check(topic.matches("[a-z0-9_-]+/device/" + ID + "/config"), "topic " + topic);
    JsonObject config = JsonParser.parseString(payload).getAsJsonObject();
    JsonObject device = config.getAsJsonObject("dev");
    String id = device.getAsJsonArray("ids").get(0).getAsString();
    rules.check(id.matches(ID), "an id of letters, digits, _ and - only: " + id);
    rules.check(topic.contains("/" + id + "/"), "the topic names the device");
    rules.check(config.getAsJsonObject("o").has("name"), "an origin has a name");
    rules.check(!config.has("~"), "no base topic is needed");
    for (JsonElement one : config.getAsJsonArray("availability")) {
      rules.topic(one.getAsJsonObject().get("topic").getAsString());
    }
    rules.check("all".equals(config.get("availability_mode").getAsString()), "all must be there");
    Set<String> unique = new HashSet<>();
    JsonObject components = config.getAsJsonObject("cmps");
    rules.check(!components.isEmpty(), "a device has components");
    for (Map.Entry<String, JsonElement> component : components.entrySet()) {
      rules.check(component.getKey().matches(ID), "component " + component.getKey());
      rules.component(component.getKey(), component.getValue().getAsJsonObject(), unique);
    }
    return rules.broken;
  }

  private void component(String key, JsonObject component, Set<String> unique) {
    String platform = text(component, "p");
    check(Set.of("sensor", "binary_sensor").contains(platform), key + " has a platform");
    if (component.size() == 1) {
      return; // removed
    }
    check(
        KEYS.containsAll(component.keySet()), key + " has only known keys: " + component.keySet());
    check(unique.add(text(component, "uniq_id")), key + " has a unique id of its own");
    check(text(component, "uniq_id").matches(ID), key + " has a clean unique id");
    topic(text(component, "state_topic"));
    check(!text(component, "value_template").contains("value_json.values"), "a method, no value");
    classes(key, platform, component);
    String category = text(component, "entity_category");
    check(Set.of("", "diagnostic").contains(category), key + " is no setting");
    check(
        !category.isEmpty() || component.has("expire_after"),
        key + " does not show its last value for ever");
    check(!component.has("expire_after") || component.get("expire_after").getAsInt() >= 30, key);
  }

  private void classes(String key, String platform, JsonObject component) {
    String deviceClass = text(component, "device_class");
    String unit = text(component, "unit_of_measurement");
    String stateClass = text(component, "state_class");
    if (!deviceClass.isEmpty()) {
      Set<String> units = UNITS.getOrDefault(deviceClass, Set.of("no such class"));
      check(units.isEmpty() ? unit.isEmpty() : units.contains(unit), key + " in " + unit);
    }
    boolean angle = stateClass.equals("measurement_angle");
    check(!angle || unit.equals("°"), key + " is an angle");
    check(Set.of("", "measurement", "measurement_angle").contains(stateClass), key + stateClass);
    check(stateClass.isEmpty() || platform.equals("sensor"), key + " is a number");
    check(!deviceClass.equals("timestamp") || stateClass.isEmpty(), key + " is a time");
  }

  private void topic(String topic) {
    check(topic.matches("[^+#\\s]+"), "a topic: " + topic);
  }

  private void check(boolean holds, String rule) {
    if (!holds) {
      broken.add(rule);
    }
  }

  private static String text(JsonObject of, String key) {
    return of.has(key) ? of.get(key).getAsString() : "";
  }
}
