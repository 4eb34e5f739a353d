package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.gateway.outbox.Gap;
import starling.gateway.outbox.Stock;
import starling.model.Answer;
import starling.model.Delivery;

/**
 * The bytes that are published. Equal deliveries give equal bytes, wherever they are written: keys
 * have one order, numbers one spelling (plain decimals, no more digits than a channel can say, no
 * exponent), times are RFC 3339 in UTC. What is not a number is an absent key.
 */
public final class Payloads {
  /** The version that every object starts with. */
  static final int VERSION = 1;

  /** A double holds so many digits for certain; what follows them is no measurement. */
  private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

  /** A channel's finest resolution, and three more for averages. */
  private static final int DECIMALS_MAX = 9;

  /** Of ten million messages two have the same id once in 300,000 times. */
  private static final int ID_BYTES = 8;

  private Payloads() {}

  /**
   * A zone's answer for one window. Its {@code id} is the first 64 bits of the SHA-256 of the
   * object without it, in hexadecimal: equal for equal bytes, whoever publishes them, and for
   * nothing else.
   */
  public static byte[] result(Delivery.Result result) {
    byte[] answer = answer(result).getBytes(UTF_8);
    String id = HexFormat.of().formatHex(sha256(answer), 0, ID_BYTES);
    return with(answer, ",\"id\":\"" + id + "\"");
  }

  private static String answer(Delivery.Result result) {
    return text(json -> {
      json.name("zone").value(result.zone());
      json.name("query").value(result.query());
      json.name("window").beginObject();
      json.name("start").value(time(result.startMillis()));
      json.name("end").value(time(result.endMillis()));
      json.endObject();
      json.name("ts").value(result.endMillis());
      measurements(json, result.values(), result.others(), result.units());
      json.name("coverage").beginObject();
      json.name("reported").value(result.reported());
      json.name("expected").value(result.expected());
      json.endObject();
      json.name("oldest_s").jsonValue(seconds(result.oldestMillis()));
      json.name("revision").value(result.revision());
    });
  }

  /** A node's newest readings. */
  public static byte[] latest(Delivery.Latest latest) {
    return object(json -> {
      json.name("node").value(latest.node());
      json.name("time").value(time(latest.endMillis()));
      json.name("ts").value(latest.endMillis());
      measurements(json, latest.values(), new TreeMap<>(), latest.units());
    });
  }

  /**
   * How a node is, as its neighbours see it, at the time of telling; a generation of 0 is not
   * known.
   */
  public static byte[] node(Delivery.NodeState node, long nowMillis) {
    return object(json -> {
      json.name("node").value(node.node());
      json.name("state").value(node.state().name().toLowerCase(Locale.ROOT));
      if (node.generation() > 0) {
        json.name("generation").value(node.generation());
      }
      json.name("time").value(time(nowMillis));
      json.name("ts").value(nowMillis);
    });
  }

  /**
   * Who tells an event: a key for the gateway, and an {@code id} that no other event has.
   *
   * @param number the event's, different from any other's of this gateway
   */
  public static byte[] stamped(byte[] event, String gateway, long number) {
    return with(
        event, ",\"gateway\":\"" + gateway + "\",\"id\":\"" + gateway + "-" + number + "\"");
  }

  /** An object with further keys at its end. */
  private static byte[] with(byte[] object, String keys) {
    byte[] end = (keys + "}").getBytes(UTF_8);
    int at = object.length - 1;
    byte[] whole = Arrays.copyOf(object, at + end.length);
    System.arraycopy(end, 0, whole, at, end.length);
    return whole;
  }

  /**
   * Messages of one topic that had to make room for others while the broker was away.
   *
   * @param gap what is missing there, from its first window's start to its last one's end; of a
   *     thinned out stretch, one window in every {@code every_s} is there
   */
  public static byte[] gap(Gap gap) {
    return object(json -> {
      json.name("topic").value(gap.topic());
      json.name("from").value(time(gap.fromMillis()));
      json.name("to").value(time(gap.toMillis()));
      json.name("missing").value(gap.missing());
      if (gap.everyMillis() > 0) {
        json.name("every_s").jsonValue(seconds(gap.everyMillis()));
      }
    });
  }

  /**
   * How a node is.
   *
   * @param waiting messages that this gateway has yet to publish: told of itself only
   * @param stock what its outbox holds: told of itself only
   */
  public static byte[] health(Delivery.Health health, int waiting, Stock stock) {
    return object(json -> {
      json.name("node").value(health.node());
      json.name("time").value(time(health.atMillis()));
      json.name("ts").value(health.atMillis());
      json.name("state").value(health.state().name().toLowerCase(Locale.ROOT));
      if (health.generation() > 0) {
        json.name("generation").value(health.generation());
      }
      if (health.hearing().isPresent()) {
        hearing(json, health.hearing().get());
      }
      if (health.self().isPresent()) {
        vitals(json, health.self().get(), waiting);
        stock(json, stock);
      }
    });
  }

  private static void hearing(JsonWriter json, Delivery.Hearing hearing) throws IOException {
    json.name("heard").beginObject();
    json.name("ago_s").jsonValue(seconds(hearing.agoMillis()));
    json.name("promise_s").jsonValue(seconds(hearing.promiseMillis()));
    loss(json, hearing.loss());
    signal(json, hearing.signal());
    json.endObject();
  }

  private static void vitals(JsonWriter json, Delivery.Vitals self, int waiting)
      throws IOException {
    json.name("uptime_s").value(self.uptimeMillis() / 1000);
    json.name("clock").beginObject();
    json.name("uncertainty_ms").jsonValue(number(self.clockUncertaintyMicros() / 1000.0));
    json.name("hops").value(self.clockHops());
    json.endObject();
    json.name("links").beginArray();
    for (Delivery.LinkVitals link : self.links()) {
      link(json, link);
    }
    json.endArray();
    json.name("frames_refused").value(self.framesRefused());
    json.name("noise").value(self.noise());
    json.name("queues").beginObject();
    for (Map.Entry<String, Integer> queue : self.queues().entrySet()) {
      json.name(queue.getKey()).value(queue.getValue());
    }
    json.name("upstream").value(waiting);
    json.endObject();
    if (self.boardCelsius().isPresent()) {
      json.name("board_cel").jsonValue(number(self.boardCelsius().getAsDouble()));
    }
  }

  /** Days are told once they are known. */
  private static void stock(JsonWriter json, Stock stock) throws IOException {
    json.name("outbox").beginObject();
    json.name("messages").value(stock.messages());
    json.name("bytes").value(stock.bytes());
    json.name("bytes_max").value(stock.bytesMax());
    if (stock.bytesPerDay() > 0) {
      json.name("capacity_days").jsonValue(tenths(stock.capacityDays()));
      json.name("left_days").jsonValue(tenths(stock.leftDays()));
    }
    json.name("writable").value(stock.writable());
    json.endObject();
  }

  private static void link(JsonWriter json, Delivery.LinkVitals link) throws IOException {
    json.beginObject();
    json.name("link").value(link.name());
    json.name("medium").value(link.medium());
    json.name("up").value(link.up());
    loss(json, link.loss());
    signal(json, link.signal());
    json.name("airtime").beginObject();
    json.name("used").jsonValue(share(link.used()));
    json.name("budget").jsonValue(share(link.budget()));
    json.name("hour").jsonValue(share(link.hourUsed()));
    json.name("hour_max").jsonValue(share(link.hourMax()));
    json.endObject();
    json.name("queued").value(link.queued());
    json.endObject();
  }

  private static void loss(JsonWriter json, OptionalDouble loss) throws IOException {
    if (loss.isPresent()) {
      json.name("loss").jsonValue(share(loss.getAsDouble()));
    }
  }

  private static void signal(JsonWriter json, Optional<Delivery.Signal> signal) throws IOException {
    if (signal.isPresent()) {
      json.name("signal").beginObject();
      decibels(json, "rssi_dbm", signal.get().rssiDbm());
      decibels(json, "rssi_mean_dbm", signal.get().rssiMeanDbm());
      decibels(json, "snr_db", signal.get().snrDb());
      decibels(json, "snr_mean_db", signal.get().snrMeanDb());
      json.endObject();
    }
  }

  private static void decibels(JsonWriter json, String name, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      json.name(name).jsonValue(tenths(value.getAsDouble()));
    }
  }

  private static String tenths(double of) {
    return plain(BigDecimal.valueOf(of).setScale(1, RoundingMode.HALF_UP));
  }

  private static String share(double of) {
    return plain(BigDecimal.valueOf(of).setScale(4, RoundingMode.HALF_UP));
  }

  /** How long a window took; {@code observed_ms} is negative while it is incomplete. */
  public static byte[] timing(Delivery.Timing timing) {
    return object(json -> {
      json.name("zone").value(timing.zone());
      json.name("end").value(time(timing.endMillis()));
      json.name("ts").value(timing.endMillis());
      json.name("predicted_ms").value(timing.predictedMillis());
      json.name("observed_ms").value(timing.observedMillis());
    });
  }

  /** A warning or a notice, at the time of telling. */
  public static byte[] told(String kind, String subject, String text, long nowMillis) {
    return object(json -> {
      json.name("kind").value(kind);
      json.name("subject").value(subject);
      json.name("text").value(text);
      json.name("time").value(time(nowMillis));
      json.name("ts").value(nowMillis);
    });
  }

  /**
   * What a gateway is, and whose answers it publishes.
   *
   * @param publishes zones that it publishes as soon as it can
   * @param standsBy zones that it publishes when those who go before it do not
   */
  public static byte[] info(
      String gateway,
      String version,
      long startedMillis,
      Collection<String> publishes,
      Collection<String> standsBy) {
    return object(json -> {
      json.name("gateway").value(gateway);
      json.name("version").value(version);
      json.name("started").value(time(startedMillis));
      json.name("ts").value(startedMillis);
      names(json, "publishes", publishes);
      names(json, "stands_by", standsBy);
    });
  }

  private static void names(JsonWriter json, String key, Collection<String> names)
      throws IOException {
    json.name(key).beginArray();
    for (String name : names) {
      json.value(name);
    }
    json.endArray();
  }

  /** {@code online} or {@code offline}. */
  public static byte[] status(boolean online) {
    return (online ? "online" : "offline").getBytes(UTF_8);
  }

  private static void measurements(
      JsonWriter json,
      SortedMap<String, Double> values,
      SortedMap<String, Answer> others,
      SortedMap<String, String> units)
      throws IOException {
    json.name("values").beginObject();
    for (Map.Entry<String, Double> value : values.entrySet()) {
      if (Double.isFinite(value.getValue())) {
        json.name(value.getKey()).jsonValue(number(value.getValue()));
      }
    }
    for (Map.Entry<String, Answer> other : others.entrySet()) {
      json.name(other.getKey());
      answer(json, other.getValue());
    }
    json.endObject();
    json.name("units").beginObject();
    for (Map.Entry<String, String> unit : units.entrySet()) {
      boolean finite = Double.isFinite(values.getOrDefault(unit.getKey(), Double.NaN));
      if (finite || others.containsKey(unit.getKey())) {
        json.name(unit.getKey()).value(unit.getValue());
      }
    }
    json.endObject();
  }

  private static void answer(JsonWriter json, Answer answer) throws IOException {
    switch (answer) {
      case Answer.Quantity(double value) -> json.jsonValue(number(value));
      case Answer.Truth(boolean holds) -> json.value(holds);
      case Answer.Histogram histogram -> histogram(json, histogram);
      case Answer.Ranking ranking -> {
        json.beginArray();
        for (Answer.Ranked one : ranking.nodes()) {
          json.beginObject().name("node").value(one.node());
          json.name("value").jsonValue(number(one.value())).endObject();
        }
        json.endArray();
      }
      case Answer.Numbers numbers -> {
        json.beginObject().name("distinct").beginArray();
        for (double value : numbers.values()) {
          json.jsonValue(number(value));
        }
        json.endArray().name("more").value(numbers.more()).endObject();
      }
      case Answer.Texts texts -> {
        json.beginObject().name("distinct").beginArray();
        for (String value : texts.values()) {
          json.value(value);
        }
        json.endArray().name("more").value(texts.more()).endObject();
      }
    }
  }

  private static void histogram(JsonWriter json, Answer.Histogram histogram) throws IOException {
    json.beginObject();
    json.name("from").jsonValue(number(histogram.low()));
    json.name("to").jsonValue(number(histogram.high()));
    json.name("below").value(histogram.below());
    json.name("counts").beginArray();
    for (long count : histogram.counts()) {
      json.value(count);
    }
    json.endArray();
    json.name("above").value(histogram.above());
    json.endObject();
  }

  /** The shortest plain spelling: 21.4, not 21.400000000000002; 23, not 23.0 or 2.3E1. */
  static String number(double value) {
    return plain(
        BigDecimal.valueOf(value).round(DIGITS).setScale(DECIMALS_MAX, RoundingMode.HALF_EVEN));
  }

  private static String seconds(long millis) {
    return plain(BigDecimal.valueOf(millis, 3).setScale(1, RoundingMode.HALF_UP));
  }

  private static String plain(BigDecimal decimal) {
    return decimal.stripTrailingZeros().toPlainString();
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private interface Body {
    void write(JsonWriter json) throws IOException;
  }

  private static byte[] object(Body body) {
    return text(body).getBytes(UTF_8);
  }

  private static byte[] sha256(byte[] of) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(of);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String text(Body body) {
    Text text = new Text();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      json.name("v").value(VERSION);
      body.write(json);
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written to", e);
    }
    return text.text.toString();
  }

  /** What a {@link java.io.StringWriter} does, without a lock for each of a hundred snippets. */
  private static final class Text extends Writer {
    private static final int LENGTH = 1024;

    private final StringBuilder text = new StringBuilder(LENGTH);

    @Override
    public void write(char[] from, int at, int length) {
      text.append(from, at, length);
    }

    @Override
    public void write(String from, int at, int length) {
      text.append(from, at, at + length);
    }

    @Override
    public void write(int character) {
      text.append((char) character);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
