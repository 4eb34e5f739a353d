package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import starling.Eventually;
import starling.Mosquitto;

class SubscriberTest {
  @Test
  void aBrokerThatComesLateOrAgainIsHeard() throws Exception {
    int port = Mosquitto.freePort();
    try (Subscriber subscriber =
        new Subscriber(URI.create("tcp://127.0.0.1:" + port), "starling/#")) {
      assertFalse(subscriber.awaitConnected(300));
      for (String life : new String[] {"first", "second"}) {
        try (Mosquitto broker = new Mosquitto(port)) {
          Eventually.holds(life + " life", () -> hears(subscriber, broker, life));
        }
      }
    }
  }

  @Test
  void whatNobodyTakesIsCountedAndNotKept() throws Exception {
    try (Mosquitto broker = new Mosquitto(Mosquitto.freePort());
        Subscriber subscriber = new Subscriber(broker.uri(), "starling/#")) {
      Eventually.holds("hears", () -> hears(subscriber, broker, "x"));
      String lines = "y\n".repeat(Subscriber.QUEUE_MAX / 2).strip();
      Eventually.holds(
          "drops", () -> broker.publish("starling/a", lines) && subscriber.dropped() > 0);
      int kept = 0;
      while (subscriber.next(0).isPresent()) {
        kept++;
      }
      assertEquals(Subscriber.QUEUE_MAX, kept);
    }
  }

  /** Publishes and looks whether it arrives; what was published before may come in between. */
  private static boolean hears(Subscriber subscriber, Mosquitto broker, String text)
      throws Exception {
    if (!broker.publish("starling/a", text)) {
      return false;
    }
    Optional<Subscriber.Message> message = subscriber.next(100);
    while (message.isPresent() && !new String(message.get().payload(), UTF_8).equals(text)) {
      message = subscriber.next(100);
    }
    return message.isPresent();
  }
}
