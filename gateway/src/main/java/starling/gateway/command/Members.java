package starling.gateway.command;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a command's payload says: an object of texts and numbers, each once. */
final class Members {
  /** Every command's own: which one it is, and until when it counts. */
  private static final List<String> ENVELOPE = List.of("v", "id", "expires");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  /** As it is spelt, without quotation marks. */
  private record Value(boolean isText, String spelling) {}

  private final Map<String, Value> values;
  private final String id;

  private Members(Map<String, Value> values) throws Refusal {
    this.values = values;
    Value said = values.get("id");
    if (said == null || !said.isText || !ID.matcher(said.spelling).matches()) {
      throw malformed("id is a text of 1 to 64 letters, digits and . _ : -");
    }
    this.id = said.spelling;
  }

  /** Reads a payload, whose size was bounded before. */
  static Members read(byte[] payload) throws Refusal {
    try (JsonReader from = new JsonReader(new StringReader(text(payload)))) {
      from.setStrictness(Strictness.STRICT);
      Map<String, Value> values = new LinkedHashMap<>();
      from.beginObject();
      while (from.hasNext()) {
        String name = from.nextName();
        if (values.put(name, value(name, from)) != null) {
          throw malformed(name + " is there twice");
        }
      }
      from.endObject();
      JsonToken _ = from.peek(); // whatever follows is malformed, too
      return new Members(values);
    } catch (IOException | IllegalStateException e) {
      throw malformed("a command is a JSON object, such as {\"id\":\"a1\",\"expires\":\"…Z\"}");
    }
  }

  private static String text(byte[] payload) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
  }

  private static Value value(String name, JsonReader from) throws IOException, Refusal {
    return switch (from.peek()) {
      case STRING -> new Value(true, from.nextString());
      case NUMBER -> new Value(false, from.nextString());
      default -> throw malformed(name + " is neither a text nor a number");
    };
  }

  private static Refusal malformed(String text) {
    return new Refusal("", Reason.MALFORMED, text);
  }

  String id() {
    return id;
  }

  /** A refusal of this command. */
  Refusal refusal(Reason reason, String text) {
    return new Refusal(id, reason, text);
  }

  /** Refuses what is neither one of these nor every command's. */
  void only(List<String> names) throws Refusal {
    for (String name : values.keySet()) {
      if (!names.contains(name) && !ENVELOPE.contains(name)) {
        String others = names.isEmpty() ? "" : ", " + String.join(", ", names);
        throw refusal(Reason.MALFORMED, "unknown key " + name + "; there are id, expires" + others);
      }
    }
  }

  /** Until when it counts, in Unix milliseconds. */
  long expiresMillis() throws Refusal {
    try {
      return Instant.parse(text("expires")).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw refusal(Reason.MALFORMED, "expires is a time such as 2026-06-01T12:00:00Z");
    }
  }

  /** A text; empty if it is not there. */
  String text(String name) throws Refusal {
    Value value = values.get(name);
    if (value != null && !value.isText) {
      throw refusal(Reason.MALFORMED, name + " is a text");
    }
    return value == null ? "" : value.spelling;
  }

  /** A whole number within bounds. */
  int number(String name, int min, int max, int otherwise) throws Refusal {
    Value value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    String digits = value.isText ? "" : value.spelling;
    int number = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
    if (number < min || number > max) {
      throw refusal(Reason.MALFORMED, name + " is a whole number, " + min + " to " + max);
    }
    return number;
  }
}
