package starling.gateway.homeassistant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.charter.Draft;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.model.Answer;
import starling.model.Delivery;
import starling.model.Page;

/** What somebody else makes of what we announce. */
class DiscoveryFlowTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4); // Node-RED starts slowly
  private static final String NODE = "/berlin/north/n7";
  private static final String TEMPERATURE = "climate_avg_temperature";

  @TempDir Path directory;
  private final long now = System.currentTimeMillis();
  private final Draft draft =
      new Draft("berlin", 1_000)
          .cell("/berlin/north", Page.Medium.ADDRESSED)
          .node(NODE, new byte[32], 1, EnumSet.of(Draft.Duty.UPLINK));

  @Test
  void aFlowInNodeRedShowsZonesAndNodesAndThatTheyComeAndGo() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        NodeRed flow = new NodeRed(broker, directory)) {
      try (Upstream upstream = upstream(broker)) {
        upstream.accept(new Delivery.InForce(draft.charter()));
        upstream.accept(answer(now, 21.4, true));
        upstream.accept(readings(3.7));
        upstream.accept(new Delivery.NodeState(NODE, Delivery.State.UP, now));
        await(flow, TEMPERATURE, "21.4", true);
        await(flow, "_battery", "3.7", true);
        await(flow, "climate_frost", "ON", true);
        await(flow, "gateway_gate_status", "online", true);
        JsonObject zone = flow.entity(TEMPERATURE).orElseThrow();
        assertEquals("Berlin north", zone.get("device").getAsString());
        assertEquals("°C", zone.get("unit").getAsString());

        upstream.accept(answer(now + 60_000, 19.8, false));
        await(flow, TEMPERATURE, "19.8", true);
        await(flow, "climate_frost", "OFF", true);
        upstream.accept(new Delivery.NodeState(NODE, Delivery.State.GONE, now));
        await(flow, "_battery", "3.7", false);

        draft.retire("/berlin/north");
        upstream.accept(new Delivery.InForce(draft.charter()));
        Eventually.until("the zone is gone", PATIENCE, () -> flow.isGone(TEMPERATURE));
      }
      await(flow, "gateway_gate_status", "offline", false);
    }
  }

  @Test
  void aBacklogDoesNotPlayThroughTheCharts() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        NodeRed flow = new NodeRed(broker, directory);
        Upstream upstream = upstream(broker)) {
      upstream.accept(new Delivery.InForce(draft.charter()));
      upstream.accept(answer(now - 3_600_000, 5.0, true));
      await(flow, TEMPERATURE, "unknown", true);
      await(flow, "climate_frost", "unknown", true);
      upstream.accept(answer(now, 21.4, false));
      await(flow, TEMPERATURE, "21.4", true);
      await(flow, "climate_frost", "OFF", true);
    }
  }

  private static void await(NodeRed flow, String entity, String state, boolean available) {
    Eventually.until(
        entity + " is " + state + " and " + (available ? "there" : "away"),
        PATIENCE,
        () ->
            flow.entity(entity)
                .filter(is -> is.has("state") && is.get("state").getAsString().equals(state))
                .filter(is -> is.get("available").getAsBoolean() == available)
                .isPresent());
  }

  private static Upstream upstream(Mosquitto broker) throws Exception {
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                broker.uri(),
                Optional.empty(),
                "berlin",
                "gate",
                "0.1.0",
                Upstream.Keeping.IN_MEMORY,
                Optional.of("homeassistant")),
            InstantSource.system());
    upstream.open();
    Eventually.until("up", upstream::isUp);
    return upstream;
  }

  private static Delivery.Result answer(long end, double average, boolean frost) {
    return new Delivery.Result(
        "/berlin/north",
        "climate",
        end - 60_000,
        end,
        new TreeMap<>(Map.of("avg_temperature", average)),
        new TreeMap<>(Map.of("frost", new Answer.Truth(frost))),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        6,
        6,
        0,
        6,
        0);
  }

  private Delivery.Latest readings(double battery) {
    return new Delivery.Latest(
        NODE,
        now,
        new TreeMap<>(Map.of("battery", battery)),
        new TreeMap<>(Map.of("battery", "V")));
  }
}
