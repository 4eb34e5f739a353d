package starling.gateway.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.mqtt.Authority;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.MosquittoSub;
import starling.link.mqtt.MqttLink;
import starling.link.mqtt.Tls;

/** The embedded broker with certificates, users and rights, and clients that others have made. */
class GuardedBrokerTest {
  private static final LinkProfile PROFILE = Presets.MQTT.profile();
  private static final String ZONE = "starling/berlin/zone/climate";
  private static final List<User> USERS =
      Stream.of(
              "field green",
              "desk blue read starling/#",
              "n17 - all starling-air/berlin/#",
              "meter red write starling/berlin/+/x read starling/berlin/zone/climate")
          .map(User::parse)
          .toList();

  @TempDir Path directory;
  private Authority authority;
  private Tls.Identity server;

  @BeforeEach
  void certify() throws IOException {
    Path keys = Files.createDirectory(directory.resolve("keys"));
    authority = Authority.create(keys, "ca");
    server = authority.certify("server", 30);
  }

  @Test
  void aUserComesInOverTlsAndNobodyWithoutAPassword() throws Exception {
    try (EmbeddedBroker broker = start(USERS, false);
        MosquittoSub desk = subscriber(broker, "starling/#", "-u", "desk", "-P", "blue")) {
      publish(broker, login("field", "green"), ZONE, "21.4");
      desk.await("what was published", seen -> seen.payload().equals("21.4"));
      assertRefused(broker, login("field", "blue"));
      assertRefused(broker, login("nobody", "green"));
      assertRefused(broker, new MqttConnectOptions());
      assertRefused(broker, login("n17", ""));
    }
  }

  @Test
  void whoBelievesAnotherAuthorityOrSpeaksInTheClearDoesNotComeIn() throws Exception {
    Authority stranger = Authority.create(directory, "stranger");
    try (EmbeddedBroker broker = start(USERS, false)) {
      MqttConnectOptions options = login("field", "green");
      options.setSocketFactory(tls(stranger, Optional.empty()).context().getSocketFactory());
      try (MqttClient client = client("ssl", broker)) {
        assertThrows(MqttException.class, () -> client.connect(options));
      }
      MqttConnectOptions clear = login("field", "green");
      clear.setConnectionTimeout(2);
      try (MqttClient client = client("tcp", broker)) {
        assertThrows(MqttException.class, () -> client.connect(clear));
      }
      publish(broker, login("field", "green"), ZONE, "it goes on");
    }
  }

  @Test
  void aCertificateIsWantedAndItsNameIsAUsers() throws Exception {
    try (EmbeddedBroker broker = start(USERS, true)) {
      assertRefused(broker, login("field", "green"));
      MqttConnectOptions node = certified("n17");
      publish(broker, node, "starling-air/berlin/1/17", "a frame");
      assertForbidden(broker, node, ZONE);
      MqttConnectOptions named = certified("other");
      assertRefused(broker, named);
      named.setUserName("field");
      named.setPassword("green".toCharArray());
      publish(broker, named, ZONE, "with a password as well");
    }
  }

  @Test
  void nodesMeetThereByTheirCertificatesAndTheGatewayByAPortOfItsOwn() throws Exception {
    try (EmbeddedBroker broker = start(USERS, true)) {
      Tls node = tls(authority, Optional.of(authority.certify("n17", 30)));
      Brokers brokers = new Brokers(List.of(broker.uri()), Optional.empty(), node);
      Ear there = new Ear();
      try (MqttLink from = link(broker.brokers(), 1);
          MqttLink to = link(brokers, 2)) {
        Ear here = new Ear();
        from.open(here);
        to.open(there);
        Eventually.until("both are up", Duration.ofMinutes(1), () -> here.up && there.up);
        AirtimeLedger ledger = new AirtimeLedger(PROFILE);
        from.send(
            1, new Address(7, 2), ledger.reserve(9, Purpose.NEWS, 0).orElseThrow(), new byte[9]);
        Eventually.until("a frame is heard", () -> there.frames.get() == 1);
      }
    }
  }

  @Test
  void withoutUsersWhoeverIsCertifiedComesIn() throws Exception {
    Authority stranger = Authority.create(directory, "stranger");
    Tls.Identity forged = stranger.certify("n17", 30);
    try (EmbeddedBroker broker = start(List.of(), true)) {
      Tls.Identity own = authority.certify("gate", 30);
      String[] shown = {"--cert", own.certificate().toString(), "--key", own.key().toString()};
      try (MosquittoSub all = subscriber(broker, "#", shown)) {
        publish(broker, certified("n17"), ZONE, "21.4");
        all.await("what was published", seen -> seen.payload().equals("21.4"));
      }
      MqttConnectOptions options = new MqttConnectOptions();
      options.setSocketFactory(tls(authority, Optional.of(forged)).context().getSocketFactory());
      assertRefused(broker, options);
    }
  }

  @Test
  void nobodySaysOrHearsWhatIsNotForThem() throws Exception {
    try (EmbeddedBroker broker = start(USERS, false);
        MosquittoSub all = subscriber(broker, "#", "-u", "field", "-P", "green")) {
      publish(broker, login("field", "green"), "secret/plan", "hush");
      MqttConnectOptions desk = login("desk", "blue");
      assertForbidden(broker, desk, ZONE);
      assertUnheard(broker, desk, "#", "secret/plan", "+/plan", "$share/a/secret/plan");
      MqttConnectOptions meter = login("meter", "red");
      publish(broker, meter, "starling/berlin/zone/x", "allowed");
      assertForbidden(broker, meter, "starling/berlin/zone/climate");
      assertUnheard(broker, meter, "starling/berlin/+/climate", "starling/#");
      assertTrue(subscribes(broker, meter, ZONE));
      die(broker, login("desk", "blue"), ZONE);
      die(broker, login("field", "green"), "end");
      all.await("the end", seen -> seen.topic().equals("end"));
      assertEquals(
          1, all.seen().stream().filter(seen -> seen.payload().equals("forged")).count(), "a will");
    }
  }

  @Test
  void whoGuessesIsNotListenedToForAWhile() throws Exception {
    try (EmbeddedBroker broker = start(USERS, false)) {
      for (int i = 0; i < Guesses.WRONG_MAX; i++) {
        assertRefused(broker, login("field", "guess " + i));
      }
      assertRefused(broker, login("field", "green"));
      publish(broker, login("meter", "red"), "starling/berlin/zone/x", "another user");
    }
  }

  private static MqttLink link(Brokers brokers, int slot) {
    return new MqttLink(
        brokers, "node-" + slot, "starling-air/berlin", new Address(7, slot), PROFILE);
  }

  /** What a node's link tells. */
  private static final class Ear implements Link.Listener {
    private final AtomicInteger frames = new AtomicInteger();
    private volatile boolean up;

    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {
      frames.incrementAndGet();
    }

    @Override
    public void left(long frameId, boolean gone) {}

    @Override
    public void state(boolean isUp, String reason) {
      up = isUp;
    }
  }

  private EmbeddedBroker start(List<User> users, boolean certificates) throws IOException {
    return EmbeddedBroker.start(
        new EmbeddedBroker.Settings(
            "127.0.0.1",
            0,
            directory.resolve("broker"),
            users,
            Optional.of(tls(authority, Optional.of(server))),
            certificates));
  }

  private static Tls tls(Authority of, Optional<Tls.Identity> identity) throws IOException {
    return Tls.read(Optional.of(of.certificate()), identity);
  }

  private MosquittoSub subscriber(EmbeddedBroker broker, String filter, String... options) {
    Stream<String> trust = Stream.of("--cafile", authority.certificate().toString());
    return MosquittoSub.to(
        broker.port(), filter, Stream.concat(trust, Stream.of(options)).toArray(String[]::new));
  }

  private static MqttConnectOptions login(String user, String password) {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setUserName(user);
    options.setPassword(password.toCharArray());
    return options;
  }

  private MqttConnectOptions certified(String name) throws IOException {
    MqttConnectOptions options = new MqttConnectOptions();
    Tls tls = tls(authority, Optional.of(authority.certify(name, 30)));
    options.setSocketFactory(tls.context().getSocketFactory());
    return options;
  }

  private void secured(MqttConnectOptions options) throws IOException {
    if (options.getSocketFactory() == null) {
      options.setSocketFactory(tls(authority, Optional.empty()).context().getSocketFactory());
    }
  }

  private static MqttClient client(String scheme, EmbeddedBroker broker) throws MqttException {
    MqttClient client =
        new MqttClient(
            scheme + "://127.0.0.1:" + broker.port(),
            MqttClient.generateClientId(),
            new MemoryPersistence());
    client.setTimeToWait(10_000);
    return client;
  }

  private void publish(EmbeddedBroker broker, MqttConnectOptions as, String topic, String payload)
      throws Exception {
    secured(as);
    try (MqttClient client = client("ssl", broker)) {
      client.connect(as);
      client.publish(topic, payload.getBytes(UTF_8), 1, true);
      client.disconnect();
    }
  }

  /** With a will. */
  private void die(EmbeddedBroker broker, MqttConnectOptions as, String topic) throws Exception {
    secured(as);
    as.setWill(topic, "forged".getBytes(UTF_8), 1, true);
    try (MqttClient client = client("ssl", broker)) {
      client.connect(as);
      client.disconnectForcibly(0, 0, false);
    }
  }

  private void assertRefused(EmbeddedBroker broker, MqttConnectOptions as) throws Exception {
    secured(as);
    try (MqttClient client = client("ssl", broker)) {
      assertThrows(MqttException.class, () -> client.connect(as), String.valueOf(as.getUserName()));
    }
  }

  private void assertForbidden(EmbeddedBroker broker, MqttConnectOptions as, String topic) {
    assertThrows(MqttException.class, () -> publish(broker, as, topic, "forbidden"), topic);
  }

  private void assertUnheard(EmbeddedBroker broker, MqttConnectOptions as, String... filters)
      throws Exception {
    for (String filter : filters) {
      assertFalse(subscribes(broker, as, filter), filter);
    }
  }

  private boolean subscribes(EmbeddedBroker broker, MqttConnectOptions as, String filter)
      throws Exception {
    secured(as);
    try (MqttClient client = client("ssl", broker)) {
      client.connect(as);
      client.subscribe(filter, 1);
      client.disconnect();
      return true;
    } catch (MqttException e) {
      return false;
    }
  }
}
