package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

class WebServerTest {
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_:][a-z0-9_:]*)(\\{([a-z_]+=\"[^\"\\\\\\n]*\",?)+})? (-?[0-9.]+(E-?[0-9]+)?)");

  @TempDir Path directory;

  @Test
  void metricsAreWhatPrometheusReadsAndReadinessIsWhetherTheBrokerIsThere() throws Exception {
    try (Mosquitto broker = Mosquitto.at(directory);
        Upstream upstream = upstream(broker);
        WebServer web = start(upstream, Optional.empty())) {
      upstream.open();
      assertEquals(503, get(web, "/readyz", "").statusCode());
      assertTrue(get(web, "/readyz", "").body().contains("the broker is away"));
      assertEquals("ok\n", get(web, "/healthz", "").body());
      broker.start();
      Eventually.until("ready", () -> status(web, "/readyz") == 200);
      HttpResponse<String> metrics = get(web, "/metrics", "");
      assertEquals(
          Optional.of("text/plain; version=0.0.4; charset=utf-8"),
          metrics.headers().firstValue("Content-Type"));
      Map<String, Double> samples = parse(metrics.body());
      assertEquals(1, samples.get("starling_upstream_connected"));
      assertEquals(1, samples.get("starling_build_info{version=\"0.1.0\"}"));
      String zone = "{zone=\"/berlin\",query=\"climate\"}";
      assertEquals(21.5, samples.get("starling_zone_avg_air_temperature_celsius" + zone));
      assertEquals(101_300, samples.get("starling_zone_max_pressure_pascals" + zone));
      assertEquals(17, samples.get("starling_zone_reported_nodes" + zone));
      assertEquals(404, get(web, "/", "").statusCode());
    }
  }

  @Test
  void staleSeriesVanishAndTheWindowsEndStays() {
    Gauges gauges = new Gauges();
    gauges.accept(result(), 0);
    Exposition fresh = new Exposition();
    gauges.show(fresh, 5 * WINDOW_NANOS);
    assertTrue(fresh.toString().contains("starling_zone_avg_air_temperature_celsius"));
    Exposition stale = new Exposition();
    gauges.show(stale, 5 * WINDOW_NANOS + 1_000_000_000);
    assertFalse(stale.toString().contains("starling_zone_avg"), stale.toString());
    assertTrue(stale.toString().contains("starling_zone_window_end_timestamp_seconds"));
  }

  @Test
  void withAPasswordNothingIsShownWithout() throws Exception {
    assertThrows(
        IllegalArgumentException.class,
        () -> new WebServer.Settings("0.0.0.0", 0, Optional.empty()));
    try (Mosquitto broker = Mosquitto.at(directory);
        Upstream upstream = upstream(broker);
        WebServer web = start(upstream, Optional.of(new Login("prometheus", "right")))) {
      for (String page : List.of("/metrics", "/healthz", "/readyz", "/")) {
        assertEquals(401, get(web, page, "").statusCode(), page);
      }
      assertEquals(401, get(web, "/healthz", "prometheus:wrong").statusCode());
      assertEquals(200, get(web, "/healthz", "prometheus:right").statusCode());
    }
  }

  @Test
  void slowAndSenselessClientsKeepNobodyElseAway() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (Mosquitto broker = Mosquitto.at(directory);
        Upstream upstream = upstream(broker);
        WebServer web = start(upstream, Optional.empty())) {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nX: ".getBytes(UTF_8));
        slow.add(socket);
      }
      assertEquals(200, get(web, "/healthz", "").statusCode());
      for (String sent :
          List.of("\0\1\2\r\n\r\n", "GET\r\n\r\n", "POST /metrics HTTP/1.1\r\n\r\n")) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
          socket.getOutputStream().write(sent.getBytes(UTF_8));
          socket.shutdownOutput();
          String line = new String(socket.getInputStream().readAllBytes(), UTF_8);
          assertTrue(line.isEmpty() || line.startsWith("HTTP/1.1 4"), line);
        }
      }
      assertEquals(200, get(web, "/healthz", "").statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** Each family has its help and type before its samples, and no sample comes twice. */
  private static Map<String, Double> parse(String text) {
    Map<String, Double> samples = new TreeMap<>();
    Set<String> families = new HashSet<>();
    String family = "";
    String type = "";
    assertTrue(text.endsWith("\n"));
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        family = line.split(" ", 4)[2];
        assertTrue(families.add(family), "together: " + family);
      } else if (line.startsWith("# TYPE ")) {
        assertEquals(family, line.split(" ", 4)[2]);
        type = line.split(" ", 4)[3];
        assertEquals(type.equals("counter"), family.endsWith("_total"), family);
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        assertEquals(family, sample.group(1));
        assertFalse(family.matches(".*_(count|sum|bucket)"), "of a histogram: " + family);
        String name = line.substring(0, line.lastIndexOf(' '));
        Double before = samples.put(name, Double.parseDouble(sample.group(4)));
        assertEquals(null, before, "twice: " + name);
      }
    }
    return samples;
  }

  private Upstream upstream(Mosquitto broker) throws IOException {
    return new Upstream(
        new Upstream.Settings(
            broker.uri(),
            Optional.empty(),
            "berlin",
            "gw1",
            "0.1.0",
            Upstream.Keeping.IN_MEMORY,
            Optional.empty()),
        InstantSource.system());
  }

  private static WebServer start(Upstream upstream, Optional<Login> login) throws IOException {
    Gauges gauges = new Gauges();
    gauges.accept(result());
    InstantSource clock = InstantSource.system();
    Api api =
        new Api(
            new Api.Gateway("berlin", "gw1", "0.1.0", 0, upstream::isUp),
            new Present(clock, health -> Payloads.health(health, 0, upstream.stock())),
            Optional.empty(),
            new Inquirer(),
            Optional.empty());
    return WebServer.start(
        new WebServer.Settings("127.0.0.1", 0, login), gauges, api, upstream, "0.1.0", 0);
  }

  private static Delivery.Result result() {
    return new Delivery.Result(
        "/berlin",
        "climate",
        0,
        60_000,
        new TreeMap<>(
            Map.of(
                "avg_air_temperature",
                21.5,
                "count",
                17.0,
                "max_pressure",
                1013.0,
                "odd",
                Double.NaN)),
        new TreeMap<>(Map.of("avg_air_temperature", "Cel", "max_pressure", "hPa")),
        17,
        18,
        0,
        17,
        0);
  }

  private static int status(WebServer web, String path) {
    try {
      return get(web, path, "").statusCode();
    } catch (IOException | InterruptedException e) {
      return 0;
    }
  }

  private static HttpResponse<String> get(WebServer web, String path, String login)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
    if (!login.isEmpty()) {
      String encoded = Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
      request.header("Authorization", "Basic " + encoded);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
