package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;
import starling.Mosquitto;

class GatewayProcessTest {
  private static final String STATUS = "starling/spree/gateway/gate/status";
  private static final String HEALTH = "starling/spree/node/city/gate/health";
  private static final long START_S = 60;

  @TempDir Path directory;

  private final Site alone =
      new Site("spree", 3_000, List.of(Site.network("/spree/city", "tiergarten")));

  @Test
  void aBrokerOfAnotherMakeSaysThatItIsOfflineHoweverItEnded() throws Exception {
    try (Mosquitto mosquitto = new Mosquitto(Mosquitto.freePort());
        Processes processes = new Processes(RunningSite.launcher(), directory)) {
      List<String> gateway =
          List.of("gateway", "--config", configure(mosquitto).toString(), "--exit-with-stdin");
      ProcessHandle first = ProcessHandle.of(processes.start("gate", gateway)).orElseThrow();
      Eventually.within(START_S, "online", () -> retained(mosquitto, STATUS).equals("online"));
      first.destroyForcibly();
      Eventually.holds("the will", () -> retained(mosquitto, STATUS).equals("offline"));
      ProcessHandle second = ProcessHandle.of(processes.start("gate", gateway)).orElseThrow();
      Eventually.within(
          START_S, "online again", () -> retained(mosquitto, STATUS).equals("online"));
      Eventually.holds(
          "its own health",
          () -> {
            String health = retained(mosquitto, HEALTH);
            return health.startsWith("{\"v\":1,\"node\":\"/spree/city/gate\",")
                && health.matches(".*\"state\":\"up\",\"generation\":[12],\"uptime_s\":.*")
                && health.contains("\"medium\":\"mqtt\",\"up\":true");
          });
      second.destroy();
      Eventually.holds("said", () -> retained(mosquitto, STATUS).equals("offline"));
    }
  }

  private Path configure(Mosquitto mosquitto) throws IOException {
    Workspace files = new Workspace(directory, false);
    Installation.writeKeys(alone, files);
    Configuration configuration =
        new Configuration(
            alone, files, files.keys().operatorHex(), mosquitto.uri(), Path.of("unused"), 0, 1);
    String listen = "listen = \"127.0.0.1:" + mosquitto.uri().getPort() + "\"";
    String url = "url = \"" + mosquitto.uri() + "\"";
    return Files.writeString(
        directory.resolve("gate.toml"), configuration.gateway().replace(listen, url));
  }

  /** What a late subscriber hears of the gateway; empty if nothing within a second. */
  private static String retained(Mosquitto mosquitto, String topic) throws Exception {
    Process subscriber =
        new ProcessBuilder(
                "mosquitto_sub",
                "-h",
                "127.0.0.1",
                "-p",
                "" + mosquitto.uri().getPort(),
                "-t",
                topic,
                "-C",
                "1",
                "-W",
                "1")
            .redirectErrorStream(true)
            .start();
    return new String(subscriber.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
