package starling.gateway.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;

/** A real InfluxDB on 127.0.0.1 that wants a password. */
final class InfluxServer implements AutoCloseable {
  static final String USER = "orchard";
  static final String PASSWORD = "only-in-tests";

  private static final Path PROGRAM = Path.of("/usr/bin/influxd");

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = Mosquitto.freePort();
  private final Path configuration;
  private Process process;

  InfluxServer(Path directory) throws Exception {
    assumeTrue(
        Files.isExecutable(PROGRAM),
        "InfluxDB is not installed, as some releases have none: tools/verify installs it");
    configuration =
        Files.writeString(
            directory.resolve("influxdb.conf"),
            """
            reporting-disabled = true
            bind-address = "127.0.0.1:%d"
            [meta]
            dir = "%s/meta"
            logging-enabled = false
            [data]
            dir = "%2$s/data"
            wal-dir = "%2$s/wal"
            query-log-enabled = false
            [http]
            bind-address = "127.0.0.1:%d"
            auth-enabled = true
            log-enabled = false
            [monitor]
            store-enabled = false
            """
                .formatted(Mosquitto.freePort(), directory, port));
    start();
    ask("CREATE USER " + USER + " WITH PASSWORD '" + PASSWORD + "' WITH ALL PRIVILEGES");
    ask("CREATE DATABASE orchard");
  }

  /** Starts it (again). */
  void start() throws IOException {
    process =
        new ProcessBuilder(PROGRAM.toString(), "-config", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Eventually.until("InfluxDB answers", this::answers);
  }

  private boolean answers() {
    try {
      return client
              .send(
                  HttpRequest.newBuilder(uri("/ping")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 204;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** What it answers in its own query language. */
  String ask(String query) throws IOException, InterruptedException {
    String form = "db=orchard&epoch=ms&q=" + URLEncoder.encode(query, UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(uri("/query"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", Influx.Settings.basic(USER, PASSWORD))
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    kill();
    client.close();
  }
}
