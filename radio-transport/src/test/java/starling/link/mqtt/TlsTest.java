package starling.link.mqtt;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mosquitto with certificates, and who comes to it. */
class TlsTest {
  @TempDir Path directory;
  private Authority ours;

  @BeforeEach
  void certify() {
    ours = Authority.create(directory, "ours");
  }

  @Test
  void bothBelieveEachOtherByOneAuthority() throws Exception {
    Tls tls = Tls.read(Optional.of(ours.certificate()), Optional.of(ours.certify("gate", 30)));
    try (Mosquitto broker = closed("broker", "IP:127.0.0.1", 30).start();
        Ear ear = new Ear(tls, broker.secureUri())) {
      Eventually.until("up", ear.session::isUp);
    }
  }

  @Test
  void whatIsWrongWithACertificateIsSaidAndTheRightOneIsServedOn() throws Exception {
    Tls right = Tls.read(Optional.of(ours.certificate()), Optional.of(ours.certify("gate", 30)));
    Authority others = Authority.create(directory, "others");
    Tls credulous = Tls.read(Optional.of(others.certificate()), Optional.empty());
    Tls anonymous = Tls.read(Optional.of(ours.certificate()), Optional.empty());
    Tls foreign =
        Tls.read(Optional.of(ours.certificate()), Optional.of(others.certify("foreign", 30)));
    try (Mosquitto broker = closed("broker", "IP:127.0.0.1", 30).start();
        Ear served = new Ear(right, broker.secureUri())) {
      Eventually.until("up", served.session::isUp);
      assertRefused(credulous, broker.secureUri(), "not of an authority that is known here");
      assertRefused(anonymous, broker.secureUri(), "it does not believe us");
      assertRefused(foreign, broker.secureUri(), "it does not believe us");
      assertTrue(served.session.isUp());
    }
    try (Mosquitto broker = closed("another", "DNS:another.example", 30).start()) {
      assertRefused(right, broker.secureUri(), "its certificate is for another name");
    }
    try (Mosquitto broker = closed("expired", "IP:127.0.0.1", -1).start()) {
      assertRefused(right, broker.secureUri(), "its certificate has expired");
    }
    try (Mosquitto plain = Mosquitto.start(directory)) {
      assertRefused(right, plain.secureUri(), "could not connect");
    }
  }

  @Test
  void theNextBrokerInTheListTakesTheOneBeforesPlaceAndIsKept() throws Exception {
    URI nobody = URI.create("mqtt://127.0.0.1:" + Mosquitto.freePort());
    try (Mosquitto first = Mosquitto.at(Files.createDirectory(directory.resolve("1")));
        Mosquitto second = Mosquitto.start(Files.createDirectory(directory.resolve("2")));
        Ear ear = new Ear(Tls.SYSTEM, nobody, first.uri(), second.uri())) {
      Eventually.until("at the second", () -> ear.at(second.uri()));
      first.start();
      second.kill();
      Eventually.until("at the first", () -> ear.at(first.uri()));
    }
  }

  @Test
  void filesThatAreNoCertificatesAreRefusedByName() throws IOException {
    Path noise = Files.writeString(directory.resolve("noise.pem"), "noise");
    Tls.Identity gate = ours.certify("gate", 30);
    Path nowhere = directory.resolve("nowhere");
    for (var wrong :
        List.of(
            List.of(noise, gate.certificate(), gate.key()),
            List.of(nowhere, gate.certificate(), gate.key()),
            List.of(ours.certificate(), noise, gate.key()),
            List.of(ours.certificate(), gate.certificate(), noise),
            List.of(ours.certificate(), gate.certificate(), nowhere))) {
      IOException refused =
          assertThrows(
              IOException.class,
              () ->
                  Tls.read(
                      Optional.of(wrong.get(0)),
                      Optional.of(new Tls.Identity(wrong.get(1), wrong.get(2)))));
      assertTrue(refused.getMessage().startsWith(directory + "/no"), refused.getMessage());
    }
  }

  private void assertRefused(Tls tls, URI broker, String why) {
    try (Ear ear = new Ear(tls, broker)) {
      try {
        Eventually.until(why, () -> ear.reasons.stream().anyMatch(reason -> reason.contains(why)));
      } catch (AssertionError e) {
        throw new AssertionError(why + " is not among " + ear.reasons, e);
      }
    }
  }

  /** A broker that wants certificates. */
  private Mosquitto closed(String name, String address, int days) {
    return Mosquitto.secured(
        directory,
        ours.certify(name, address, days),
        "cafile " + ours.certificate(),
        "require_certificate true",
        "allow_anonymous true");
  }

  /** A session, and what it says. */
  private static final class Ear implements BrokerSession.Listener, AutoCloseable {
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final BrokerSession session;

    Ear(Tls tls, URI... brokers) {
      session =
          new BrokerSession(
              new BrokerSession.Settings(
                  new Brokers(List.of(brokers), Optional.empty(), tls),
                  "ear",
                  Optional.empty(),
                  List.of("inbox"),
                  Optional.empty(),
                  1_000,
                  10,
                  5_000,
                  5),
              this);
      session.open();
    }

    boolean at(URI broker) {
      return session.isUp() && reasons.getLast().equals("connected to " + broker);
    }

    @Override
    public void state(boolean up, String reason) {
      reasons.add(reason);
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {}

    @Override
    public void close() {
      session.abort();
    }
  }
}
