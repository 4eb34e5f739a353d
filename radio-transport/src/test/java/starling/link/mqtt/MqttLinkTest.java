package starling.link.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;

class MqttLinkTest {
  private static final LinkProfile PROFILE = Presets.MQTT.profile();
  private static final String PREFIX = "starling-air/berlin";
  private static final Address HERE = new Address(3, 0);
  private static final Address THERE = new Address(3, 63);

  @TempDir Path directory;

  @Test
  void framesOfEverySizeArriveAsTheyWereSent() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Ear here = Ear.open(broker.uri(), HERE);
        Ear there = Ear.open(broker.uri(), THERE)) {
      here.awaitUp();
      there.awaitUp();
      for (int bytes = 1; bytes <= PROFILE.mtuBytes(); bytes++) {
        byte[] frame = frame(bytes);
        here.send(bytes, THERE, frame);
        Eventually.until("it left", () -> here.left.size() == frame.length);
        Eventually.until("it is heard", () -> there.heard.size() == frame.length);
        assertArrayEquals(frame, there.heard.getLast());
      }
      assertFalse(here.left.containsValue(false));
      assertTrue(here.heard.isEmpty(), "nobody hears another's inbox");
    }
  }

  @Test
  void framesTravelOverTlsBetweenThoseWhoAreCertified() throws IOException {
    Authority authority = Authority.create(directory, "ca");
    Optional<Path> trusted = Optional.of(authority.certificate());
    Tls node = Tls.read(trusted, Optional.of(authority.certify("node", 30)));
    try (Mosquitto broker =
        Mosquitto.secured(
            directory,
            authority.certify("broker", 30),
            "cafile " + authority.certificate(),
            "require_certificate true",
            "allow_anonymous true")) {
      List<URI> at = List.of(broker.start().secureUri());
      try (Ear here = new Ear(new Brokers(at, Optional.empty(), node), HERE);
          Ear there = new Ear(new Brokers(at, Optional.empty(), node), THERE);
          Ear bare =
              new Ear(
                  new Brokers(at, Optional.empty(), Tls.read(trusted, Optional.empty())),
                  new Address(3, 1))) {
        here.awaitUp();
        there.awaitUp();
        here.send(1, THERE, frame(100));
        Eventually.until("it is heard", () -> !there.heard.isEmpty());
        assertArrayEquals(frame(100), there.heard.getFirst());
        Eventually.until("the bare one is told why", () -> !bare.reasons.isEmpty());
        assertFalse(bare.states.contains(true));
      }
    }
  }

  @Test
  void aKilledBrokerMakesTheLinkDownAndItComesUpAgainByItself() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Ear here = Ear.open(broker.uri(), HERE);
        Ear there = Ear.open(broker.uri(), THERE)) {
      here.awaitUp();
      there.awaitUp();
      broker.kill();
      here.awaitDown();
      there.awaitDown();
      here.send(1, THERE, frame(20));
      assertEquals(Map.of(1L, List.of(false)), here.outcomes(), "refused at once, not kept");

      broker.start();
      here.awaitUp();
      there.awaitUp();
      here.send(2, THERE, frame(30));
      Eventually.until("a frame is heard", () -> !there.heard.isEmpty());
      assertArrayEquals(frame(30), there.heard.getFirst(), "the refused frame never comes");
    }
  }

  @Test
  void aLinkOpenedBeforeItsBrokerComesUpWithIt() {
    try (Mosquitto broker = Mosquitto.at(directory);
        Ear here = Ear.open(broker.uri(), HERE)) {
      here.awaitDown();
      assertTrue(here.reasons.getLast().contains("refused"), here.reasons.toString());
      broker.start();
      here.awaitUp();
    }
  }

  @Test
  void everySendIsAnsweredExactlyOnceAlsoWhenTheBrokerDiesUnderIt() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Ear here = Ear.open(broker.uri(), HERE)) {
      here.awaitUp();
      for (int id = 0; id < 20_000; id++) {
        here.send(id, THERE, frame(400));
        if (id == 10_000) {
          broker.kill();
        }
      }
      Eventually.until("all are answered", () -> here.left.size() == 20_000);
      here.awaitDown();
      assertTrue(here.outcomes().values().stream().allMatch(told -> told.size() == 1));
      assertTrue(here.left.containsValue(true) && here.left.containsValue(false));
    }
  }

  @Test
  void hostileMessagesToAnInboxAreDroppedAndCountedAndFramesStillHeard() throws MqttException {
    try (Mosquitto broker = Mosquitto.start(directory);
        Ear here = Ear.open(broker.uri(), HERE);
        Ear there = Ear.open(broker.uri(), THERE)) {
      here.awaitUp();
      there.awaitUp();
      String inbox = PREFIX + "/3/63";
      try (var stranger =
          new MqttClient("tcp://127.0.0.1:" + broker.port(), "x", new MemoryPersistence())) {
        stranger.connect();
        for (int i = 0; i < 60; i++) {
          stranger.publish(inbox, new byte[0], i % 2, false);
          stranger.publish(inbox, frame(PROFILE.mtuBytes() + 1), i % 2, false);
          stranger.publish(inbox, frame(100_000), i % 2, false);
          stranger.publish(inbox, frame(1 + i), i % 2, false);
        }
        stranger.publish(inbox, new byte[100_000_000], 0, false);
        stranger.publish(inbox, frame(77), 1, true);
        stranger.disconnect();
      }
      Eventually.until("the strangers' frames are heard", () -> there.heard.size() == 61);
      assertEquals(121, there.link.refused());
      here.send(1, THERE, frame(42));
      Eventually.until("a frame is heard", () -> there.heard.size() == 62);
      assertEquals(1, there.states.size(), "never down");

      there.link.close();
      try (Ear later = Ear.open(broker.uri(), THERE)) {
        later.awaitUp();
        here.send(2, THERE, frame(43));
        Eventually.until("a frame is heard", () -> !later.heard.isEmpty());
        assertArrayEquals(frame(43), later.heard.getFirst(), "what was retained is no frame");
      }
    }
  }

  @Test
  void aBrokerThatTakesConnectionsButSaysNothingIsGivenUp() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Ear here = Ear.open(URI.create("mqtt://127.0.0.1:" + silent.getLocalPort()), HERE)) {
      here.awaitDown();
      assertTrue(here.reasons.getLast().contains("no answer"), here.reasons.toString());
    }
  }

  @Test
  void aWrongPasswordIsToldAndTheRightOneLetsIn() throws Exception {
    Path passwords = directory.resolve("passwords");
    Files.createFile(passwords);
    Mosquitto.run(
            Mosquitto.program("mosquitto_passwd"), "-b", passwords.toString(), "field", "right")
        .waitFor();
    try (Mosquitto broker = Mosquitto.at(directory, "password_file " + passwords).start();
        Ear wrong = new Ear(broker.uri(), HERE, Optional.of(new Login("field", "wrong")));
        Ear right = new Ear(broker.uri(), THERE, Optional.of(new Login("field", "right")))) {
      right.awaitUp();
      wrong.awaitDown();
      assertTrue(wrong.reasons.getLast().contains("uthori"), wrong.reasons.toString());
      assertFalse(new Login("field", "secret").toString().contains("secret"));
    }
  }

  @Test
  void aClosedLinkLeavesNoThreadAndRefusesFrames() {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      Ear here = Ear.open(broker.uri(), HERE);
      here.awaitUp();
      assertFalse(threads().isEmpty());
      here.close();
      here.close();
      Eventually.until("all threads ended", () -> threads().isEmpty());
      here.send(1, THERE, frame(10));
      assertEquals(Map.of(1L, List.of(false)), here.outcomes());
    }
  }

  @Test
  void manyFailedAttemptsLeaveNoThreads() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Ear here = Ear.open(broker.uri(), HERE)) {
      for (int i = 0; i < 3; i++) {
        here.awaitUp();
        broker.kill();
        here.awaitDown();
        broker.start();
      }
      here.awaitUp();
      Eventually.until("old threads ended: " + threads(), () -> threads().size() == 4);
    }
  }

  @Test
  void whatCannotBeALinkIsRefused() {
    URI uri = URI.create("mqtt://127.0.0.1");
    for (String prefix : List.of("", "/a", "a/", "a//b", "a/+", "a/#", "a".repeat(201))) {
      assertThrows(
          IllegalArgumentException.class, () -> new MqttLink(uri, "id", prefix, HERE, PROFILE));
    }
    LinkProfile radio = Presets.SIK_64K.profile();
    assertThrows(IllegalArgumentException.class, () -> new MqttLink(uri, "id", "a", HERE, radio));
    assertThrows(
        IllegalArgumentException.class, () -> new MqttLink(uri, "id", "a", Address.ALL, PROFILE));
    URI web = URI.create("https://127.0.0.1");
    assertThrows(IllegalArgumentException.class, () -> new MqttLink(web, "id", "a", HERE, PROFILE));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.toLowerCase().contains("mqtt"))
        .toList();
  }

  private static byte[] frame(int bytes) {
    byte[] frame = new byte[bytes];
    new Random(bytes).nextBytes(frame);
    return frame;
  }

  /** A link, and all that it tells. */
  private static final class Ear implements Link.Listener, AutoCloseable {
    final List<byte[]> heard = new CopyOnWriteArrayList<>();
    final Map<Long, Boolean> left = new ConcurrentHashMap<>();
    final Map<Long, List<Boolean>> outcomes = new ConcurrentHashMap<>();
    final List<Boolean> states = new CopyOnWriteArrayList<>();
    final List<String> reasons = new CopyOnWriteArrayList<>();
    final MqttLink link;
    private final AirtimeLedger ledger;
    private final AtomicInteger hours = new AtomicInteger();

    Ear(URI broker, Address self, Optional<Login> login) {
      this(Brokers.at(broker, login), self);
    }

    Ear(Brokers brokers, Address self) {
      link = new MqttLink(brokers, "n-" + self.slot(), PREFIX, self, PROFILE);
      ledger = new AirtimeLedger(PROFILE);
      link.open(this);
    }

    static Ear open(URI broker, Address self) {
      return new Ear(broker, self, Optional.empty());
    }

    void send(long id, Address to, byte[] frame) {
      long later = hours.incrementAndGet() * 3_600_000_000_000L;
      var permit = ledger.reserve(frame.length, Purpose.NEWS, later).orElseThrow();
      link.send(id, to, permit, frame);
    }

    void awaitUp() {
      Eventually.until("up, not " + reasons, () -> !states.isEmpty() && states.getLast());
    }

    void awaitDown() {
      Eventually.until("down", () -> !states.isEmpty() && !states.getLast());
    }

    Map<Long, List<Boolean>> outcomes() {
      return outcomes;
    }

    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {
      heard.add(frame);
    }

    @Override
    public void left(long frameId, boolean gone) {
      outcomes.computeIfAbsent(frameId, id -> new CopyOnWriteArrayList<>()).add(gone);
      left.put(frameId, gone);
    }

    @Override
    public void state(boolean up, String reason) {
      reasons.add(reason);
      states.add(up);
    }

    @Override
    public void close() {
      link.close();
    }
  }
}
