package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;

/** The payloads of results. */
final class Results {
  private final String gateway;
  private final InstantSource clock;

  Results(String gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  /** What came of a command, inside the result. */
  interface Body {
    /** Writes its members. */
    void write(JsonWriter json) throws IOException;
  }

  /** It was done, and this came of it. */
  byte[] done(String id, Body body) {
    return object(id, "done", body);
  }

  /** It was acted on, and nothing came of it. */
  byte[] failed(String id, Reason reason, String text) {
    return object(id, "failed", json -> why(json, reason, text));
  }

  /** It was not acted on. */
  byte[] refused(Refusal refusal) {
    return object(refusal.id(), "refused", json -> why(json, refusal.reason(), refusal.text()));
  }

  private static void why(JsonWriter json, Reason reason, String text) throws IOException {
    json.name("reason").value(reason.word());
    json.name("text").value(text);
  }

  private byte[] object(String id, String outcome, Body body) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject().name("v").value(1);
      if (!id.isEmpty()) {
        json.name("id").value(id);
      }
      json.name("gateway").value(gateway);
      json.name("outcome").value(outcome);
      body.write(json);
      Instant now = clock.instant();
      json.name("time").value(Instant.ofEpochMilli(now.toEpochMilli()).toString());
      json.name("ts").value(now.toEpochMilli());
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written to", e);
    }
    return text.toString().getBytes(UTF_8);
  }
}
