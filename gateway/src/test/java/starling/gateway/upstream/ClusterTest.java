package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Tls;

/**
 * A gateway at a cluster whose nodes die. More of it: {@code -Dstarling.nodes.kills=6}, one every
 * 20 s.
 */
class ClusterTest {
  private static final int KILLS = Integer.getInteger("starling.nodes.kills", 1);
  private static final Duration BETWEEN = Duration.ofSeconds(20);
  private static final int WINDOW_MILLIS = 100;
  private static final int AFTER = 20; // windows, between kills in the short form

  @TempDir Path directory;

  @Test
  void noWindowIsMissingAtASubscriberWhileNodesOfTheClusterAreKilled() throws Exception {
    AtomicInteger told = new AtomicInteger();
    int at = 1;
    try (RabbitCluster cluster = RabbitCluster.start(directory, 3);
        Tally tally = Tally.lasting(cluster.port(at));
        Upstream upstream = open(cluster)) {
      Eventually.until("up", Duration.ofMinutes(1), upstream::isUp);
      Thread telling = Thread.ofVirtual().start(() -> tell(upstream, told));
      for (int kill = 0; kill < KILLS; kill++) {
        long since = System.nanoTime();
        awaitNews(tally, told, kill);
        int victim = kill % 3; // the gateway's own first
        cluster.kill(victim);
        if (victim == at) {
          at = (at + 1) % 3;
          tally.moveTo(cluster.port(at));
        }
        awaitNews(tally, told, kill + 1);
        if (kill + 1 < KILLS) {
          cluster.restart(victim);
          Eventually.until(
              "20 s later",
              BETWEEN.multipliedBy(2),
              () -> System.nanoTime() - since >= BETWEEN.toNanos());
        }
      }
      telling.interrupt();
      telling.join();
      List<Integer> all = IntStream.range(0, told.get()).boxed().toList();
      Eventually.until(
          "all " + told, Duration.ofMinutes(2), () -> tally.windows("z0").containsAll(all));
      assertEquals(0, upstream.counts().lost());
      System.out.printf(
          "%d nodes killed: %d windows, none missing, %d messages twice%n",
          KILLS, told.get(), tally.messages() - tally.different());
    }
  }

  private Upstream open(RabbitCluster cluster) throws IOException {
    Path state = Files.createDirectory(directory.resolve("state"));
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                new Brokers(cluster.addresses(), Optional.empty(), Tls.SYSTEM),
                "berlin",
                "gw1",
                "0.1.0",
                new Upstream.Keeping(Optional.of(state), 16 << 20, 500),
                Optional.empty()),
            InstantSource.system());
    upstream.open();
    return upstream;
  }

  private static void tell(Upstream upstream, AtomicInteger told) {
    try {
      while (true) {
        upstream.accept(Samples.result("/berlin/z0", told.getAndIncrement(), 17, 20));
        Thread.sleep(WINDOW_MILLIS);
      }
    } catch (InterruptedException e) {
      // Enough.
    }
  }

  /** Windows that are told from now on come. */
  private static void awaitNews(Tally tally, AtomicInteger told, int kill) {
    int next = told.get() + AFTER;
    Eventually.until(
        "window " + next + " after " + kill + " kills",
        Duration.ofMinutes(2),
        () -> tally.windows("z0").stream().anyMatch(window -> window >= next));
  }
}
