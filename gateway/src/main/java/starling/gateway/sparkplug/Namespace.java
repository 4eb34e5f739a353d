package starling.gateway.sparkplug;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import starling.gateway.history.Point;

/**
 * Every metric that was ever told, with its newest value: what births say. Zones' answers are the
 * edge node's own metrics, {@code Summary/60s/north/climate/avg_temperature}; a node is a device,
 * {@code north.n7}, with its channels.
 */
final class Namespace {
  /** Of the edge node or one device; further ones are left out. */
  static final int METRICS_MAX = 4096;

  static final int DEVICES_MAX = 1024;

  /** A device, and whether it is there. */
  static final class Device {
    private final String path;
    private final SortedMap<String, Metric> metrics = new TreeMap<>();
    private boolean online = true;
    private boolean due = true;

    private Device(String path) {
      this.path = path;
    }

    /** A node's. */
    String path() {
      return path;
    }

    /** Whether it has a metric that no birth has had. */
    boolean isDue() {
      return due && online;
    }

    void born() {
      due = false;
    }

    boolean isOnline() {
      return online;
    }

    List<Metric> metrics() {
      return List.copyOf(metrics.values());
    }
  }

  private final String site;
  private final SortedMap<String, Metric> own = new TreeMap<>();
  private final Map<String, String> zones = new TreeMap<>(); // paths by own metric's name
  private final NavigableMap<String, Device> devices = new TreeMap<>();
  private boolean due;

  Namespace(String site) {
    this.site = site;
  }

  List<Metric> own() {
    return List.copyOf(own.values());
  }

  /** By id. */
  SortedMap<String, Device> devices() {
    return new TreeMap<>(devices);
  }

  /** The device of a node, if it is known. */
  Optional<Device> device(String path) {
    return Optional.ofNullable(devices.get(id(path)));
  }

  /** A device's id, which is a topic level. */
  String id(String path) {
    return below(path).replace('/', '.');
  }

  /** The metrics of a point. */
  List<Metric> metrics(Point point) {
    List<Metric> metrics = new ArrayList<>();
    point
        .values()
        .forEach((name, value) ->
            metrics.add(
                Metric.of(
                    prefix(point) + name,
                    point.endMillis(),
                    value,
                    point.units().getOrDefault(name, "1"))));
    return metrics;
  }

  private String prefix(Point point) {
    if (!point.source().isZone()) {
      return "";
    }
    String zone = below(point.source().path());
    String window = point.spanMillis() / 1000 + "s";
    return "Summary/"
        + window
        + "/"
        + (zone.isEmpty() ? "" : zone + "/")
        + point.source().query()
        + "/";
  }

  /** Takes the newest values. */
  void take(Point point) {
    if (point.source().isZone()) {
      boolean more = take(point, own);
      due |= more;
      if (more) {
        metrics(point).forEach(metric -> zones.put(metric.name(), point.source().path()));
      }
      return;
    }
    String id = id(point.source().path());
    if (devices.containsKey(id) || devices.size() < DEVICES_MAX) {
      Device device = devices.computeIfAbsent(id, _ -> new Device(point.source().path()));
      device.due |= take(point, device.metrics);
    }
  }

  /** Whether there are metrics in it that were not known. */
  private boolean take(Point point, SortedMap<String, Metric> known) {
    boolean more = false;
    for (Metric metric : metrics(point)) {
      Metric before = known.get(metric.name());
      if (before == null ? known.size() < METRICS_MAX : before.atMillis() <= metric.atMillis()) {
        known.put(metric.name(), metric);
        more |= before == null;
      }
    }
    return more;
  }

  /** Whether the edge node has a metric that no birth has had. */
  boolean isDue() {
    return due;
  }

  void born() {
    due = false;
  }

  /** A node is there, or not; tells whether that is news of a known device. */
  boolean online(String path, boolean online) {
    Device device = devices.get(id(path));
    if (device == null || device.online == online) {
      return false;
    }
    device.online = online;
    return true;
  }

  /** Forgets metrics of zones that are gone; whether there were any. */
  boolean forgetZones(Predicate<String> gone) {
    boolean any = zones.values().stream().anyMatch(gone);
    zones
        .entrySet()
        .removeIf(zone -> {
          if (gone.test(zone.getValue())) {
            own.remove(zone.getKey());
            return true;
          }
          return false;
        });
    return any;
  }

  /** Forgets devices of nodes that are gone; their ids. */
  List<String> forgetDevices(Predicate<String> gone) {
    List<String> ids =
        devices.entrySet().stream()
            .filter(device -> gone.test(device.getValue().path))
            .map(Map.Entry::getKey)
            .toList();
    ids.forEach(devices::remove);
    return ids;
  }

  /** What follows the site in a path, without a slash at its ends. */
  private String below(String path) {
    String root = "/" + site;
    return path.startsWith(root + "/") ? path.substring(root.length() + 1) : "";
  }
}
