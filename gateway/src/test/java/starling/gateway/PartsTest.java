package starling.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.History;
import starling.gateway.upstream.Upstream;
import starling.gateway.web.WebServer;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Login;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.MosquittoSub;
import starling.model.Delivery;

class PartsTest {
  private static final Brokers NOWHERE =
      Brokers.at(URI.create("mqtt://127.0.0.1:1"), Optional.empty());

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void pagesMoveAndGetAPasswordAndWhatIsKnownStaysKnown() throws Exception {
    int first = Mosquitto.freePort();
    int second = Mosquitto.freePort();
    Upstream.Settings settings =
        new Upstream.Settings(
            NOWHERE, "berlin", "gate", "0.1.0", Upstream.Keeping.IN_MEMORY, Optional.empty());
    try (Upstream upstream = new Upstream(settings, InstantSource.system());
        Parts parts =
            new Parts(with(first, Optional.empty(), 7), NOWHERE, "berlin", "0.1.0", upstream)) {
      parts.accept(answer());
      assertTrue(get(first, "/api/v1/zones").body().contains("21.5"));
      GatewaySettings next = with(second, Optional.of(new Login("me", "only-in-tests")), 30);
      assertTrue(parts.canChangeTo(next));
      parts.change(next);
      assertThrows(ConnectException.class, () -> get(first, "/healthz"));
      assertEquals(401, get(second, "/api/v1/zones").statusCode());
      parts.change(with(first, Optional.empty(), 30));
      assertTrue(get(first, "/api/v1/zones").body().contains("21.5"));
      Eventually.until("it is in the history", () -> history(first).contains("21.5"));
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        GatewaySettings there = with(taken.getLocalPort(), Optional.empty(), 30);
        assertThrows(IOException.class, () -> parts.change(there));
      }
      parts.change(with(second, Optional.empty(), 30));
      assertTrue(get(second, "/api/v1/zones").body().contains("21.5"), "it goes on");
      assertFalse(parts.canChangeTo(without()));
    }
  }

  @Test
  void commandsAreTakenOrNotAsTheConfigurationSaysByNow() throws Exception {
    try (Mosquitto mosquitto = Mosquitto.start(directory)) {
      Brokers there = Brokers.at(mosquitto.uri(), Optional.empty());
      Upstream.Settings settings =
          new Upstream.Settings(
              there, "berlin", "gate", "0.1.0", Upstream.Keeping.IN_MEMORY, Optional.empty());
      String topic = "starling/berlin/command/gate/status";
      try (Upstream upstream = new Upstream(settings, InstantSource.system());
          MosquittoSub results = MosquittoSub.to(mosquitto.port(), topic + "/result");
          Parts parts = new Parts(commanded(true), there, "berlin", "0.1.0", upstream)) {
        awaitResult(mosquitto, topic, results, "on");
        assertTrue(parts.canChangeTo(commanded(false)));
        parts.change(commanded(false));
        MosquittoSub.publish(mosquitto.port(), topic, command("unheard"));
        parts.change(commanded(true));
        awaitResult(mosquitto, topic, results, "again");
        assertTrue(results.seen().stream().noneMatch(seen -> seen.payload().contains("unheard")));
      }
    }
  }

  /** Says it until it is heard; what is heard twice is refused. */
  private static void awaitResult(
      Mosquitto mosquitto, String topic, MosquittoSub results, String id) {
    Eventually.until(
        id,
        () -> {
          MosquittoSub.publish(mosquitto.port(), topic, command(id));
          return results.seen().stream().anyMatch(seen -> seen.payload().contains(id));
        });
  }

  private static String command(String id) {
    return "{\"id\":\"" + id + "\",\"expires\":\"" + Instant.now().plusSeconds(60) + "\"}";
  }

  private GatewaySettings with(int port, Optional<Login> login, int fullDays) {
    return settings(
        false,
        Optional.of(new History.Settings(directory.resolve("history.db"), 16 << 20, fullDays, 90)),
        Optional.of(new WebServer.Settings("127.0.0.1", port, login)));
  }

  private static GatewaySettings without() {
    return commanded(false);
  }

  private static GatewaySettings commanded(boolean commands) {
    return settings(commands, Optional.empty(), Optional.empty());
  }

  private static GatewaySettings settings(
      boolean commands, Optional<History.Settings> history, Optional<WebServer.Settings> web) {
    return new GatewaySettings(
        "gate",
        Optional.of(NOWHERE),
        Optional.empty(),
        Upstream.Keeping.IN_MEMORY,
        Optional.empty(),
        commands,
        history,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        web);
  }

  private String history(int port) {
    try {
      return get(port, "/api/v1/history").body();
    } catch (IOException | InterruptedException e) {
      return "";
    }
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Delivery.Result answer() {
    long now = System.currentTimeMillis();
    return new Delivery.Result(
        "/berlin/north",
        "climate",
        now - 60_000,
        now,
        new TreeMap<>(Map.of("avg_temperature", 21.5)),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        6,
        6,
        0,
        6,
        0);
  }
}
