package starling.gateway.homeassistant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One device's configuration as it grows: its components by a key that never changes. */
final class Device {
  /** Components of a device; more are left out. */
  static final int COMPONENTS_MAX = 128;

  private final String id;
  private final JsonObject described;
  private final JsonObject origin;
  private final List<String> availability;
  private final Map<String, JsonObject> components = new TreeMap<>();

  /**
   * A device without components.
   *
   * @param id its identity
   * @param described the payload's {@code dev}
   * @param origin the payload's {@code o}
   * @param availability topics that all have to say {@code online}
   */
  Device(String id, JsonObject described, JsonObject origin, List<String> availability) {
    this.id = id;
    this.described = described;
    this.origin = origin;
    this.availability = availability;
  }

  String id() {
    return id;
  }

  boolean has(String key) {
    return components.containsKey(key);
  }

  boolean isEmpty() {
    return components.isEmpty();
  }

  /** Adds a component; its {@code unique_id} follows from the key. */
  void add(String key, JsonObject component) {
    if (components.size() < COMPONENTS_MAX) {
      component.addProperty("uniq_id", id + "_" + key);
      components.put(key, component);
    }
  }

  /** Takes a component away: what is left of it tells Home Assistant to remove it. */
  void remove(String key) {
    JsonObject was = components.get(key);
    if (was != null) {
      JsonObject removed = new JsonObject();
      removed.add("p", was.get("p"));
      components.put(key, removed);
    }
  }

  /** The keys of all components. */
  List<String> keys() {
    return List.copyOf(components.keySet());
  }

  /** Forgets those that Home Assistant has been told to remove. */
  void sweep() {
    components.values().removeIf(component -> component.size() == 1);
  }

  /** The payload. */
  byte[] config() {
    JsonObject config = new JsonObject();
    config.add("dev", described);
    config.add("o", origin);
    config.addProperty("qos", 1);
    JsonArray topics = new JsonArray();
    for (String topic : availability) {
      JsonObject one = new JsonObject();
      one.addProperty("topic", topic);
      topics.add(one);
    }
    config.add("availability", topics);
    config.addProperty("availability_mode", "all");
    JsonObject all = new JsonObject();
    components.forEach(all::add);
    config.add("cmps", all);
    return config.toString().getBytes(UTF_8);
  }
}
