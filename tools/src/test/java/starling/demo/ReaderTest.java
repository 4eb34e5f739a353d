package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderTest {
  private static final long END = 1_750_000_000_000L;
  private static final String TOPIC = "starling/berlin/zone/north/climate";

  private final Reader reader = new Reader("berlin");

  @Test
  void aZonesResultIsReadAsItWasPublished() {
    Map<String, Double> values = Map.of("avg_air_temperature", 18.25, "count", 5.0);
    Heard.Aggregate expected = Published.aggregate("/berlin/north", END, 5, values);
    assertEquals(expected, read(TOPIC, expected.payload().toString()));
  }

  @Test
  void theRootZonesResultHasNoPathInItsTopic() {
    JsonObject payload = Published.payload("/berlin", END, 23, Map.of());
    Heard heard = read("starling/berlin/zone/climate", payload.toString());
    assertEquals("/berlin", assertInstanceOf(Heard.Aggregate.class, heard).zone());
  }

  @Test
  void aResultOnAnotherZonesTopicIsUnreadable() {
    JsonObject payload = Published.payload("/berlin/east", END, 5, Map.of());
    Heard heard = read(TOPIC, payload.toString());
    assertTrue(assertInstanceOf(Heard.Unreadable.class, heard).why().contains("/east/"));
  }

  @Test
  void aResultThatLacksAKeyIsUnreadableAndNamesIt() {
    for (String key :
        new String[] {
          "v", "zone", "query", "window", "values", "coverage", "oldest_s", "revision"
        }) {
      JsonObject payload = Published.payload("/berlin/north", END, 5, Map.of());
      payload.remove(key);
      Heard heard = read(TOPIC, payload.toString());
      assertTrue(assertInstanceOf(Heard.Unreadable.class, heard).why().contains("\"" + key + "\""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"v\":2}",
        "{\"v\":\"one\"}",
        "{v:1}",
        "{\"v\":1} {\"v\":1}",
        "{\"v\":1,\"values\":{\"a\":NaN}}",
        "{\"v\":1,\"window\":7,\"coverage\":{},\"values\":{}}"
      })
  void whatIsNoMessageOfVersionOneIsUnreadable(String payload) {
    assertInstanceOf(Heard.Unreadable.class, read(TOPIC, payload));
  }

  @Test
  void aHugePayloadIsNotLookedInto() {
    Heard heard = reader.read(TOPIC, new byte[Reader.PAYLOAD_MAX_BYTES + 1]);
    assertInstanceOf(Heard.Unreadable.class, heard);
  }

  @Test
  void deepNestingIsUnreadable() {
    assertInstanceOf(Heard.Unreadable.class, read(TOPIC, "[".repeat(60_000)));
    assertInstanceOf(Heard.Unreadable.class, read(TOPIC, "{\"v\":".repeat(12_000)));
  }

  @Test
  void randomBytesAreUnreadable() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      byte[] payload = new byte[random.nextInt(100)];
      random.nextBytes(payload);
      assertInstanceOf(Heard.Unreadable.class, reader.read(TOPIC, payload));
    }
  }

  @Test
  void eventsAreRead() {
    assertEquals(
        new Heard.Timing("/berlin/north", END, 6_100, 5_200),
        read(
            "starling/berlin/event/timing",
            """
            {"v":1,"zone":"/berlin/north","end":"2025-06-15T15:06:40Z",
             "predicted_ms":6100,"observed_ms":5200}\
            """));
    assertEquals(
        new Heard.Warning("clone", "/berlin/north/buch", "seen twice"),
        read(
            "starling/berlin/event/warning",
            """
            {"v":1,"kind":"clone","subject":"/berlin/north/buch","text":"seen twice"}\
            """));
    assertEquals(
        new Heard.NodeState("/berlin/north/buch", "suspect"),
        read(
            "starling/berlin/event/node",
            """
            {"v":1,"node":"/berlin/north/buch","state":"suspect"}\
            """));
  }

  @Test
  void aNodesStatusIsPlainText() {
    String topic = "starling/berlin/node/north/buch/status";
    assertEquals(new Heard.NodeState("/berlin/north/buch", "up"), read(topic, "online"));
    assertEquals(new Heard.NodeState("/berlin/north/buch", "gone"), read(topic, "offline"));
    assertInstanceOf(Heard.Unreadable.class, read(topic, "maybe"));
  }

  @Test
  void otherTopicsAreNotLookedInto() {
    for (String topic :
        new String[] {
          "starling/berlin/node/north/buch/latest",
          "starling/berlin/gateway/gate/status",
          "starling/berlin/event/notice",
          "starling/berlin",
          "starling/potsdam/zone/climate",
          "homeassistant/device/x/config",
          ""
        }) {
      assertEquals(new Heard.Other(topic), read(topic, "?"));
    }
  }

  private Heard read(String topic, String payload) {
    return reader.read(topic, payload.getBytes(UTF_8));
  }
}
