package starling.gateway.sparkplug;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * The host without which nothing is told, if there is one. What it says of itself counts if it is
 * not older than what it said before.
 */
final class PrimaryHost {
  private final Optional<String> id;
  private boolean online;
  private long saidMillis = Long.MIN_VALUE;

  PrimaryHost(Optional<String> id) {
    this.id = id;
  }

  /** Where it speaks. */
  Optional<String> topic() {
    return id.map(name -> "spBv1.0/STATE/" + name);
  }

  boolean isThere() {
    return id.isEmpty() || online;
  }

  /** What it said, from now on: a connection begins with what is retained. */
  void forget() {
    online = false;
    saidMillis = Long.MIN_VALUE;
  }

  /** Hears it; nonsense is not heard. */
  void heard(byte[] payload) {
    try {
      JsonElement said = JsonParser.parseString(new String(payload, UTF_8));
      if (said instanceof JsonObject state && state.has("online") && state.has("timestamp")) {
        long at = state.get("timestamp").getAsLong();
        if (at >= saidMillis) {
          saidMillis = at;
          online = state.get("online").getAsBoolean();
        }
      }
    } catch (JsonParseException
        | NumberFormatException
        | IllegalStateException
        | UnsupportedOperationException e) {
      // Not a host's.
    }
  }
}
