package starling.gateway.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Login;
import starling.link.mqtt.MosquittoSub;

class EmbeddedBrokerTest {
  private static final String TOPIC = "starling/berlin/zone/climate";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"mqttv311", "mqttv5"})
  void subscribersOfBothProtocolVersionsSeeWhatIsPublished(String version) throws Exception {
    try (EmbeddedBroker broker = start();
        MosquittoSub early = MosquittoSub.to(broker.port(), "starling/#", "-V", version)) {
      publish(broker.port(), TOPIC, "first", 1, true);
      publish(broker.port(), "starling/berlin/event/joined", "once", 1, false);
      assertFalse(early.await("the live one", m -> m.payload().equals("first")).retained());
      early.await("the event", m -> m.payload().equals("once"));
      publish(broker.port(), TOPIC, "second", 1, true);
      awaitRetained(broker.port(), "second");
      try (MosquittoSub late = MosquittoSub.to(broker.port(), "starling/#", "-V", version)) {
        assertEquals(
            new MosquittoSub.Seen(true, TOPIC, "second"), late.await("the retained", m -> true));
        publish(broker.port(), "starling/berlin/end", "end", 1, false);
        late.await("the end", m -> m.payload().equals("end"));
        assertEquals(2, late.seen().size(), "only the newest is retained, and no event");
      }
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAKill() throws Exception {
    int port;
    try (BrokerProcess broker = BrokerProcess.start(directory, 0)) {
      port = broker.port();
      try (MqttClient session = client(port, "durable")) {
        session.connect(options(false));
        session.subscribe("command/#", 1);
        session.disconnect();
      }
      try (MqttClient publisher = client(port, "publisher")) {
        publisher.connect(options(true));
        for (int i = 0; i < 50; i++) {
          publisher.publish(TOPIC + i, ("value " + i).getBytes(UTF_8), 1, true);
          publisher.publish("command/" + i, ("queued " + i).getBytes(UTF_8), 1, false);
        }
        publisher.publish(TOPIC + 49, "newest".getBytes(UTF_8), 1, true);
        publisher.disconnect();
      }
      broker.kill();
    }
    try (BrokerProcess broker = BrokerProcess.start(directory, port)) {
      assertEquals(port, broker.port());
      try (MosquittoSub late = MosquittoSub.to(port, "starling/#")) {
        Eventually.until("all retained ones are there", () -> late.seen().size() == 50);
        late.await("the newest", m -> m.topic().equals(TOPIC + 49) && m.payload().equals("newest"));
      }
      String[] resume = {"-i", "durable", "-c"};
      try (MosquittoSub session = MosquittoSub.to(port, "command/#", resume)) {
        Eventually.until("all queued ones are there", () -> session.seen().size() == 50);
      }
    }
  }

  @Test
  void aClosedBrokerLeavesNoThreadsAndStartsAgainWithWhatItHad() throws Exception {
    int port;
    try (EmbeddedBroker broker = start()) {
      port = broker.port();
      publish(port, TOPIC, "kept", 1, true);
    }
    Eventually.until("threads ended: " + threads(), () -> threads().isEmpty());
    try (EmbeddedBroker again = EmbeddedBroker.start(settings(port, List.of()));
        MosquittoSub late = MosquittoSub.to(again.port(), "#")) {
      late.await("the retained", m -> m.payload().equals("kept"));
    }
  }

  @Test
  void aTakenPortAndATakenDirectoryAreToldClearly() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      IOException e =
          assertThrows(
              IOException.class, () -> EmbeddedBroker.start(settings(port, List.of())).close());
      assertTrue(e.getMessage().contains(":" + port), e.getMessage());
    }
    try (EmbeddedBroker first = start()) {
      IOException e = assertThrows(IOException.class, () -> start().close());
      assertTrue(e.getMessage().contains(directory.toString()), first + e.getMessage());
    }
  }

  @Test
  void nobodyFromOutsideIsLetInWithoutAUser() {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new EmbeddedBroker.Settings(host, 0, directory, List.of()));
    }
    new EmbeddedBroker.Settings("0.0.0.0", 0, directory, List.of(new Login("field", "x")));
    new EmbeddedBroker.Settings("::1", 0, directory, List.of());
  }

  @Test
  void withUsersOnlyTheyAreLetIn() throws Exception {
    List<Login> users = List.of(new Login("field", "green"), new Login("desk", "blue"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings(0, users))) {
      assertThrows(MqttException.class, () -> publish(broker.port(), TOPIC, "x", 1, true));
      assertThrows(MqttException.class, () -> login(broker.port(), "field", "blue"));
      assertThrows(MqttException.class, () -> login(broker.port(), "nobody", "blue"));
      login(broker.port(), "field", "green");
      login(broker.port(), "desk", "blue");
    }
  }

  @Test
  void aPacketAboveTheLimitEndsItsConnectionAndNothingElse() throws Exception {
    try (EmbeddedBroker broker = start();
        MosquittoSub subscriber = MosquittoSub.to(broker.port(), "#")) {
      String large = "x".repeat(BoundedMqtt.PACKET_MAX_BYTES);
      assertThrows(MqttException.class, () -> publish(broker.port(), "big", large, 1, true));
      publish(broker.port(), TOPIC, "still there", 1, true);
      subscriber.await("the next", m -> m.payload().equals("still there"));
      assertEquals(1, subscriber.seen().size());
    }
  }

  @Test
  void theDirectoryStaysSmallHoweverOftenAStateIsReplacedOrASubscriberIsAway() throws Exception {
    try (EmbeddedBroker broker = start();
        MqttClient publisher = client(broker.port(), "p")) {
      try (MqttClient away = client(broker.port(), "away")) {
        away.connect(options(false));
        away.subscribe("bulk", 1);
        away.disconnect();
      }
      publisher.connect(options(true));
      byte[] bulk = new byte[BoundedMqtt.PACKET_MAX_BYTES - 100];
      for (int i = 0; i < 300; i++) {
        publisher.publish("bulk", bulk, 1, false);
      }
      for (int i = 0; i < 300; i++) {
        publisher.publish(TOPIC, ("state " + i + " ".repeat(1_000)).getBytes(UTF_8), 1, true);
      }
      publisher.disconnect();
      awaitRetained(broker.port(), "state 299");
      assertTrue(bytesIn(directory) < 48 << 20, "75 MB published, kept " + bytesIn(directory));
    }
  }

  @Test
  void whoMakesTooManyTopicsIsDisconnectedAndAllOthersAreServedOn() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(directory, 0)) {
      int port = broker.port();
      publish(port, TOPIC, "before", 1, true);
      try (var flood =
          new MqttAsyncClient("tcp://127.0.0.1:" + port, "flood", new MemoryPersistence())) {
        flood.connect(options(true)).waitForCompletion();
        assertThrows(
            MqttException.class,
            () -> {
              for (int i = 0; i < 3_000; i++) {
                var sent = flood.publish("flood/" + i, new byte[50], 1, true);
                if (i % 100 == 0) {
                  sent.waitForCompletion(10_000);
                }
              }
            });
      }
      publish(port, TOPIC, "after", 1, true);
      awaitRetained(port, "after");
      try (MosquittoSub all = MosquittoSub.to(port, "flood/#")) {
        Eventually.until("what was taken is there", () -> all.seen().size() > 500);
      }
    }
  }

  /** The broker acknowledges a message a moment before it shows it to those who come later. */
  private static void awaitRetained(int port, String start) {
    Eventually.until(start, () -> MosquittoSub.retained(port, TOPIC).startsWith(start));
  }

  private EmbeddedBroker start() throws IOException {
    return EmbeddedBroker.start(settings(0, List.of()));
  }

  private EmbeddedBroker.Settings settings(int port, List<Login> users) {
    return new EmbeddedBroker.Settings("127.0.0.1", port, directory, users);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.toLowerCase().contains("activemq"))
        .toList();
  }

  private static long bytesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(EmbeddedBrokerTest::bytes).sum();
    }
  }

  private static long bytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void login(int port, String user, String password) throws MqttException {
    try (MqttClient client = client(port, user)) {
      MqttConnectOptions options = options(true);
      options.setUserName(user);
      options.setPassword(password.toCharArray());
      client.connect(options);
      client.publish(TOPIC, new byte[1], 1, false);
      client.disconnect();
    }
  }

  private static void publish(int port, String topic, String payload, int qos, boolean retained)
      throws MqttException {
    try (MqttClient client = client(port, "publisher")) {
      client.setTimeToWait(10_000);
      client.connect(options(true));
      client.publish(topic, payload.getBytes(UTF_8), qos, retained);
      client.disconnect();
    }
  }

  private static MqttClient client(int port, String id) throws MqttException {
    return new MqttClient("tcp://127.0.0.1:" + port, id, new MemoryPersistence());
  }

  private static MqttConnectOptions options(boolean cleanSession) {
    var options = new MqttConnectOptions();
    options.setCleanSession(cleanSession);
    options.setMaxInflight(1_000);
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    return options;
  }
}
