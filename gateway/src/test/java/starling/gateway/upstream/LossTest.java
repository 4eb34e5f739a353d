package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;

/**
 * What was on disk arrives, whatever dies. More of it: {@code -Dstarling.kills=200}, {@code
 * -Dstarling.hours=72}.
 */
class LossTest {
  private static final int KILLS = Integer.getInteger("starling.kills", 6);
  private static final int HOURS = Integer.getInteger("starling.hours", 2);
  private static final int LIFE_MAX_MILLIS = 1_500;

  /** A connection and its code take that much. */
  private static final long RSS_MORE_MAX_MB = 32;

  @TempDir Path directory;

  @Test
  void nothingThatWasKeptIsLostHoweverOftenTheGatewayIsKilled() throws Exception {
    int zones = 4;
    Random random = new Random(11);
    AtomicInteger kept = new AtomicInteger(-1);
    try (Mosquitto broker = broker().start();
        Tally tally = Tally.of(broker.port())) {
      for (int life = 0; life < KILLS; life++) {
        Process gateway =
            FieldProcess.start(
                broker.uri(), directory, "gw1", zones, kept.get() + 1, Integer.MAX_VALUE, 5_000);
        Thread listening = Thread.ofVirtual().start(() -> note(gateway, kept));
        if (life % 3 > 0) { // the others die at any time of their start
          int before = kept.get();
          Eventually.until("a window is kept", Duration.ofMinutes(2), () -> kept.get() > before);
        }
        gateway.waitFor(Duration.ofMillis(random.nextInt(LIFE_MAX_MILLIS)));
        gateway.destroyForcibly().onExit().join();
        listening.join();
      }
      int windows = kept.get() + 1;
      assertTrue(windows > 0, "some lives were long enough");
      Process last = FieldProcess.start(broker.uri(), directory, "gw1", 1, 0, 0, 5_000);
      for (int zone = 0; zone < zones; zone++) {
        String name = "z" + zone;
        List<Integer> all = IntStream.range(0, windows).boxed().toList();
        Eventually.until(
            "all " + windows + " windows of " + name,
            Duration.ofSeconds(60),
            () -> tally.windows(name).containsAll(all));
      }
      stop(last);
      System.out.printf(
          "%d kills: %d windows of %d zones kept, none lost, %d messages twice%n",
          KILLS, windows, zones, tally.messages() - tally.different());
    }
  }

  @Test
  void afterHoursWithoutABrokerEveryWindowArrivesOnceTheNewestFirstAndTheRestInOrder()
      throws Exception {
    int zones = 64;
    int windows = HOURS * 60;
    try (Mosquitto broker = broker()) {
      Process gateway =
          FieldProcess.start(broker.uri(), directory, "gw1", zones, 0, windows, 50_000);
      AtomicInteger kept = new AtomicInteger(-1);
      note(gateway, kept, windows - 1);
      long rssBefore = rssMb(gateway);
      broker.start();
      try (Tally tally = Tally.of(broker.port())) {
        AtomicLong rss = new AtomicLong(rssBefore);
        long millis =
            Eventually.until(
                "all " + zones * windows,
                Duration.ofSeconds(Math.max(60, 20 * HOURS)),
                () -> {
                  rss.accumulateAndGet(rssMb(gateway), Math::max);
                  return tally.different() >= zones * windows;
                });
        System.out.printf(
            "%d h: %d messages in %.1f s, RSS %d MB before and at most %d MB meanwhile, %d MB on"
                + " disk%n",
            HOURS,
            zones * windows,
            millis / 1e3,
            rssBefore,
            rss.get(),
            Files.size(directory.resolve("outbox.db")) >> 20);
        assertTrue(rss.get() < rssBefore + RSS_MORE_MAX_MB, "grew to " + rss + " MB");
        for (int zone = 0; zone < zones; zone++) {
          List<Integer> came = tally.windows("z" + zone);
          assertEquals(windows - 1, came.getFirst(), "the newest first");
          assertEquals(IntStream.range(0, windows - 1).boxed().toList(), came.subList(1, windows));
        }
        assertEquals(zones * windows, tally.messages(), "each once");
      }
      stop(gateway);
    }
  }

  @Test
  void aBrokerThatFreezesOrSwallowsAcknowledgementsCostsDuplicatesAtMost() throws Exception {
    int windows = 60;
    try (Mosquitto broker = broker().start();
        DeafProxy proxy = DeafProxy.to(broker.port());
        Tally tally = Tally.of(broker.port());
        Upstream upstream =
            UpstreamTest.start(
                proxy.uri(), "gw1", new Upstream.Keeping(Optional.of(directory), 1 << 20, 5_000))) {
      Eventually.until("up", upstream::isUp);
      for (int window = 0; window < windows; window++) {
        switch (window) {
          case 10 -> broker.signal("STOP");
          case 20 -> broker.signal("CONT");
          case 30 -> proxy.swallow();
          case 45 -> {
            Eventually.until("swallowed", proxy::hasSwallowed);
            proxy.cut();
          }
          default -> {}
        }
        upstream.accept(Samples.result("/berlin/z0", window, 17, 20));
        upstream.accept(Samples.result("/berlin/z1", window, 17, 21));
        Thread.sleep(10);
      }
      List<Integer> all = IntStream.range(0, windows).boxed().toList();
      for (String zone : List.of("z0", "z1")) {
        Eventually.until("all of " + zone, () -> tally.windows(zone).containsAll(all));
      }
      assertEquals(2 * windows, tally.different());
      assertTrue(tally.messages() > tally.different(), "what was swallowed came again");
    }
  }

  private Mosquitto broker() {
    return Mosquitto.at(
        directory, "allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0");
  }

  private static void note(Process gateway, AtomicInteger kept) {
    note(gateway, kept, Integer.MAX_VALUE);
  }

  /** Reads what it says is kept, until that is so much or it dies. */
  private static void note(Process gateway, AtomicInteger kept, int until) {
    BufferedReader lines = gateway.inputReader();
    try {
      while (kept.get() < until) {
        String line = lines.readLine();
        if (line == null) {
          return;
        }
        kept.set(Integer.parseInt(line));
      }
    } catch (IOException | NumberFormatException e) {
      // Killed, perhaps in the middle of a word.
    }
  }

  private static void stop(Process gateway) throws Exception {
    gateway.getOutputStream().close();
    assertEquals(0, gateway.waitFor());
  }

  private static long rssMb(Process of) {
    try {
      List<String> status =
          new ArrayList<>(Files.readAllLines(Path.of("/proc/" + of.pid() + "/status")));
      status.removeIf(line -> !line.startsWith("VmRSS:"));
      return Long.parseLong(status.getFirst().replaceAll("\\D", "")) >> 10;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
