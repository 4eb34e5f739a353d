package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.MosquittoSub;

/** More of it: {@code -Dstarling.kills=200}. */
class SeveralGatewaysTest {
  private static final int KILLS = Math.max(2, Integer.getInteger("starling.kills", 0) / 10);
  private static final int WINDOW_MILLIS = 1_500;
  private static final double WINDOW_NANOS = WINDOW_MILLIS * 1e6;

  @TempDir Path directory;

  @Test
  void noWindowIsMissingHoweverOftenTheFirstOneDiesOrFreezes() throws Exception {
    Random random = new Random(4);
    try (Mosquitto broker = Mosquitto.start(directory);
        Tally tally = Tally.of(broker.port());
        Gateway second = start(broker, "gw2")) {
      awaitInfo(broker, "gw2", "\"publishes\":[\"/berlin/z0\",\"/berlin/z1\"]");
      for (int kill = 0; kill <= KILLS; kill++) {
        try (Gateway first = start(broker, "gw1")) {
          awaitInfo(broker, "gw1", "\"publishes\":[\"/berlin/z0\",\"/berlin/z1\"]");
          awaitInfo(broker, "gw2", "\"stands_by\":[\"/berlin/z0\",\"/berlin/z1\"]");
          first.process.waitFor(Duration.ofMillis(random.nextInt(2 * WINDOW_MILLIS)));
          if (kill == KILLS) {
            first.signal("STOP");
            int before = tally.comings("z0").size();
            Eventually.until("the other goes on", () -> tally.comings("z0").size() >= before + 3);
            first.signal("CONT");
          }
        }
      }
      awaitInfo(broker, "gw2", "\"publishes\":[\"/berlin/z0\",\"/berlin/z1\"]");
      assertTrue(second.process.isAlive());
      for (String zone : List.of("z0", "z1")) {
        Eventually.until("none missing of " + zone, () -> noneMissing(tally.comings(zone)));
        assertNeverSilent(tally.comings(zone));
      }
      System.out.printf(
          "%d kills and a freeze: %d windows, none missing, %d messages twice%n",
          KILLS, tally.comings("z0").size(), tally.messages() - tally.different());
    }
  }

  @Test
  void ofTwoThatPublishAtOnceTheLargerAnswerStaysAndEqualBytesHaveOneId() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        Tally tally = Tally.of(broker.port());
        Upstream one = UpstreamTest.start(broker.uri(), "gw1");
        Upstream other = UpstreamTest.start(broker.uri(), "gw2")) {
      Eventually.until("both up", () -> one.isUp() && other.isUp());
      for (int window = 0; window < 20; window++) {
        one.accept(Samples.result("/berlin/z0", window, 16, 20));
        other.accept(Samples.result("/berlin/z0", window, window % 2 == 0 ? 17 : 16, 20));
      }
      List<Integer> all = IntStream.range(0, 20).boxed().toList();
      Eventually.until("all", () -> tally.windows("z0").containsAll(all));
      long noon = Samples.NOON_MILLIS + 3_600_000;
      other.accept(Samples.result("/berlin/z0", noon, WINDOW_MILLIS, 18, 20));
      one.accept(Samples.result("/berlin/z0", noon, WINDOW_MILLIS, 15, 20));
      String topic = "starling/berlin/zone/z0/climate";
      Eventually.until(
          "the larger one",
          () -> MosquittoSub.retained(broker.port(), topic).contains("\"reported\":18"));
    }
  }

  private static boolean noneMissing(List<Tally.Coming> comings) {
    LongSummaryStatistics ends =
        comings.stream().mapToLong(Tally.Coming::endMillis).summaryStatistics();
    return ends.getMax() - ends.getMin() == (ends.getCount() - 1) * WINDOW_MILLIS;
  }

  private static void assertNeverSilent(List<Tally.Coming> comings) {
    for (int i = 1; i < comings.size(); i++) {
      double windows = (comings.get(i).nanos() - comings.get(i - 1).nanos()) / WINDOW_NANOS;
      assertTrue(windows <= 2.5, "silent for " + windows + " windows before " + comings.get(i));
    }
  }

  private void awaitInfo(Mosquitto broker, String name, String part) {
    String topic = "starling/berlin/gateway/" + name + "/info";
    Eventually.until(
        name + " says " + part, () -> MosquittoSub.retained(broker.port(), topic).contains(part));
  }

  private Gateway start(Mosquitto broker, String name) throws IOException {
    Path state = Files.createDirectories(directory.resolve(name));
    return new Gateway(FieldProcess.start(broker.uri(), state, name, 2, WINDOW_MILLIS));
  }

  private record Gateway(Process process) implements AutoCloseable {
    void signal(String name) throws Exception {
      new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** As a power cut would. */
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
