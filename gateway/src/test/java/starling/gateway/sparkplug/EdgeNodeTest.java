package starling.gateway.sparkplug;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.History;
import starling.gateway.sink.Outlet;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.model.Delivery;

class EdgeNodeTest {
  private static final String NORTH = "Summary/60s/north/climate/";
  private static final long WINDOW_MILLIS = 60_000;

  /** The newest window ended just now. */
  private static final long NEWEST_MILLIS =
      System.currentTimeMillis() / WINDOW_MILLIS * WINDOW_MILLIS;

  @TempDir Path directory;
  private Mosquitto broker;
  private Overheard overheard;
  private History history;
  private EdgeNode edge;
  private Outlet outlet;

  @BeforeEach
  void listen() throws IOException {
    broker = Mosquitto.start(directory);
    overheard = new Overheard(broker);
    history =
        History.open(
            new History.Settings(
                directory.resolve("history.db"), 16 << 20, 7, 90, List.of(EdgeNode.NAME)),
            _ -> {});
  }

  @AfterEach
  void stop() {
    if (outlet != null) {
      outlet.close();
    }
    history.close();
    overheard.close();
    broker.close();
  }

  @Test
  void birthsDataRebirthsAndDeathsAreAsHostsWantThem() throws Exception {
    hears();
    open(Optional.empty());
    Eventually.until("born", () -> overheard.of("NBIRTH").size() == 1);
    tell(answer(-2, 20));
    tell(readings("n1", -1, 3.7));
    Eventually.until("the device is born", () -> overheard.of("DBIRTH").size() == 1);
    JsonObject birth = Overheard.payload(overheard.of("NBIRTH").getLast());
    JsonObject metric = Conformance.metric(birth, NORTH + "avg_temperature");
    assertEquals("Double", metric.get("type").getAsString());
    assertEquals(20, metric.get("value").getAsDouble());
    assertEquals(
        "Cel",
        metric.getAsJsonObject("properties").getAsJsonObject("engUnit").get("value").getAsString());
    assertEquals(
        "spBv1.0/berlin/DBIRTH/gate/north.n1", Overheard.topic(overheard.of("DBIRTH").getFirst()));

    tell(answer(0, 21));
    Eventually.until("data", () -> overheard.of("NDATA").size() == 1);
    JsonObject data = Overheard.payload(overheard.of("NDATA").getFirst());
    assertEquals(21, Conformance.value(data, NORTH + "avg_temperature").getAsDouble());

    int births = overheard.of("NBIRTH").size();
    command("spBv1.0/berlin/NCMD/gate", Overheard.rebirth());
    Eventually.until("reborn", () -> overheard.of("NBIRTH").size() == births + 1);
    Eventually.until("and the device", () -> overheard.of("DBIRTH").size() == births);
    JsonObject again = Overheard.payload(overheard.of("NBIRTH").getLast());
    assertEquals(21, Conformance.value(again, NORTH + "avg_temperature").getAsDouble());
    assertTrue(overheard.of("NDEATH").isEmpty(), "nobody dies for a rebirth");

    edge.accept(new Delivery.NodeState("/berlin/north/n1", Delivery.State.GONE, 1));
    Eventually.until("the device dies", () -> overheard.of("DDEATH").size() == 1);
    edge.accept(new Delivery.NodeState("/berlin/north/n1", Delivery.State.UP, 2));
    Eventually.until("and is back", () -> overheard.of("DBIRTH").size() == births + 1);
    assertEquals(0, Conformance.check(overheard.messages()).birthDeath());

    outlet.close();
    Eventually.until("said", () -> !overheard.of("NDEATH").isEmpty());
    assertFalse(Conformance.check(overheard.messages()).isAlive());
    int before = overheard.of("NBIRTH").size();
    open(Optional.empty());
    Eventually.until("born again", () -> overheard.of("NBIRTH").size() > before);
    assertEquals(1, Conformance.check(overheard.messages()).birthDeath(), "kept over the restart");
  }

  @Test
  void whileThePrimaryHostIsAwayDataWaitsAndComesAsHistory() throws Exception {
    hears();
    open(Optional.of("scada"));
    for (int window = -20; window <= -11; window++) {
      tell(answer(window, window));
    }
    state(true, 1000);
    Eventually.until("ten windows", () -> windows().size() == 10);
    state(false, 2000);
    Eventually.until("it dies", () -> overheard.of("NDEATH").size() == 1);
    for (int window = -10; window <= 0; window++) {
      tell(answer(window, window));
    }
    state(true, 1500); // older than what was said: not heard
    state(true, 3000);
    Eventually.until("all windows", () -> windows().size() == 21);
    Conformance host = Conformance.check(overheard.messages());
    assertTrue(host.isAlive());
    assertEquals(2, overheard.of("NBIRTH").stream().map(EdgeNodeTest::bdSeq).distinct().count());
    for (JsonObject message : overheard.of("NDATA")) {
      for (JsonElement each : Overheard.payload(message).getAsJsonArray("metrics")) {
        JsonObject metric = each.getAsJsonObject();
        long at = metric.get("timestamp").getAsLong();
        boolean historical =
            metric.has("isHistorical") && metric.get("isHistorical").getAsBoolean();
        assertTrue(historical || at >= NEWEST_MILLIS - 2 * WINDOW_MILLIS, "old: " + metric);
        assertTrue(!historical || at < NEWEST_MILLIS, "new: " + metric);
      }
    }
  }

  @Test
  void whoDiesWithoutAWordDiesByItsWill() throws Exception {
    hears();
    open(Optional.empty());
    tell(answer(0, 20));
    Eventually.until("born", () -> !overheard.of("NBIRTH").isEmpty());
    command("spBv1.0/berlin/NCMD/gate", new byte[] {1, 2, 3}); // nonsense
    // The same client id from elsewhere: the broker closes our connection, as after a failure.
    new ProcessBuilder(
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            "" + broker.port(),
            "-i",
            "starling-sparkplug-berlin-gate",
            "-t",
            "nothing",
            "-W",
            "1")
        .start()
        .waitFor(5, TimeUnit.SECONDS);
    Eventually.until("its will is said", () -> !overheard.of("NDEATH").isEmpty());
    Eventually.until("it is back", () -> Conformance.check(overheard.messages()).birthDeath() > 0);
  }

  /** What comes from outside may be anything. */
  @Test
  void nonsenseIsNoCommand() {
    Random random = new Random(1);
    byte[] command =
        new Protobuf.Writer()
            .number(1, 1)
            .message(2, new Metric(Payload.REBIRTH, 1, new Metric.Value.Truth(true), "").birth())
            .toBytes();
    assertTrue(Payload.wantsRebirth(command));
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = Arrays.copyOf(command, 1 + random.nextInt(command.length));
      for (int n = random.nextInt(4); n >= 0; n--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      boolean _ = Payload.wantsRebirth(broken);
    }
  }

  /** Messages before somebody listens are lost. */
  private void hears() {
    Eventually.until(
        "somebody listens",
        () -> {
          command("spBv1.0/STATE/nobody", "{}".getBytes(UTF_8));
          return !overheard.messages().isEmpty();
        });
  }

  private void open(Optional<String> host) {
    EdgeNode.Settings settings =
        new EdgeNode.Settings(
            Brokers.at(broker.uri(), Optional.empty()),
            "berlin",
            "gate",
            host,
            directory.resolve("sparkplug.bdseq"));
    edge = EdgeNode.open(settings, InstantSource.system());
    outlet = Outlet.start(history.file(), edge, _ -> {});
  }

  private void tell(Delivery delivery) {
    history.accept(delivery);
    edge.accept(delivery);
  }

  private void state(boolean online, long timestamp) {
    String json = "{\"online\":" + online + ",\"timestamp\":" + timestamp + "}";
    command("spBv1.0/STATE/scada", json.getBytes(UTF_8), "-r");
  }

  private void command(String topic, byte[] payload, String... options) {
    List<String> words = new ArrayList<>(List.of("mosquitto_pub", "-h", "127.0.0.1"));
    words.addAll(List.of("-p", "" + broker.port(), "-q", "1", "-t", topic, "-s"));
    words.addAll(List.of(options));
    try {
      Process client = new ProcessBuilder(words).start();
      client.getOutputStream().write(payload);
      client.getOutputStream().close();
      assertEquals(0, client.waitFor());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All values of one metric that came, in births or data. */
  private Set<Double> windows() {
    Set<Double> windows = new HashSet<>();
    List<JsonObject> said = new ArrayList<>(overheard.of("NBIRTH"));
    said.addAll(overheard.of("NDATA"));
    for (JsonObject message : said) {
      for (JsonElement metric : Overheard.payload(message).getAsJsonArray("metrics")) {
        JsonObject one = metric.getAsJsonObject();
        if (one.get("name").getAsString().endsWith("avg_temperature")) {
          windows.add(one.get("value").getAsDouble());
        }
      }
    }
    return windows;
  }

  private static long bdSeq(JsonObject birth) {
    return Conformance.value(Overheard.payload(birth), "bdSeq").getAsLong();
  }

  private static Delivery readings(String node, int window, double volts) {
    return new Delivery.Latest(
        "/berlin/north/" + node,
        NEWEST_MILLIS + window * WINDOW_MILLIS,
        new TreeMap<>(Map.of("battery", volts)),
        new TreeMap<>(Map.of("battery", "V")));
  }

  static Delivery answer(int window, double average) {
    long end = NEWEST_MILLIS + window * WINDOW_MILLIS;
    return new Delivery.Result(
        "/berlin/north",
        "climate",
        end - WINDOW_MILLIS,
        end,
        new TreeMap<>(Map.of("avg_temperature", average)),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        6,
        6,
        0,
        6,
        0);
  }
}
