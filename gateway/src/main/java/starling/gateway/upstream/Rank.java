package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import starling.gateway.outbox.Entry;
import starling.model.Delivery;

/**
 * Which of two answers on one topic stands: a newer window's; of one window, the one that covers
 * more.
 *
 * @param startMillis the window
 * @param endMillis its end
 * @param reported how many nodes it covers
 * @param revision how many leaves contributed
 */
record Rank(long startMillis, long endMillis, int reported, int revision)
    implements Comparable<Rank> {
  /** A window that is so many of its lengths ahead comes from a clock that was wrong. */
  private static final int AHEAD_MAX_WINDOWS = 8;

  private static final Comparator<Rank> ORDER =
      Comparator.comparingLong(Rank::endMillis)
          .thenComparingInt(Rank::reported)
          .thenComparingInt(Rank::revision);

  static Rank of(Delivery.Result result) {
    return new Rank(result.startMillis(), result.endMillis(), result.reported(), result.revision());
  }

  /** An answer's in the outbox. */
  static Rank of(Entry kept) {
    return new Rank(
        kept.number() - kept.lengthMillis(), kept.number(), kept.reported(), kept.revision());
  }

  /** Reads it from a payload that somebody published; empty if that is none of ours. */
  static Optional<Rank> of(byte[] payload) {
    try {
      JsonReader reader = new JsonReader(new StringReader(new String(payload, UTF_8)));
      reader.setStrictness(Strictness.STRICT);
      JsonObject message = JsonParser.parseReader(reader).getAsJsonObject();
      if (message.get("v").getAsInt() != Payloads.VERSION) {
        return Optional.empty();
      }
      JsonObject window = message.getAsJsonObject("window");
      return Optional.of(
          new Rank(
              Instant.parse(window.get("start").getAsString()).toEpochMilli(),
              Instant.parse(window.get("end").getAsString()).toEpochMilli(),
              message.getAsJsonObject("coverage").get("reported").getAsInt(),
              message.get("revision").getAsInt()));
    } catch (JsonParseException
        | DateTimeException
        | ArithmeticException
        | NumberFormatException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** Reads what {@link #text} wrote. */
  static Rank parse(String text) {
    String[] parts = text.split(",", 4);
    return new Rank(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }

  /** One word. */
  String text() {
    return startMillis + "," + endMillis + "," + reported + "," + revision;
  }

  /** How long the window is. */
  long lengthMillis() {
    return endMillis - startMillis;
  }

  /** Whether this one takes the other's place. */
  boolean replaces(Rank held) {
    return compareTo(held) > 0 || held.endMillis - endMillis > AHEAD_MAX_WINDOWS * lengthMillis();
  }

  boolean sameWindow(Rank other) {
    return endMillis == other.endMillis;
  }

  @Override
  public int compareTo(Rank other) {
    return ORDER.compare(this, other);
  }

  /** What the outbox keeps of an answer. */
  Entry entry(String topic, byte[] payload) {
    return new Entry(topic, endMillis, lengthMillis(), reported, revision, payload);
  }
}
