package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.MosquittoSub;

/** What a disk, a clock and strangers do to a gateway: it says so, and goes on. */
class TroubleTest {
  private static final String ZONE = "starling/berlin/zone/z0/climate";
  private static final int YEAR_WINDOWS = 365 * 24 * 360;

  @TempDir Path directory;

  @Test
  void whileTheDiskTakesNothingAnswersGoOnAndItIsSaidOnce() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        Tally tally = Tally.of(broker.port());
        MosquittoSub warnings = MosquittoSub.to(broker.port(), "starling/berlin/event/warning");
        Upstream upstream = start(broker)) {
      tell(upstream, tally, 0, 20);
      limitFiles("4096"); // whatever is written beyond fails: EFBIG, as ENOSPC on a full disk
      try {
        tell(upstream, tally, 20, 40);
        warnings.await("a warning", seen -> seen.payload().contains("the outbox can't be written"));
        Eventually.until("it is known", () -> !upstream.stock().writable());
        tell(upstream, tally, 40, 60);
      } finally {
        limitFiles("unlimited");
      }
      tell(upstream, tally, 60, 80);
      Eventually.until("it can be written again", () -> upstream.stock().writable());
      assertEquals(0, upstream.counts().lost());
      assertEquals(1, warnings.seen().size(), warnings.seen().toString());
    }
  }

  @Test
  void whenTheDiskBecomesReadOnlyAnswersGoOnAndItIsSaidOnce() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        WornCard card = WornCard.mount(directory);
        Tally tally = Tally.of(broker.port());
        MosquittoSub warnings = MosquittoSub.to(broker.port(), "starling/berlin/event/warning");
        Upstream upstream = start(broker, card.root())) {
      tell(upstream, tally, 0, 20);
      card.wearOut();
      tell(upstream, tally, 20, 40);
      warnings.await(
          "why", seen -> seen.payload().contains("the disk says: Read-only file system"));
      Eventually.until("it is known", () -> !upstream.stock().writable());
      tell(upstream, tally, 40, 60);
      assertEquals(0, upstream.counts().lost());
      assertEquals(1, warnings.seen().size(), warnings.seen().toString());
      assertTrue(upstream.isUp());
    }
  }

  @Test
  void whereNothingCanBeWrittenItSaysSoAndDoesNotStart() {
    Path nowhere = Path.of("/sys/starling"); // not even root may
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                UpstreamTest.start(
                    URI.create("mqtt://127.0.0.1:1"),
                    "gw1",
                    new Upstream.Keeping(Optional.of(nowhere), 1 << 20, 500)));
    assertTrue(refused.getMessage().startsWith("the outbox " + nowhere), refused.getMessage());
  }

  @Test
  void aClockThatGoesBackByAYearAndReturnsLosesNothing() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        Tally tally = Tally.of(broker.port());
        Upstream upstream = start(broker)) {
      tell(upstream, tally, YEAR_WINDOWS, YEAR_WINDOWS + 10);
      tell(upstream, tally, 0, 9);
      tell(upstream, tally, 9, 10);
      assertRetained(broker, 9);
      tell(upstream, tally, YEAR_WINDOWS + 10, YEAR_WINDOWS + 20);
      assertRetained(broker, YEAR_WINDOWS + 19);
      assertEquals(30, tally.different());
    }
  }

  @Test
  void whateverOthersPublishOnItsTopicsItGoesOn() throws Exception {
    String gateway = "starling/berlin/gateway/";
    try (Mosquitto broker = Mosquitto.start(directory);
        Tally tally = Tally.of(broker.port())) {
      publish(broker, ZONE, "x".repeat(5_000_000), "-r");
      publish(broker, "starling/berlin/zone/z1/climate", "[".repeat(30_000), "-r");
      publish(broker, gateway + "gw0/info", "{\"publishes\":".repeat(2_000), "-r");
      try (Upstream upstream = start(broker)) {
        tell(upstream, tally, 0, 10);
        for (String noise :
            List.of("", "null", "{}", "{\"v\":1,\"window\":[]}", "\u0000\u0007", "1e999")) {
          publish(broker, ZONE, noise);
          publish(broker, gateway + "gw0/status", noise);
          publish(broker, gateway + "gw0/info", noise);
          publish(broker, gateway + "x/y/status", noise);
          publish(broker, gateway + "status", noise);
        }
        publish(broker, ZONE, "x".repeat(5_000_000));
        tell(upstream, tally, 10, 20);
        assertTrue(upstream.isUp());
      }
    }
  }

  private Upstream start(Mosquitto broker) throws IOException {
    return start(broker, Files.createDirectories(directory.resolve("state")));
  }

  private static Upstream start(Mosquitto broker, Path state) throws IOException {
    Upstream upstream =
        UpstreamTest.start(
            broker.uri(), "gw1", new Upstream.Keeping(Optional.of(state), 4 << 20, 5_000));
    Eventually.until("up", upstream::isUp);
    return upstream;
  }

  /** Tells windows, and waits until all have come. */
  private static void tell(Upstream upstream, Tally tally, int from, int to) {
    for (int window = from; window < to; window++) {
      upstream.accept(Samples.result("/berlin/z0", window, 17, 20));
    }
    List<Integer> all = IntStream.range(from, to).boxed().toList();
    Eventually.until("windows " + from + " to " + to, () -> tally.windows("z0").containsAll(all));
  }

  private static void assertRetained(Mosquitto broker, int window) {
    long end = Samples.NOON_MILLIS + (window + 1L) * Samples.WINDOW_MILLIS;
    Eventually.until(
        "window " + window + " is retained",
        () -> MosquittoSub.retained(broker.port(), ZONE).contains("\"ts\":" + end + ","));
  }

  /** The soft limit of this very process: what is beyond it in any file can't be written. */
  private static void limitFiles(String bytes) throws Exception {
    Process limit =
        new ProcessBuilder(
                "prlimit",
                "--pid",
                Long.toString(ProcessHandle.current().pid()),
                "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    assertEquals(0, limit.waitFor());
  }

  private void publish(Mosquitto broker, String topic, String payload, String... options)
      throws Exception {
    Path file = Files.writeString(directory.resolve("payload"), payload);
    List<String> command =
        new ArrayList<>(
            List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", "" + broker.port(), "-t", topic));
    command.addAll(List.of("-f", file.toString()));
    command.addAll(List.of(options));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
