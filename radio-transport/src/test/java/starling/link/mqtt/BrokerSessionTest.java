package starling.link.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerSessionTest {
  private static final long STALL_MILLIS = 400;

  @TempDir Path directory;

  @Test
  void aBrokerThatHangsIsNoticedByTheEchoThatDoesNotComeBack() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner owner = new Owner(settings(broker.uri(), Optional.of("inbox")))) {
      owner.awaitUp(1);
      broker.signal("STOP");
      Eventually.until("down", () -> !owner.session.isUp());
      broker.signal("CONT");
      owner.awaitUp(2);
      assertTrue(owner.reasons.stream().anyMatch(reason -> reason.contains("did not come back")));
    }
  }

  @Test
  void anIdleConnectionToALiveBrokerStaysUpWithAndWithoutEcho() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner echoing = new Owner(settings(broker.uri(), Optional.of("inbox")));
        Owner pinging = new Owner(settings(broker.uri(), Optional.empty()))) {
      echoing.awaitUp(1);
      pinging.awaitUp(1);
      // Longer than the five seconds after which the broker would call a silent client gone.
      AtomicInteger ticks = new AtomicInteger();
      echoing.session.later(6_000, ticks::incrementAndGet);
      Eventually.until("six seconds", () -> ticks.get() == 1);
      assertEquals(1, echoing.reasons.size(), echoing.reasons.toString());
      assertEquals(1, pinging.reasons.size(), pinging.reasons.toString());
      assertTrue(echoing.messages.isEmpty(), "an echo is nobody's message");
    }
  }

  @Test
  void aMessageThatIsNotAcknowledgedInTimeEndsTheConnection() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner owner = new Owner(settings(broker.uri(), Optional.empty()))) {
      owner.awaitUp(1);
      broker.signal("STOP");
      List<Boolean> settled = new CopyOnWriteArrayList<>();
      owner.session.publish(message(), settled::add);
      Eventually.until("given up", () -> settled.equals(List.of(false)));
      broker.signal("CONT");
      owner.awaitUp(2);
      owner.session.publish(message(), settled::add);
      Eventually.until("acknowledged", () -> settled.equals(List.of(false, true)));
    }
  }

  @Test
  void moreThanTheWindowIsRefusedAtOnceAndTheRestAcknowledged() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner owner = new Owner(settings(broker.uri(), Optional.empty()))) {
      owner.awaitUp(1);
      AtomicInteger sent = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      for (int i = 0; i < 2_000; i++) {
        owner.session.publish(message(), gone -> (gone ? sent : refused).incrementAndGet());
      }
      Eventually.until("all are settled", () -> sent.get() + refused.get() == 2_000);
      assertTrue(sent.get() >= 4 && refused.get() > 0, sent + " sent, " + refused + " refused");
      assertEquals(1, owner.reasons.size(), "a full window is no reason to reconnect");
    }
  }

  @Test
  void theWillIsPublishedOnAbortAndNotOnClose() {
    try (Mosquitto broker = Mosquitto.start(directory);
        MosquittoSub subscriber = MosquittoSub.to(broker.port(), "will/#")) {
      Owner closing = new Owner(settings(broker.uri(), Optional.empty(), "closed"));
      Owner aborting = new Owner(settings(broker.uri(), Optional.empty(), "aborted"));
      closing.awaitUp(1);
      aborting.awaitUp(1);
      closing.session.close();
      aborting.session.abort();
      subscriber.await("the will", seen -> seen.topic().equals("will/aborted"));
      assertEquals(1, subscriber.seen().size());
    }
  }

  @Test
  void twoClientsOfOneNameDoNotHammerTheBroker() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner one = new Owner(settings(broker.uri(), Optional.empty(), "same"));
        Owner other = new Owner(settings(broker.uri(), Optional.empty(), "same"))) {
      Eventually.until("both lost the name", () -> one.downs() > 0 && other.downs() > 0);
      AtomicInteger ticks = new AtomicInteger();
      one.session.later(3_000, ticks::incrementAndGet);
      Eventually.until("three seconds", () -> ticks.get() == 1);
      assertTrue(one.downs() + other.downs() < 12, one.reasons + " " + other.reasons);
      assertTrue(one.reasons.stream().anyMatch(reason -> reason.contains("another client")));
    }
  }

  @Test
  void whatIsIgnoredDoesNotComeBeforeItIsHeardAgainThenAsRetained() {
    try (Mosquitto broker = Mosquitto.start(directory);
        Owner owner = new Owner(settings(broker.uri(), Optional.empty()))) {
      owner.awaitUp(1);
      AtomicInteger sent = new AtomicInteger();
      var ours = new Message("inbox", "ours".getBytes(UTF_8), 1, true);
      owner.session.ignore("inbox");
      owner.session.later(0, () -> owner.session.publish(ours, gone -> sent.addAndGet(1)));
      Eventually.until("published", () -> sent.get() == 1);
      assertEquals(List.of(), owner.messages);
      owner.session.hear("inbox");
      Eventually.until("heard", () -> owner.messages.equals(List.of("inbox, retained")));
      owner.session.publish(ours, gone -> sent.addAndGet(1));
      Eventually.until("heard again", () -> owner.messages.size() == 2);
      assertEquals("inbox", owner.messages.getLast());
    }
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    URI uri = URI.create("mqtt://127.0.0.1");
    for (URI wrong :
        List.of(
            URI.create("http://127.0.0.1"),
            URI.create("mqtt://me:secret@127.0.0.1"),
            URI.create("mqtt:///x"),
            URI.create("127.0.0.1"))) {
      assertThrows(IllegalArgumentException.class, () -> settings(wrong, Optional.empty()));
    }
    assertThrows(IllegalArgumentException.class, () -> settings(uri, Optional.empty(), ""));
    assertThrows(
        IllegalArgumentException.class, () -> new Message("t", "x".getBytes(UTF_8), 2, false));
    for (String topic : List.of("", "a/+", "#", "a\0", "a".repeat(1025))) {
      assertThrows(IllegalArgumentException.class, () -> new Message(topic, new byte[0], 0, false));
    }
    assertFalse(settings(uri, Optional.empty()).toString().contains("secret"));
  }

  private static Message message() {
    return new Message("topic", "payload".getBytes(UTF_8), 1, false);
  }

  private static BrokerSession.Settings settings(URI broker, Optional<String> echo) {
    return settings(broker, echo, echo.isPresent() ? "echo" : "ping");
  }

  private static BrokerSession.Settings settings(URI broker, Optional<String> echo, String id) {
    return new BrokerSession.Settings(
        broker,
        id,
        Optional.of(new Login("somebody", "secret")),
        Optional.of(new Message("will/" + id, "gone".getBytes(UTF_8), 1, false)),
        List.of("inbox"),
        echo,
        1_000,
        4,
        STALL_MILLIS,
        1);
  }

  private static final class Owner implements BrokerSession.Listener, AutoCloseable {
    final List<String> reasons = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    private final AtomicInteger ups = new AtomicInteger();
    final BrokerSession session;

    Owner(BrokerSession.Settings settings) {
      session = new BrokerSession(settings, this);
      session.open();
    }

    void awaitUp(int times) {
      Eventually.until("up, not " + reasons, () -> ups.get() >= times);
    }

    int downs() {
      return reasons.size() - ups.get();
    }

    @Override
    public void state(boolean up, String reason) {
      reasons.add(reason);
      ups.addAndGet(up ? 1 : 0);
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      messages.add(retained ? topic + ", retained" : topic);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
