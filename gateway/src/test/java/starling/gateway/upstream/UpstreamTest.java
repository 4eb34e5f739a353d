package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.charter.Draft;
import starling.gateway.broker.EmbeddedBroker;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.MosquittoSub;
import starling.model.Delivery;
import starling.model.NodeId;
import starling.model.Page;

class UpstreamTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(Samples.NOON_MILLIS));
  private static final String ROOT = "starling/berlin/zone/climate";
  private static final String EAST = "starling/berlin/zone/east/climate";
  private static final String MITTE = "starling/berlin/zone/city/mitte/climate";
  private static final String NORTH = "starling/berlin/zone/north/climate";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"mosquitto", "embedded"})
  void aSubscriberSeesTheDocumentedTopicsAndPayloads(String which) throws Exception {
    try (Broker broker = broker(which);
        MosquittoSub early = MosquittoSub.to(broker.uri().getPort(), "starling/#");
        Upstream upstream = start(broker.uri(), "gw1")) {
      tellEverything(upstream);
      List<String> retained =
          List.of(
              "starling/berlin/gateway/gw1/status online",
              "starling/berlin/gateway/gw1/info"
                  + " {\"v\":1,\"gateway\":\"gw1\",\"version\":\"0.1.0\",",
              ROOT + " {\"v\":1,\"zone\":\"/berlin\",\"query\":\"climate\",\"window\":{",
              NORTH + " {\"v\":1,\"zone\":\"/berlin/north\",\"query\":\"climate\",\"window\":{",
              "starling/berlin/node/north/n7/latest {\"v\":1,\"node\":\"/berlin/north/n7\",",
              "starling/berlin/node/north/n7/status offline",
              "starling/berlin/node/north/n7/health {\"v\":1,\"node\":\"/berlin/north/n7\",",
              "starling/berlin/node/city/gate/health {\"v\":1,\"node\":\"/berlin/city/gate\",");
      List<String> events =
          List.of(
              "starling/berlin/event/node"
                  + " {\"v\":1,\"node\":\"/berlin/north/n7\",\"state\":\"gone\"",
              "starling/berlin/event/timing {\"v\":1,\"zone\":\"/berlin\",\"end\":",
              "starling/berlin/event/warning {\"v\":1,\"kind\":\"key\",",
              "starling/berlin/event/notice {\"v\":1,\"kind\":\"charter\",");
      for (String message : retained) {
        early.await(message, seen -> (seen.topic() + " " + seen.payload()).startsWith(message));
      }
      for (String message : events) {
        early.await(message, seen -> (seen.topic() + " " + seen.payload()).startsWith(message));
      }
      for (String message : retained) {
        int space = message.indexOf(' ');
        awaitRetained(broker.uri(), message.substring(0, space), message.substring(space + 1));
      }
      try (MosquittoSub late = MosquittoSub.to(broker.uri().getPort(), "starling/#")) {
        Eventually.until("all retained", () -> late.seen().size() >= retained.size());
        assertTrue(late.seen().stream().allMatch(MosquittoSub.Seen::retained));
        assertEquals(retained.size(), late.seen().size(), "no event is retained");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mosquitto", "embedded"})
  void theGatewayIsOfflineAfterACleanStopAndAfterItsProcessDied(String which) throws Exception {
    try (Broker broker = broker(which);
        MosquittoSub status =
            MosquittoSub.to(broker.uri().getPort(), "starling/berlin/gateway/#")) {
      Upstream clean = start(broker.uri(), "clean");
      status.await("online", seen -> seen.payload().equals("online"));
      clean.close();
      clean.close();
      status.await("offline", seen -> seen.payload().equals("offline"));

      Process dying = UpstreamProcess.start(broker.uri(), "dying");
      // Artemis may retain a client's last words after its will, if it dies while it says them.
      awaitRetained(broker.uri(), "starling/berlin/gateway/dying/status", "online");
      dying.destroyForcibly();
      status.await("the will", seen -> seen.topic().contains("dying") && isOffline(seen));
      awaitRetained(broker.uri(), "starling/berlin/gateway/dying/status", "offline");
      awaitRetained(broker.uri(), "starling/berlin/gateway/clean/status", "offline");
    }
  }

  /** A broker shows a message to those who listen a moment before it retains it. */
  private static void awaitRetained(URI broker, String topic, String start) {
    Eventually.until(
        topic + " " + start,
        () -> MosquittoSub.retained(broker.getPort(), topic).startsWith(start));
  }

  @Test
  void afterABrokerThatForgotEverythingTheNewestStateIsThereAgain() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        Upstream upstream = start(broker.uri(), "gw1")) {
      upstream.accept(Samples.result("/berlin", 0, 5, 20));
      Eventually.until("published", () -> upstream.counts().published() >= 3);
      broker.kill();
      for (int reported = 1; reported <= 18; reported++) {
        upstream.accept(Samples.result("/berlin", 1, reported, 21));
      }
      for (int i = 0; i < Alerts.WAITING_MAX + 10; i++) {
        upstream.accept(new Delivery.Notice("charter", "p" + i, "while away"));
      }
      broker.start();
      try (MosquittoSub late = MosquittoSub.to(broker.port(), "starling/#")) {
        late.await("the newest", seen -> seen.payload().contains("\"reported\":18,"));
        late.await("online", seen -> seen.payload().equals("online"));
        late.await("info", seen -> seen.topic().endsWith("/info"));
        assertFalse(
            late.seen().stream().anyMatch(seen -> seen.payload().contains("\"reported\":5,")));
      }
      Eventually.until(
          "all sent", () -> upstream.counts().published() >= 6 + Alerts.WAITING_MAX + 10);
      assertEquals(0, upstream.counts().lost());
    }
  }

  @Test
  void aGatewayThatWasAwayReplacesNothingNewer() throws Exception {
    Upstream.Keeping kept = new Upstream.Keeping(Optional.of(directory), 1 << 20, 500);
    try (EmbeddedBroker broker = embedded()) {
      try (Upstream before = start(broker.uri(), "gw1", kept)) {
        before.accept(Samples.result("/berlin", 8, 18, 20));
        before.accept(Samples.result("/berlin/north", 8, 6, 20));
        Eventually.until("published", () -> before.counts().published() >= 4);
      }
      try (MosquittoSub live = MosquittoSub.to(broker.port(), "starling/berlin/zone/#");
          Upstream after = start(broker.uri(), "gw1", kept)) {
        after.accept(Samples.result("/berlin", 7, 18, 19));
        after.accept(Samples.result("/berlin", 8, 17, 19));
        after.accept(Samples.result("/berlin/north", 8, 7, 19));
        live.await("the better one", seen -> !seen.retained());
        after.accept(Samples.result("/berlin", 9, 1, 19));
        live.await("the newer one", seen -> seen.topic().equals(ROOT) && !seen.retained());
        List<String> live2 =
            live.seen().stream()
                .filter(seen -> !seen.retained())
                .map(seen -> seen.topic() + " " + coverage(seen))
                .toList();
        assertEquals(List.of(NORTH + " 7", ROOT + " 1"), live2);
      }
    }
  }

  @Test
  void aBetterAnswerForAnEarlierWindowIsToldButNotRetained() throws Exception {
    try (EmbeddedBroker broker = embedded();
        MosquittoSub live = MosquittoSub.to(broker.port(), ROOT);
        Upstream upstream = start(broker.uri(), "gw1")) {
      upstream.accept(Samples.result("/berlin", 0, 17, 20));
      live.await("first window", seen -> coverage(seen) == 17);
      upstream.accept(Samples.result("/berlin", 1, 2, 20));
      live.await("second window", seen -> coverage(seen) == 2);
      upstream.accept(Samples.result("/berlin", 0, 18, 20));
      live.await("first window, complete", seen -> coverage(seen) == 18);
      assertEquals(2, coverage(MosquittoSub.retained(broker.port(), ROOT)), "the newest window");
    }
  }

  @Test
  void twoGatewaysPublishTheSameBytes() throws Exception {
    try (EmbeddedBroker broker = embedded();
        MosquittoSub live = MosquittoSub.to(broker.port(), "starling/berlin/zone/#");
        Upstream one = start(broker.uri(), "one");
        Upstream other = start(broker.uri(), "other")) {
      Eventually.until("both up", () -> one.isUp() && other.isUp());
      for (int window = 0; window < 5; window++) {
        one.accept(Samples.result("/berlin/north", window, 5, 20.1 + window));
        other.accept(Samples.result("/berlin/north", window, 5, 20.1 + window));
        String count = "\"ts\":" + (Samples.NOON_MILLIS + (window + 1) * Samples.WINDOW_MILLIS);
        live.await("window " + window, seen -> seen.payload().contains(count));
        assertEquals(
            1,
            live.seen().stream()
                .filter(seen -> seen.payload().contains(count))
                .map(MosquittoSub.Seen::payload)
                .distinct()
                .count());
      }
    }
  }

  @Test
  void aDeliveryWithNamesThatAreNoTopicIsCountedAndNothingElse() throws Exception {
    try (EmbeddedBroker broker = embedded();
        Upstream upstream = start(broker.uri(), "gw1")) {
      upstream.accept(Samples.result("/berlin/+", 0, 1, 20));
      upstream.accept(Samples.result("/hamburg", 0, 1, 20));
      upstream.accept(new Delivery.NodeState("/berlin/#", Delivery.State.UP, 1));
      upstream.accept(Samples.result("/berlin", 0, 1, 20));
      Eventually.until("the good one", () -> upstream.counts().published() >= 3);
      assertEquals(3, upstream.counts().refused());
    }
  }

  @Test
  void whatWasPublishedOfZonesAndNodesThatAreGoneIsTakenBackAndNothingElse() throws Exception {
    Upstream.Keeping kept = new Upstream.Keeping(Optional.of(directory), 1 << 20, 500);
    Draft draft =
        new Draft("berlin", 1_000)
            .cell("/berlin/city/mitte", Page.Medium.ADDRESSED)
            .cell("/berlin/north", Page.Medium.ADDRESSED)
            .node("/berlin/north/n7", new byte[32], 1, EnumSet.of(Draft.Duty.UPLINK))
            .node("/berlin/north/n8", key(8), 1, EnumSet.of(Draft.Duty.UPLINK));
    try (Mosquitto broker = Mosquitto.start(directory);
        Upstream other = start(broker.uri(), "gw2")) {
      other.accept(Samples.result("/berlin/east", 0, 5, 20));
      try (Upstream upstream = start(broker.uri(), "gw1", kept)) {
        upstream.accept(new Delivery.InForce(draft.charter()));
        upstream.accept(Samples.result("/berlin/north", 0, 5, 20));
        upstream.accept(Samples.result("/berlin/city/mitte", 0, 5, 20));
        upstream.accept(new Delivery.NodeState("/berlin/north/n7", Delivery.State.UP, 1));
        upstream.accept(new Delivery.NodeState("/berlin/north/n8", Delivery.State.UP, 1));
        awaitTopics(broker, NORTH, EAST, MITTE, node("north/n7"), node("north/n8"));

        upstream.accept(new Delivery.InForce(draft.retire("/berlin/north/n8").charter()));
        awaitTopics(broker, NORTH, EAST, MITTE, node("north/n7"));
      }
      draft.rename("/berlin/north", "south").move("/berlin/city/mitte", "/berlin/land");
      try (Upstream upstream = start(broker.uri(), "gw1", kept)) {
        upstream.accept(new Delivery.InForce(draft.charter()));
        upstream.accept(Samples.result("/berlin/south", 0, 5, 20));
        upstream.accept(Samples.result("/berlin/land/mitte", 0, 5, 20));
        awaitTopics(broker, EAST, zone("south"), zone("land/mitte"));

        draft.rename("/berlin/south", "north");
        upstream.accept(new Delivery.InForce(draft.charter()));
        upstream.accept(Samples.result("/berlin/north", 1, 5, 20));
        awaitTopics(broker, NORTH, EAST, zone("land/mitte"));
      }
    }
    assertEquals(
        Set.of(NORTH, zone("land/mitte")),
        new Published(Optional.of(directory.resolve("published"))).topics(),
        "and no more");
  }

  @Test
  void homeAssistantIsToldOfZonesAndNodesAgainWhenItStartsAndOfThoseThatAreGone() throws Exception {
    Upstream.Keeping kept = new Upstream.Keeping(Optional.of(directory), 1 << 20, 500);
    Draft draft =
        new Draft("berlin", 1_000)
            .cell("/berlin/north", Page.Medium.ADDRESSED)
            .node("/berlin/north/n7", key(7), 1, EnumSet.of(Draft.Duty.UPLINK))
            .node("/berlin/north/n8", key(8), 1, EnumSet.of(Draft.Duty.UPLINK));
    String n7 = "ha/device/starling_" + NodeId.of(key(7)) + "/config";
    try (Mosquitto broker = Mosquitto.start(directory)) {
      try (MosquittoSub live = MosquittoSub.to(broker.port(), "ha/device/#");
          Upstream upstream = start(broker.uri(), "gw1", kept, Optional.of("ha"))) {
        upstream.accept(new Delivery.InForce(draft.charter()));
        tellEverything(upstream);
        live.await("the gateway", seen -> seen.topic().contains("_gateway_gw1/"));
        live.await("a zone", seen -> seen.payload().contains("climate_avg_temperature"));
        live.await("a node", seen -> seen.topic().equals(n7));
        int before = live.seen().size();
        MosquittoSub.publish(broker.port(), "ha/status", "online");
        Eventually.until("all again", () -> live.seen().size() >= before + 3);
      }
      try (Upstream upstream = start(broker.uri(), "gw1", kept, Optional.of("ha"))) {
        awaitRetained(broker.uri(), n7, "{\"dev\":");
        upstream.accept(new Delivery.InForce(draft.retire("/berlin/north/n7").charter()));
        Eventually.until("gone", () -> MosquittoSub.retained(broker.port(), n7).isEmpty());
      }
    }
  }

  private static byte[] key(int of) {
    byte[] key = new byte[32];
    key[0] = (byte) of;
    return key;
  }

  private static String zone(String below) {
    return "starling/berlin/zone/" + below + "/climate";
  }

  private static String node(String below) {
    return "starling/berlin/node/" + below + "/status";
  }

  /** Exactly these are retained of zones and nodes. */
  private static void awaitTopics(Mosquitto broker, String... topics) {
    Eventually.until("only " + List.of(topics), () -> retained(broker).equals(Set.of(topics)));
  }

  private static Set<String> retained(Mosquitto broker) {
    try (MosquittoSub sub = MosquittoSub.to(broker.port(), "starling/#")) {
      sub.await("the end of what is retained", seen -> seen.topic().endsWith("gw2/status"));
      return sub.seen().stream()
          .map(MosquittoSub.Seen::topic)
          .filter(topic -> topic.contains("/zone/") || topic.contains("/node/"))
          .collect(Collectors.toSet());
    }
  }

  private static void tellEverything(Upstream upstream) {
    var values = new TreeMap<>(Samples.result("/berlin", 0, 1, 20).values());
    var units = new TreeMap<>(Samples.result("/berlin", 0, 1, 20).units());
    upstream.accept(Samples.result("/berlin", 0, 5, 20));
    upstream.accept(Samples.result("/berlin/north", 0, 5, 20));
    upstream.accept(new Delivery.Latest("/berlin/north/n7", Samples.NOON_MILLIS, values, units));
    upstream.accept(new Delivery.NodeState("/berlin/north/n7", Delivery.State.UP, 1));
    upstream.accept(new Delivery.NodeState("/berlin/north/n7", Delivery.State.GONE, 1));
    upstream.accept(Samples.heard("/berlin/north/n7"));
    upstream.accept(Samples.vitals("/berlin/city/gate"));
    upstream.accept(new Delivery.Timing("/berlin", Samples.NOON_MILLIS, 100, 90));
    upstream.accept(new Delivery.Warning("key", "n7", "its tag does not verify"));
    upstream.accept(new Delivery.Notice("charter", "3", "page version 2 holds"));
    upstream.accept(new Delivery.SampleDue(1, 2));
  }

  private static boolean isOffline(MosquittoSub.Seen seen) {
    return seen.payload().equals("offline");
  }

  private static int coverage(MosquittoSub.Seen seen) {
    return coverage(seen.payload());
  }

  private static int coverage(String payload) {
    return Rank.of(payload.getBytes(UTF_8)).orElseThrow().reported();
  }

  static Upstream start(URI broker, String name) throws IOException {
    return start(broker, name, Upstream.Keeping.IN_MEMORY);
  }

  static Upstream start(URI broker, String name, Upstream.Keeping keeping) throws IOException {
    return start(broker, name, keeping, Optional.empty());
  }

  private static Upstream start(
      URI broker, String name, Upstream.Keeping keeping, Optional<String> homeAssistant)
      throws IOException {
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                broker, Optional.empty(), "berlin", name, "0.1.0", keeping, homeAssistant),
            CLOCK);
    upstream.open();
    return upstream;
  }

  private EmbeddedBroker embedded() throws IOException {
    return EmbeddedBroker.start(new EmbeddedBroker.Settings("127.0.0.1", 0, directory, List.of()));
  }

  /** Either of the two brokers. */
  private record Broker(URI uri, Runnable stop) implements AutoCloseable {
    @Override
    public void close() {
      stop.run();
    }
  }

  private Broker broker(String which) throws IOException {
    if (which.equals("embedded")) {
      EmbeddedBroker broker = embedded();
      return new Broker(broker.uri(), broker::close);
    }
    Mosquitto broker = Mosquitto.start(directory);
    return new Broker(broker.uri(), broker::close);
  }
}
