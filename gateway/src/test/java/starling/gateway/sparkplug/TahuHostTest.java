package starling.gateway.sparkplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.tahu.host.HostApplication;
import org.eclipse.tahu.host.api.MultiHostApplicationEventHandler;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.model.Metric;
import org.eclipse.tahu.model.MqttServerDefinition;
import org.eclipse.tahu.mqtt.MqttClientId;
import org.eclipse.tahu.mqtt.MqttServerName;
import org.eclipse.tahu.mqtt.MqttServerUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.History;
import starling.gateway.sink.Outlet;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.model.Delivery;

/** Eclipse Tahu's host, which follows sequences and asks for a rebirth when it misses one. */
class TahuHostTest {
  private static final String COLUMN = "Summary/60s/north/climate/avg_temperature";

  @TempDir Path directory;

  /** What the host tells: the event's name, of whom, and a metric if it is about one. */
  private record Heard(String event, String of, String metric, Object value, boolean historical) {}

  private final List<Heard> heard = new CopyOnWriteArrayList<>();

  @Test
  void aHostSeesNodesAndZonesComeAndGo() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        History history = history()) {
      EdgeNode edge =
          EdgeNode.open(
              new EdgeNode.Settings(
                  Brokers.at(broker.uri(), Optional.empty()),
                  "berlin",
                  "gate",
                  Optional.of("scada"),
                  directory.resolve("sparkplug.bdseq")),
              InstantSource.system());
      HostApplication host = host(broker);
      try (Outlet _ = Outlet.start(history.file(), edge, _ -> {})) {
        for (int window = -5; window <= 0; window++) {
          Delivery answer = EdgeNodeTest.answer(window, 20 + window);
          history.accept(answer);
          edge.accept(answer);
        }
        Delivery readings =
            new Delivery.Latest(
                "/berlin/north/n1",
                System.currentTimeMillis(),
                new TreeMap<>(Map.of("battery", 3.7)),
                new TreeMap<>(Map.of("battery", "V")));
        history.accept(readings);
        edge.accept(readings);
        host.start(true);
        Eventually.until("the zone's newest answer", () -> has(COLUMN, 20.0, false));
        Eventually.until("an older one as history", () -> has(COLUMN, 15.0, true));
        Eventually.until("a node's reading", () -> has("battery", 3.7, false));
        edge.accept(new Delivery.NodeState("/berlin/north/n1", Delivery.State.GONE, 1));
        Eventually.until("the node is gone", () -> said("onDeviceDeathComplete", "north.n1"));
        assertEquals(
            1,
            heard.stream().filter(h -> h.event.equals("onNodeBirthComplete")).count(),
            "it had no reason to ask for a rebirth");
      }
      Eventually.until("the gateway is gone", () -> said("onNodeDeathComplete", "berlin/gate"));
      assertTrue(heard.stream().anyMatch(h -> h.event.equals("onStale")), "values are stale then");
      host.shutdown();
    }
  }

  private HostApplication host(Mosquitto broker) throws Exception {
    MultiHostApplicationEventHandler handler =
        (MultiHostApplicationEventHandler)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MultiHostApplicationEventHandler.class},
                (_, method, words) -> {
                  if (words.length > 1) {
                    Optional<Metric> metric =
                        words.length > 2 && words[2] instanceof Metric one
                            ? Optional.of(one)
                            : Optional.empty();
                    heard.add(
                        new Heard(
                            method.getName(),
                            words[1].toString(),
                            metric.map(Metric::getName).orElse(""),
                            metric.map(Metric::getValue).orElse(""),
                            metric.map(m -> m.getIsHistorical()).orElse(false)));
                  }
                  return null;
                });
    MqttServerDefinition server =
        new MqttServerDefinition(
            new MqttServerName("field"),
            new MqttClientId("tahu", false),
            new MqttServerUrl("tcp://127.0.0.1:" + broker.port()),
            null,
            null,
            30,
            null);
    return new HostApplication(
        handler,
        "scada",
        List.of("spBv1.0/berlin/#"),
        List.of(server),
        null,
        new SparkplugBPayloadDecoder(),
        true);
  }

  private boolean has(String metric, double value, boolean historical) {
    return heard.stream()
        .anyMatch(
            h -> h.metric.equals(metric) && h.value.equals(value) && h.historical == historical);
  }

  private boolean said(String event, String of) {
    return heard.stream().anyMatch(h -> h.event.equals(event) && h.of.contains(of));
  }

  private History history() throws IOException {
    return History.open(
        new History.Settings(
            directory.resolve("history.db"), 16 << 20, 7, 90, List.of(EdgeNode.NAME)),
        _ -> {});
  }
}
