package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import starling.gateway.api.Api;
import starling.gateway.api.Present;
import starling.gateway.history.History;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.model.Delivery;

/** A gateway's API on a port of its own, without a broker, and who asks it. */
final class ServedApi implements AutoCloseable {
  static final long NOON_MILLIS = 1_780_315_200_000L;

  final Inquirer inquirer = new Inquirer();
  final HttpClient client = HttpClient.newHttpClient();
  final Present present;
  final History history;
  private final Upstream upstream;
  private final WebServer web;

  ServedApi(Path directory) throws IOException {
    URI nobody = URI.create("tcp://127.0.0.1:1");
    upstream =
        new Upstream(
            new Upstream.Settings(
                nobody,
                Optional.empty(),
                "berlin",
                "gw1",
                "0.1.0",
                Upstream.Keeping.IN_MEMORY,
                Optional.empty()),
            InstantSource.system());
    present =
        new Present(
            InstantSource.fixed(Instant.ofEpochMilli(NOON_MILLIS)),
            health -> Payloads.health(health, 3, upstream.stock()));
    History.Settings kept = new History.Settings(directory.resolve("history.db"), 16 << 20, 7, 90);
    history = History.open(kept, present);
    Api api =
        new Api(
            new Api.Gateway("berlin", "gw1", "0.1.0", NOON_MILLIS, upstream::isUp),
            present,
            Optional.of(history.file()),
            inquirer,
            Optional.empty());
    web =
        WebServer.start(
            new WebServer.Settings("127.0.0.1", 0, Optional.empty()),
            new Gauges(),
            api,
            upstream,
            "0.1.0",
            NOON_MILLIS);
  }

  int port() {
    return web.port();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<InputStream> open(String path, String last)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path);
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
  }

  static BufferedReader reader(HttpResponse<InputStream> answer) {
    return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
  }

  /** The value of the next line with this field. */
  static String next(BufferedReader lines, String field) throws IOException {
    String line = lines.readLine();
    while (!line.startsWith(field + ": ")) {
      line = lines.readLine();
    }
    return line.substring(field.length() + 2);
  }

  static Delivery.Result answer(
      String zone, String query, int window, int reported, double average) {
    long start = NOON_MILLIS + window * 60_000L;
    return new Delivery.Result(
        zone,
        query,
        start,
        start + 60_000,
        new TreeMap<>(Map.of("avg_temperature", average)),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        reported,
        18,
        0,
        reported,
        0);
  }

  @Override
  public void close() {
    web.close();
    history.close();
    upstream.close();
    client.close();
  }
}
