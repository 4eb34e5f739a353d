package starling.gateway.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import starling.model.Delivery;

/**
 * The newest of what a node tells, for as long as it is fresh: a zone's values vanish when no
 * window has come for {@value #STALE_WINDOWS} of its length, a node's when it is gone. Nothing
 * shows its last value for ever.
 */
public final class Gauges implements Consumer<Delivery> {
  private static final int STALE_WINDOWS = 5;

  /** Of more zones and queries, or nodes, the oldest are not shown. */
  private static final int SHOWN_MAX = 2048;

  private static final Pattern RESERVED = Pattern.compile("(^|_)(count|sum|bucket|total|info)$");

  private record Answer(Delivery.Result result, long sinceNanos) {}

  private final Map<String, Answer> answers = bounded();
  private final Map<String, Delivery.Health> nodes = bounded();

  private static <T> Map<String, T> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > SHOWN_MAX;
      }
    };
  }

  @Override
  public synchronized void accept(Delivery delivery) {
    accept(delivery, System.nanoTime());
  }

  synchronized void accept(Delivery delivery, long nowNanos) {
    switch (delivery) {
      case Delivery.Result result -> {
        String key = result.zone() + " " + result.query();
        Answer held = answers.get(key);
        if (held == null || held.result.endMillis() <= result.endMillis()) {
          answers.put(key, new Answer(result, nowNanos));
        }
      }
      case Delivery.Health health -> nodes.put(health.node(), health);
      case Delivery.InForce(var charter) -> {
        answers.values().removeIf(answer -> charter.excludes(answer.result.zone()));
        nodes.keySet().removeIf(charter::excludes);
      }
      default -> {}
    }
  }

  /** Adds all that is fresh. */
  synchronized void show(Exposition metrics, long nowNanos) {
    for (Answer answer : answers.values()) {
      Delivery.Result result = answer.result;
      var zone = Exposition.labels("zone", result.zone(), "query", result.query());
      metrics.gauge(
          "starling_zone_window_end_timestamp_seconds",
          "End of the newest window.",
          zone,
          result.endMillis() / 1000.0);
      long lengthMillis = result.endMillis() - result.startMillis();
      if ((nowNanos - answer.sinceNanos) / 1_000_000 <= STALE_WINDOWS * lengthMillis) {
        answer(metrics, result, zone);
      }
    }
    nodes.values().forEach(node -> node(metrics, node));
  }

  private static void answer(
      Exposition metrics, Delivery.Result result, Map<String, String> labels) {
    metrics.gauge(
        "starling_zone_reported_nodes", "Nodes in the newest window.", labels, result.reported());
    metrics.gauge(
        "starling_zone_expected_nodes", "Nodes on the roster.", labels, result.expected());
    result
        .values()
        .forEach((column, value) -> {
          if (Double.isFinite(value)) {
            Unit unit = Unit.of(result.units().getOrDefault(column, "1"));
            metrics.gauge(
                "starling_zone_" + name(column) + unit.suffix(),
                "A column of a zone's answer for the newest window.",
                labels,
                value * unit.factor());
          }
        });
  }

  /** Endings such as {@code _count} are for counters and histograms. */
  private static String name(String column) {
    String name = column.replace('-', '_');
    return RESERVED.matcher(name).find() ? name + "_value" : name;
  }

  private static void node(Exposition metrics, Delivery.Health health) {
    var node = Exposition.labels("node", health.node());
    boolean there = health.state() != Delivery.State.GONE;
    metrics.gauge("starling_node_up", "Whether its neighbours hear it.", node, there ? 1 : 0);
    health
        .hearing()
        .ifPresent(hearing -> {
          metrics.gauge(
              "starling_node_last_seen_timestamp_seconds",
              "When it was heard last.",
              node,
              (health.atMillis() - hearing.agoMillis()) / 1000.0);
          if (there) {
            hearing(metrics, node, hearing);
          }
        });
    health.self().ifPresent(self -> self(metrics, node, self));
  }

  private static void hearing(
      Exposition metrics, Map<String, String> node, Delivery.Hearing hearing) {
    hearing
        .loss()
        .ifPresent(loss ->
            metrics.gauge("starling_node_loss_ratio", "Frames lost on the way.", node, loss));
    hearing
        .signal()
        .flatMap(signal -> signal.rssiDbm().stream().boxed().findFirst())
        .ifPresent(rssi ->
            metrics.gauge("starling_node_rssi_dbm", "Strength of its last frame.", node, rssi));
  }

  private static void self(Exposition metrics, Map<String, String> node, Delivery.Vitals self) {
    metrics.gauge(
        "starling_node_clock_uncertainty_seconds",
        "How far off its network time may be.",
        node,
        self.clockUncertaintyMicros() / 1e6);
    for (Delivery.LinkVitals link : self.links()) {
      var labels = Exposition.labels("node", node.getOrDefault("node", ""), "link", link.name());
      metrics.gauge("starling_link_up", "Whether it can be used.", labels, link.up() ? 1 : 0);
      metrics.gauge(
          "starling_link_airtime_ratio", "Own airtime, last minute.", labels, link.used());
      metrics.gauge(
          "starling_link_airtime_budget_ratio", "What it may take.", labels, link.budget());
    }
  }
}
