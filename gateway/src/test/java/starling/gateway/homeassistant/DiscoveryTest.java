package starling.gateway.homeassistant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import starling.charter.Draft;
import starling.model.Answer;
import starling.model.Delivery;
import starling.model.Page;

class DiscoveryTest {
  private static final String STATUS = "starling/berlin/gateway/gw1/status";
  private static final String ANSWER = "starling/berlin/zone/north/climate";
  private static final List<String> NODE =
      List.of("starling/berlin/node/north/n7/latest", "…/status", "…/health").stream()
          .map(topic -> topic.replace("…", "starling/berlin/node/north/n7"))
          .toList();

  private final Discovery discovery =
      new Discovery(new Discovery.Settings("homeassistant", "berlin", "gw1", "0.1.0"), STATUS);
  private final Draft draft =
      new Draft("berlin", 1_000)
          .cell("/berlin/north", Page.Medium.ADDRESSED)
          .node("/berlin/north/n7", new byte[32], 1, EnumSet.of(Draft.Duty.UPLINK));

  @Test
  void everythingThatIsAnnouncedKeepsTheRules() {
    discovery.inForce(draft.charter());
    List<Discovery.Config> all =
        List.of(
            discovery.gateway(),
            discovery.answer(result("/berlin/north"), ANSWER).orElseThrow(),
            discovery.answer(result("/berlin"), "starling/berlin/zone/climate").orElseThrow(),
            discovery.latest(latest(), NODE, 60_000).orElseThrow());
    for (Discovery.Config config : all) {
      assertEquals(List.of(), Rules.broken(config.topic(), text(config)), text(config));
    }
  }

  @Test
  void aZoneIsADeviceAndEachNumberItsEntity() {
    discovery.inForce(draft.charter());
    JsonObject config = json(discovery.answer(result("/berlin/north"), ANSWER).orElseThrow());
    JsonObject device = config.getAsJsonObject("dev");
    assertEquals("Berlin north", device.get("name").getAsString());
    assertEquals("Zone", device.get("mdl").getAsString());
    assertTrue(device.get("via_device").getAsString().matches("starling_berlin_z\\d+"));
    JsonObject entity =
        config.getAsJsonObject("cmps").getAsJsonObject("climate_avg_air_temperature");
    assertEquals("temperature", entity.get("device_class").getAsString());
    assertEquals("°C", entity.get("unit_of_measurement").getAsString());
    assertEquals(ANSWER, entity.get("state_topic").getAsString());
    assertEquals(4 * 60 + 30, entity.get("expire_after").getAsLong());
    assertEquals("K", unit(config, "climate_stddev_air_temperature"), "a difference is none");
    assertEquals("", unit(config, "climate_count"));
    assertEquals(
        "binary_sensor",
        config.getAsJsonObject("cmps").getAsJsonObject("climate_frost").get("p").getAsString());
    assertFalse(config.getAsJsonObject("cmps").has("climate_top"), "a ranking is no state");
  }

  @Test
  void aNodeIsAvailableWhileItAndTheGatewayAre() {
    discovery.inForce(draft.charter());
    JsonObject config = json(discovery.latest(latest(), NODE, 60_000).orElseThrow());
    assertEquals("all", config.get("availability_mode").getAsString());
    assertEquals(
        "[{\"topic\":\"" + STATUS + "\"},{\"topic\":\"" + NODE.get(1) + "\"}]",
        config.get("availability").toString());
    JsonObject signal = config.getAsJsonObject("cmps").getAsJsonObject("signal");
    assertEquals("diagnostic", signal.get("entity_category").getAsString());
    assertFalse(signal.get("enabled_by_default").getAsBoolean());
  }

  @Test
  void nothingIsSaidTwiceOrBeforeTheCharterSaysWhoItIs() {
    assertEquals(Optional.empty(), discovery.answer(result("/berlin/north"), ANSWER));
    discovery.inForce(draft.charter());
    assertTrue(discovery.answer(result("/berlin/north"), ANSWER).isPresent());
    assertEquals(Optional.empty(), discovery.answer(result("/berlin/north"), ANSWER));
  }

  @Test
  void aRenamedZoneIsTheSameDeviceAndARetiredOneIsGone() {
    discovery.inForce(draft.charter());
    String topic = discovery.answer(result("/berlin/north"), ANSWER).orElseThrow().topic();
    draft.rename("/berlin/north", "south");
    assertEquals(0, gone(discovery.inForce(draft.charter())));
    Discovery.Config renamed =
        discovery.answer(result("/berlin/south"), ANSWER.replace("north", "south")).orElseThrow();
    assertEquals(topic, renamed.topic());
    assertTrue(text(renamed).contains("\"name\":\"Berlin south\""));
    draft.retire("/berlin/south");
    List<Discovery.Config> changed = discovery.inForce(draft.charter());
    assertEquals(List.of(topic), changed.stream().map(Discovery.Config::topic).toList());
    assertEquals(1, gone(changed));
  }

  @Test
  void entitiesOfAQueryThatIsAskedNoMoreAreReducedToTheirPlatformAndThenLeftOut() {
    discovery.inForce(draft.charter());
    discovery.answer(result("/berlin/north"), ANSWER);
    List<Discovery.Config> changed = discovery.inForce(draft.charter());
    JsonObject entity =
        json(changed.getFirst()).getAsJsonObject("cmps").getAsJsonObject("climate_count");
    assertEquals("{\"p\":\"sensor\"}", entity.toString());
    assertEquals(List.of(), Rules.broken(changed.getFirst().topic(), text(changed.getFirst())));
    discovery.inForce(draft.charter());
    assertTrue(discovery.answer(result("/berlin/north"), ANSWER).isPresent(), "it may come again");
  }

  private static long gone(List<Discovery.Config> changed) {
    return changed.stream().filter(config -> config.payload().length == 0).count();
  }

  private static String unit(JsonObject config, String key) {
    JsonObject entity = config.getAsJsonObject("cmps").getAsJsonObject(key);
    return entity.has("unit_of_measurement") ? entity.get("unit_of_measurement").getAsString() : "";
  }

  private static Delivery.Result result(String zone) {
    Map<String, Double> values =
        Map.of(
            "avg_air_temperature",
            21.4,
            "stddev_air_temperature",
            0.5,
            "count",
            6.0,
            "avg_humidity",
            51.0,
            "avg_wind_direction",
            270.0,
            "min_battery",
            3.7,
            "max_co2",
            420.0,
            "p95_pm25",
            3.0,
            "odd",
            1.0);
    Map<String, String> units =
        Map.of(
            "avg_air_temperature",
            "Cel",
            "stddev_air_temperature",
            "Cel",
            "count",
            "1",
            "avg_humidity",
            "%",
            "avg_wind_direction",
            "deg",
            "min_battery",
            "V",
            "max_co2",
            "[ppm]",
            "p95_pm25",
            "ug/m3",
            "odd",
            "furlong");
    Map<String, Answer> others =
        Map.of("frost", new Answer.Truth(false), "top", new Answer.Ranking(List.of()));
    return new Delivery.Result(
        zone,
        "climate",
        0,
        60_000,
        new TreeMap<>(values),
        new TreeMap<>(others),
        new TreeMap<>(units),
        6,
        6,
        0,
        6,
        0);
  }

  private static Delivery.Latest latest() {
    return new Delivery.Latest(
        "/berlin/north/n7",
        60_000,
        new TreeMap<>(Map.of("air_temperature", 21.0, "battery", 88.0)),
        new TreeMap<>(Map.of("air_temperature", "Cel", "battery", "%")));
  }

  private static String text(Discovery.Config config) {
    return new String(config.payload(), UTF_8);
  }

  private static JsonObject json(Discovery.Config config) {
    return JsonParser.parseString(text(config)).getAsJsonObject();
  }
}
