package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what the gateway publishes, strictly: the contract of its topics and payloads
 * (docs/architecture.md, section 7) as a subscriber has to trust it.
 */
final class Reader {
  /** The longest payload that is looked into. */
  static final int PAYLOAD_MAX_BYTES = 65_536;

  private static final Set<String> STATES = Set.of("up", "suspect", "gone");

  private final String prefix;
  private final String root;

  Reader(String site) {
    prefix = "starling/" + site + "/";
    root = "/" + site;
  }

  Heard read(String topic, byte[] payload) {
    if (!topic.startsWith(prefix)) {
      return new Heard.Other(topic);
    }
    String[] levels = topic.substring(prefix.length()).split("/", -1);
    String last = levels[levels.length - 1];
    if (payload.length > PAYLOAD_MAX_BYTES) {
      return new Heard.Unreadable(topic, payload.length + " bytes");
    }
    try {
      return switch (levels[0].equals("zone") ? "zone" : levels[0] + " " + last) {
        case "zone" -> aggregate(topic, last, object(payload));
        case "node status" -> status(levels, new String(payload, UTF_8));
        case "event node" -> nodeState(object(payload));
        case "event timing" -> timing(object(payload));
        case "event warning" -> warning(object(payload));
        default -> new Heard.Other(topic);
      };
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException
        | DateTimeException e) {
      return new Heard.Unreadable(topic, String.valueOf(e.getMessage()));
    }
  }

  private Heard aggregate(String topic, String query, JsonObject message) {
    JsonObject window = required(message, "window").getAsJsonObject();
    JsonObject coverage = required(message, "coverage").getAsJsonObject();
    SortedMap<String, Double> values = new TreeMap<>();
    for (Map.Entry<String, JsonElement> value :
        required(message, "values").getAsJsonObject().entrySet()) {
      if (value.getValue() instanceof JsonPrimitive number && number.isNumber()) {
        values.put(value.getKey(), number.getAsDouble());
      }
    }
    Heard.Aggregate aggregate =
        new Heard.Aggregate(
            topic,
            text(message, "zone"),
            text(message, "query"),
            instant(window, "start"),
            instant(window, "end"),
            values,
            required(coverage, "reported").getAsInt(),
            required(coverage, "expected").getAsInt(),
            required(message, "oldest_s").getAsDouble(),
            required(message, "revision").getAsInt(),
            message);
    String expected = topicOf(aggregate.zone(), query);
    if (!aggregate.query().equals(query) || !topic.equals(expected)) {
      throw new JsonParseException("the payload belongs on " + expected);
    }
    return aggregate;
  }

  /** Where a zone's answers are published. */
  String topicOf(String zone, String query) {
    return prefix + "zone" + zone.substring(Math.min(root.length(), zone.length())) + "/" + query;
  }

  private Heard status(String[] levels, String status) {
    StringBuilder path = new StringBuilder(root);
    for (int i = 1; i < levels.length - 1; i++) {
      path.append('/').append(levels[i]);
    }
    return switch (status) {
      case "online" -> new Heard.NodeState(path.toString(), "up");
      case "offline" -> new Heard.NodeState(path.toString(), "gone");
      default -> throw new JsonParseException("a status is online or offline, not " + status);
    };
  }

  private static Heard nodeState(JsonObject message) {
    String state = text(message, "state");
    if (!STATES.contains(state)) {
      throw new JsonParseException("a node is up, suspect or gone, not " + state);
    }
    return new Heard.NodeState(text(message, "node"), state);
  }

  private static Heard timing(JsonObject message) {
    return new Heard.Timing(
        text(message, "zone"),
        instant(message, "end"),
        required(message, "predicted_ms").getAsLong(),
        required(message, "observed_ms").getAsLong());
  }

  private static Heard warning(JsonObject message) {
    return new Heard.Warning(
        text(message, "kind"), text(message, "subject"), text(message, "text"));
  }

  private static JsonObject object(byte[] payload) {
    JsonReader reader = new JsonReader(new StringReader(new String(payload, UTF_8)));
    reader.setStrictness(Strictness.STRICT);
    JsonObject message = JsonParser.parseReader(reader).getAsJsonObject();
    if (required(message, "v").getAsInt() != 1) {
      throw new JsonParseException("version " + message.get("v") + " is not known");
    }
    return message;
  }

  private static JsonElement required(JsonObject message, String key) {
    JsonElement value = message.get(key);
    if (value == null) {
      throw new JsonParseException("\"" + key + "\" is missing");
    }
    return value;
  }

  private static String text(JsonObject message, String key) {
    return required(message, key).getAsString();
  }

  private static long instant(JsonObject message, String key) {
    return Instant.parse(text(message, key)).toEpochMilli();
  }
}
