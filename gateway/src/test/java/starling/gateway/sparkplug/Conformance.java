package starling.gateway.sparkplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a host holds an edge node to, message by message: the rules of the specification 3.0. */
final class Conformance {
  private static final String PREFIX = "spBv1.0/berlin/";
  private final Map<String, Set<String>> names = new HashMap<>(); // by device, "" for the node
  private long birthDeath = -1;
  private int sequence = -1;
  private boolean alive;

  static Conformance check(List<JsonObject> messages) {
    Conformance host = new Conformance();
    messages.forEach(host::hear);
    return host;
  }

  private void hear(JsonObject message) {
    String topic = Overheard.topic(message);
    if (topic.startsWith("spBv1.0/STATE/")) {
      return;
    }
    assertTrue(topic.startsWith(PREFIX), topic);
    String[] levels = topic.split("/");
    assertEquals("gate", levels[3]);
    JsonObject payload = Overheard.payload(message);
    if (levels[2].endsWith("CMD")) {
      return;
    }
    assertTrue(payload.get("timestamp").getAsLong() > 1_700_000_000_000L, topic);
    String device = levels.length > 4 ? levels[4] : "";
    assertEquals(levels[2].startsWith("D"), !device.isEmpty(), topic);
    if (!levels[2].equals("NDEATH")) {
      count(levels[2], payload);
    }
    switch (levels[2]) {
      case "NBIRTH" -> nodeIsBorn(payload);
      case "DBIRTH" -> {
        assertTrue(alive, "a device is born after its edge node");
        names.put(device, born(payload));
      }
      case "NDATA", "DDATA" -> data(device, payload);
      case "DDEATH" -> assertTrue(names.remove(device) != null, "who dies was born: " + device);
      case "NDEATH" -> nodeDies(payload);
      default -> throw new AssertionError(topic);
    }
  }

  private void count(String type, JsonObject payload) {
    int seq = payload.get("seq").getAsInt();
    assertEquals(type.equals("NBIRTH") ? 0 : (sequence + 1) % 256, seq, type);
    sequence = seq;
  }

  private void nodeIsBorn(JsonObject payload) {
    Set<String> own = born(payload);
    long bdSeq = value(payload, "bdSeq").getAsLong();
    assertTrue(alive ? bdSeq == birthDeath : bdSeq != birthDeath, "a rebirth keeps bdSeq");
    assertEquals("Int64", type(payload, "bdSeq"));
    assertFalse(value(payload, "Node Control/Rebirth").getAsBoolean());
    assertEquals("Boolean", type(payload, "Node Control/Rebirth"));
    birthDeath = bdSeq;
    alive = true;
    names.clear();
    names.put("", own);
  }

  private static Set<String> born(JsonObject payload) {
    Set<String> own = new HashSet<>();
    for (JsonElement each : payload.getAsJsonArray("metrics")) {
      JsonObject metric = each.getAsJsonObject();
      assertTrue(own.add(metric.get("name").getAsString()), "once: " + metric);
      assertTrue(metric.has("type") && metric.has("value") && metric.has("timestamp"), "" + metric);
      assertFalse(metric.has("isHistorical") && metric.get("isHistorical").getAsBoolean());
    }
    return own;
  }

  private void data(String device, JsonObject payload) {
    assertTrue(alive, "data comes after births");
    assertTrue(names.containsKey(device), "data of " + device + " comes after its birth");
    long before = 0;
    for (JsonElement each : payload.getAsJsonArray("metrics")) {
      JsonObject metric = each.getAsJsonObject();
      String name = metric.get("name").getAsString();
      assertTrue(names.get(device).contains(name), "in no birth: " + name);
      long at = metric.get("timestamp").getAsLong();
      boolean historical = metric.has("isHistorical") && metric.get("isHistorical").getAsBoolean();
      assertTrue(historical || at >= before, "in order");
      before = at;
    }
  }

  private void nodeDies(JsonObject payload) {
    assertFalse(payload.has("seq") && payload.get("seq").getAsLong() != 0, "a death has no seq");
    assertEquals(1, payload.getAsJsonArray("metrics").size());
    if (value(payload, "bdSeq").getAsLong() == birthDeath) {
      alive = false;
      names.clear();
    }
  }

  boolean isAlive() {
    return alive;
  }

  long birthDeath() {
    return birthDeath;
  }

  static JsonElement value(JsonObject payload, String name) {
    return metric(payload, name).get("value");
  }

  private static String type(JsonObject payload, String name) {
    return metric(payload, name).get("type").getAsString();
  }

  static JsonObject metric(JsonObject payload, String name) {
    for (JsonElement metric : payload.getAsJsonArray("metrics")) {
      if (metric.getAsJsonObject().get("name").getAsString().equals(name)) {
        return metric.getAsJsonObject();
      }
    }
    throw new AssertionError("no " + name + " in " + payload);
  }
}
