package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.api.Api;
import starling.gateway.api.Present;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Login;
import starling.link.mqtt.Mosquitto;
import starling.model.Delivery;

/** With the Prometheus of the distribution. */
class PrometheusTest {
  private static final Path RULES = Path.of("src/main/prometheus/starling.rules.yml");
  private static final Path CASES = Path.of("src/test/prometheus/starling.rules.test.yml");
  private static final String COLUMN = "starling_zone_avg_air_temperature_celsius";

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = Mosquitto.freePort();

  @Test
  void rulesAreInOrderAndAlertWhenTheyShould() throws Exception {
    assertEquals("", promtool("check", "rules", RULES.toString()));
    assertEquals("", promtool("test", "rules", CASES.toString()));
  }

  @Test
  void itIsScrapedWithAPasswordAndWhatIsStaleVanishes() throws Exception {
    Upstream.Settings nowhere =
        new Upstream.Settings(
            URI.create("mqtt://127.0.0.1:1"),
            Optional.empty(),
            "berlin",
            "gw1",
            "0.1.0",
            Upstream.Keeping.IN_MEMORY,
            Optional.empty());
    Gauges gauges = new Gauges();
    Login login = new Login("prometheus", "only-in-tests");
    try (Upstream upstream = new Upstream(nowhere, InstantSource.system());
        WebServer web =
            WebServer.start(
                new WebServer.Settings("127.0.0.1", 0, Optional.of(login)),
                gauges,
                api(upstream),
                upstream,
                "0.1.0",
                System.currentTimeMillis());
        Server _ = new Server(web.port(), login)) {
      Eventually.until(
          "a zone's value",
          () -> {
            gauges.accept(answer());
            return ask(COLUMN).contains("\"21.5\"");
          });
      Eventually.until("it is up", () -> ask("up{job=\"starling\"}").contains("\"1\""));
      Eventually.until("an alert is near", () -> ask("ALERTS").contains("StarlingBrokerAway"));
      Eventually.until("it is stale and gone", () -> ask(COLUMN).contains("\"result\":[]"));
      String end = ask("starling_zone_window_end_timestamp_seconds");
      assertFalse(end.contains("\"result\":[]"), "when the last window ended stays");
      assertEquals("", promtool("check", "config", directory.resolve("prometheus.yml").toString()));
    }
  }

  private static Api api(Upstream upstream) {
    return new Api(
        new Api.Gateway("berlin", "gw1", "0.1.0", 0, upstream::isUp),
        new Present(InstantSource.system(), health -> Payloads.health(health, 0, upstream.stock())),
        Optional.empty(),
        new Inquirer(),
        Optional.empty());
  }

  /** Five windows of a second, and it is stale. */
  private static Delivery answer() {
    long now = System.currentTimeMillis();
    return new Delivery.Result(
        "/berlin",
        "climate",
        now - 1000,
        now,
        new TreeMap<>(Map.of("avg_air_temperature", 21.5)),
        new TreeMap<>(Map.of("avg_air_temperature", "Cel")),
        17,
        18,
        0,
        17,
        0);
  }

  private String ask(String query) {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
    try {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      return "";
    }
  }

  /** What it says when it is not content; nothing if it is. */
  private static String promtool(String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("promtool");
    builder.command().addAll(List.of(words));
    Process process = start(builder);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? "" : said;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError(
          "Prometheus is not installed: tools/verify installs it, or apt-get install prometheus",
          e);
    }
  }

  private final class Server implements AutoCloseable {
    private final Process process;

    Server(int scraped, Login login) throws IOException {
      Files.writeString(directory.resolve("password"), login.password());
      Path configuration =
          Files.writeString(
              directory.resolve("prometheus.yml"),
              """
              global: {scrape_interval: 500ms, evaluation_interval: 500ms}
              rule_files: [%s]
              scrape_configs:
                - job_name: starling
                  basic_auth: {username: %s, password_file: password}
                  static_configs:
                    - targets: ["127.0.0.1:%d"]
              """
                  .formatted(RULES.toAbsolutePath(), login.user(), scraped));
      process =
          start(
              new ProcessBuilder(
                      "prometheus",
                      "--config.file=" + configuration,
                      "--storage.tsdb.path=" + directory.resolve("tsdb"),
                      "--web.listen-address=127.0.0.1:" + port)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
