package starling.gateway.homeassistant;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import starling.model.Answer;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Names;
import starling.model.Page;

/**
 * Device discovery for Home Assistant: each zone, each node of the own cell and the gateway itself
 * is a device with a retained configuration at {@code <prefix>/device/<id>/config}. Entities are
 * derived from what is really published, so that none is there that never has a value.
 *
 * <p>Late windows come on the same topics as live ones. Home Assistant does not take the past, so
 * templates leave a state as it is when a payload is older than {@value #LATE_SECONDS} s.
 */
public final class Discovery {
  private static final int LATE_SECONDS = 900;

  /** An entity is unavailable after so many windows without a message, and half a minute. */
  private static final int EXPIRE_WINDOWS = 4;

  private static final int EXPIRE_SECONDS = 30;

  /** Devices that a gateway announces; more are left out. */
  static final int DEVICES_MAX = 1024;

  /**
   * Where and as whom.
   *
   * @param prefix of all topics; {@code homeassistant} unless Home Assistant was told otherwise
   * @param gateway this gateway's name
   * @param version the program's
   */
  public record Settings(String prefix, String site, String gateway, String version) {
    public Settings {
      Names.check(prefix);
    }
  }

  /**
   * What is to be retained.
   *
   * @param topic where
   * @param payload empty if the device is gone
   * @param path of the zone or node; empty for the gateway
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  public record Config(String topic, byte[] payload, String path) {}

  /** What a number was before, or unknown. */
  private static final String NUMBER_BEFORE = "this.state if is_number(this.state) else none";

  /** The same of a truth, in the words of its payloads. */
  private static final String TRUTH_BEFORE =
      "'ON' if this.state == 'on' else ('OFF' if this.state == 'off' else none)";

  private final Settings settings;
  private final String gatewayStatus;
  private final Identities identities;
  private final Map<String, Device> devices = new HashMap<>(); // by path
  private final Map<String, String> paths = new HashMap<>(); // by topic

  /**
   * Nothing announced yet.
   *
   * @param gatewayStatus the topic at which this gateway is online or offline
   */
  public Discovery(Settings settings, String gatewayStatus) {
    this.settings = settings;
    this.gatewayStatus = gatewayStatus;
    this.identities = new Identities(settings.site());
  }

  /** Where Home Assistant says that it has started. */
  public String birthTopic() {
    return settings.prefix() + "/status";
  }

  /** Whether this is the topic of a configuration. */
  public boolean isConfig(String topic) {
    return topic.startsWith(settings.prefix() + "/device/");
  }

  /** A device that was announced in an earlier life, and where it was. */
  public void restore(String topic, String path) {
    paths.put(topic, path);
  }

  /** The topics of all zones and nodes that were announced. */
  public Set<String> topics() {
    return Set.copyOf(paths.keySet());
  }

  /** Where the zone or node of a topic is. */
  public String path(String topic) {
    return paths.getOrDefault(topic, "/");
  }

  /** The gateway itself. */
  public Config gateway() {
    JsonObject described = described(gatewayId(), "Gateway " + settings.gateway(), "Gateway");
    Device device = new Device(gatewayId(), described, origin(), List.of(gatewayStatus));
    JsonObject status = new JsonObject();
    status.addProperty("p", "binary_sensor");
    status.addProperty("name", "Connection");
    status.addProperty("device_class", "connectivity");
    status.addProperty("entity_category", "diagnostic");
    status.addProperty("state_topic", gatewayStatus);
    status.addProperty("payload_on", "online");
    status.addProperty("payload_off", "offline");
    device.add("status", status);
    return config(device, "");
  }

  /**
   * A zone's answer that has been published.
   *
   * @param topic where
   * @return the zone's configuration, if it has changed
   */
  public Optional<Config> answer(Delivery.Result result, String topic) {
    Optional<Device> known = device(result.zone(), "Zone", List.of(gatewayStatus));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Device device = known.get();
    boolean news = false;
    String query = result.query();
    long expire =
        (result.endMillis() - result.startMillis()) * EXPIRE_WINDOWS / 1000 + EXPIRE_SECONDS;
    for (String column : result.values().keySet()) {
      String unit = result.units().getOrDefault(column, "1");
      news |= number(device, query + "_" + column, query, column, unit, topic, expire);
    }
    for (Map.Entry<String, Answer> other : result.others().entrySet()) {
      if (other.getValue() instanceof Answer.Truth) {
        news |= truth(device, query, other.getKey(), topic, expire);
      }
    }
    news |= coverage(device, query, topic, expire);
    return news ? Optional.of(config(device, result.zone())) : Optional.empty();
  }

  /**
   * A node's newest readings.
   *
   * @param topics where they, its status and its health are, in this order
   * @return the node's configuration, if it has changed
   */
  public Optional<Config> latest(Delivery.Latest latest, List<String> topics, long windowMillis) {
    Optional<Device> known = device(latest.node(), "Node", List.of(gatewayStatus, topics.get(1)));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Device device = known.get();
    boolean news = false;
    long expire = windowMillis * EXPIRE_WINDOWS / 1000 + EXPIRE_SECONDS;
    for (String channel : latest.values().keySet()) {
      String unit = latest.units().getOrDefault(channel, "1");
      news |= number(device, channel, "", channel, unit, topics.getFirst(), expire);
    }
    if (news && !device.has("seen")) {
      device.add("seen", seen(topics.getFirst()));
      device.add("signal", signal(topics.get(2)));
    }
    return news ? Optional.of(config(device, latest.node())) : Optional.empty();
  }

  /** The charter has changed: what has to be retained instead. */
  public List<Config> inForce(Charter charter) {
    identities.inForce(charter);
    List<Config> changed = new ArrayList<>();
    for (Map.Entry<String, String> known : Map.copyOf(paths).entrySet()) {
      String id = id(known.getKey());
      if (charter.excludes(known.getValue()) && identities.path(id).isEmpty()) {
        paths.remove(known.getKey());
        devices.remove(known.getValue());
        changed.add(new Config(known.getKey(), new byte[0], known.getValue()));
      }
    }
    devices
        .entrySet()
        .removeIf(
            device -> !identities.of(device.getKey()).equals(Optional.of(device.getValue().id())));
    changed.addAll(withoutQueries(charter));
    return changed;
  }

  /** Entities of queries that are asked no more are removed. */
  private List<Config> withoutQueries(Charter charter) {
    List<Config> changed = new ArrayList<>();
    Optional<Page.Site> site = charter.site();
    if (site.isEmpty()) {
      return changed;
    }
    Set<String> asked =
        site.get().queries().stream().map(query -> query.name() + "_").collect(Collectors.toSet());
    devices.forEach((path, device) -> {
      if (device.has("seen")) {
        return; // a node has no answers
      }
      device.sweep();
      List<String> gone =
          device.keys().stream().filter(key -> asked.stream().noneMatch(key::startsWith)).toList();
      gone.forEach(device::remove);
      if (!gone.isEmpty()) {
        changed.add(config(device, path));
      }
    });
    return changed;
  }

  private Optional<Device> device(String path, String model, List<String> availability) {
    Device known = devices.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<String> id = identities.of(path);
    if (id.isEmpty() || devices.size() >= DEVICES_MAX) {
      return Optional.empty();
    }
    int last = path.lastIndexOf('/');
    JsonObject described = described(id.get(), words(path.substring(1).replace("/", " ")), model);
    String above = path.substring(0, last);
    described.addProperty("via_device", identities.of(above).orElse(gatewayId()));
    if (!above.isEmpty()) {
      described.addProperty("sa", words(above.substring(above.lastIndexOf('/') + 1)));
    }
    Device device = new Device(id.get(), described, origin(), availability);
    devices.put(path, device);
    return Optional.of(device);
  }

  private boolean number(
      Device device,
      String key,
      String query,
      String column,
      String unit,
      String topic,
      long expireSeconds) {
    if (device.has(key)) {
      return false;
    }
    JsonObject sensor = component("sensor", words(query + " " + column), topic, expireSeconds);
    Quantity.of(column, unit).describe(sensor);
    sensor.addProperty("value_template", live("value_json['values'].get('" + column + "')"));
    device.add(key, sensor);
    return true;
  }

  private boolean truth(
      Device device, String query, String column, String topic, long expireSeconds) {
    String key = query + "_" + column;
    if (device.has(key)) {
      return false;
    }
    JsonObject sensor =
        component("binary_sensor", words(query + " " + column), topic, expireSeconds);
    String value =
        "'ON' if value_json['values'].get('%1$s') else ('OFF' if '%1$s' in value_json['values'] else none)"
            .formatted(column);
    sensor.addProperty("value_template", live(value, TRUTH_BEFORE));
    device.add(key, sensor);
    return true;
  }

  private boolean coverage(Device device, String query, String topic, long expireSeconds) {
    String key = query + "__coverage";
    if (device.has(key)) {
      return false;
    }
    JsonObject sensor = component("sensor", words(query + " coverage"), topic, expireSeconds);
    new Quantity("", "%", "measurement", 0).describe(sensor);
    sensor.addProperty("entity_category", "diagnostic");
    sensor.addProperty(
        "value_template",
        live(
            "(100 * value_json.coverage.reported / value_json.coverage.expected)"
                + " if value_json.coverage.expected else none"));
    device.add(key, sensor);
    return true;
  }

  private static JsonObject seen(String topic) {
    JsonObject sensor = new JsonObject();
    sensor.addProperty("p", "sensor");
    sensor.addProperty("name", "Last reading");
    sensor.addProperty("state_topic", topic);
    sensor.addProperty("device_class", "timestamp");
    sensor.addProperty("entity_category", "diagnostic");
    sensor.addProperty("value_template", "{{ value_json.time }}");
    return sensor;
  }

  private static JsonObject signal(String topic) {
    JsonObject sensor = new JsonObject();
    sensor.addProperty("p", "sensor");
    sensor.addProperty("name", "Signal");
    sensor.addProperty("state_topic", topic);
    new Quantity("signal_strength", "dBm", "measurement", 0).describe(sensor);
    sensor.addProperty("entity_category", "diagnostic");
    sensor.addProperty("enabled_by_default", false);
    sensor.addProperty(
        "value_template", "{{ value_json.get('heard', {}).get('signal', {}).get('rssi_dbm') }}");
    return sensor;
  }

  private static JsonObject component(
      String platform, String name, String topic, long expireSeconds) {
    JsonObject component = new JsonObject();
    component.addProperty("p", platform);
    component.addProperty("name", name);
    component.addProperty("state_topic", topic);
    component.addProperty("expire_after", expireSeconds);
    return component;
  }

  private static String live(String value) {
    return live(value, NUMBER_BEFORE);
  }

  /**
   * A template that takes no notice of the past. {@code value_json.values} would be a dictionary's
   * method, hence the brackets elsewhere.
   */
  private static String live(String value, String before) {
    return "{{ ("
        + value
        + ") if value_json.ts > (as_timestamp(now()) - "
        + LATE_SECONDS
        + ") * 1000 else ("
        + before
        + ") }}";
  }

  private Config config(Device device, String path) {
    String topic = settings.prefix() + "/device/" + device.id() + "/config";
    if (!path.isEmpty()) {
      paths.put(topic, path);
    }
    return new Config(topic, device.config(), path);
  }

  private static String id(String topic) {
    String[] levels = topic.split("/", 4);
    return levels.length == 4 ? levels[2] : "";
  }

  private String gatewayId() {
    return "starling_" + settings.site() + "_gateway_" + settings.gateway();
  }

  private JsonObject described(String id, String name, String model) {
    JsonObject described = new JsonObject();
    JsonArray ids = new JsonArray();
    ids.add(id);
    described.add("ids", ids);
    described.addProperty("name", name);
    described.addProperty("mf", "Starling");
    described.addProperty("mdl", model);
    return described;
  }

  private JsonObject origin() {
    JsonObject origin = new JsonObject();
    origin.addProperty("name", "starling-gateway");
    origin.addProperty("sw", settings.version());
    return origin;
  }

  private static String words(String name) {
    String words = name.replace('_', ' ').strip();
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
