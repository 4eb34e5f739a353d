package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;

class ApiTest {
  @TempDir Path directory;
  @AutoClose private ServedApi api;

  @BeforeEach
  void start() throws IOException {
    api = new ServedApi(directory);
  }

  @Test
  void whatNobodySignedIsNoDecision() throws Exception {
    for (String body :
        List.of("", "[]", "{}", "{\"id\":\"0123456789abcdef\",\"answer\":\"AAAA\"}")) {
      HttpResponse<String> answer =
          api.client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1/joins"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(404, answer.statusCode(), body); // there is no desk here
    }
  }

  @Test
  void aLesserAnswerReplacesNoneAndAnotherZonesIsLeftOut() throws Exception {
    api.present.accept(ServedApi.answer("/berlin/north", "climate", 1, 6, 20));
    api.present.accept(ServedApi.answer("/berlin/north", "climate", 1, 5, 19));
    api.present.accept(ServedApi.answer("/berlin/north", "climate", 0, 6, 18));
    api.present.accept(ServedApi.answer("/berlin/northwest", "climate", 1, 6, 17));
    String zones = api.get("/api/v1/zones?path=/berlin/north").body();
    assertTrue(zones.contains("\"avg_temperature\":20"), zones);
    assertFalse(zones.contains("northwest"), zones);
  }

  @Test
  void aPageUnderAnotherNameIsRefused() throws Exception {
    assertTrue(raw("Host: evil.example").startsWith("HTTP/1.1 421 "));
    assertTrue(raw("Host: 127.0.0.1.evil.example").startsWith("HTTP/1.1 421 "));
    assertTrue(raw("Host: localhost:" + api.port()).startsWith("HTTP/1.1 200 "));
    assertTrue(raw("Host: [::1]:" + api.port()).startsWith("HTTP/1.1 200 "));
  }

  private String raw(String header) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/site HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void theHistoryIsToldAsJsonAndAsCsvAndWhatIsTooMuchIsRefused() throws Exception {
    for (int window = 0; window < 7000; window++) {
      api.history.accept(ServedApi.answer("/berlin/north", "climate", window, 6, window));
    }
    String range = "&from=2026-06-01T12:00:00Z&to=2026-06-01T12:02:00Z";
    String which = "?path=/berlin&name=avg_temperature";
    String csv = "/api/v1/history.csv" + which;
    Eventually.until("all is written", () -> lines(csv + "&from=2026-06-01T00:00:00Z") == 7001);
    assertEquals(
        "time,ts,span_s,path,query,name,unit,value,min,max,count\r\n"
            + "2026-06-01T12:01:00Z,1780315260000,60,/berlin/north,climate,avg_temperature,Cel,"
            + "0,0,0,1\r\n"
            + "2026-06-01T12:02:00Z,1780315320000,60,/berlin/north,climate,avg_temperature,Cel,"
            + "1,1,1,1\r\n",
        api.get(csv + range).body());
    assertEquals(
        "{\"v\":1,\"series\":[{\"path\":\"/berlin/north\",\"query\":\"climate\","
            + "\"name\":\"avg_temperature\",\"unit\":\"Cel\",\"samples\":["
            + "{\"ts\":1780315260000,\"span_s\":60,\"value\":0},"
            + "{\"ts\":1780315320000,\"span_s\":60,\"value\":1}]}]}",
        api.get("/api/v1/history" + which + range).body());
    HttpResponse<String> tooMuch = api.get("/api/v1/history?from=2026-06-01T00:00:00Z");
    assertEquals(400, tooMuch.statusCode());
    assertTrue(tooMuch.body().contains("more than 20000 numbers"), tooMuch.body());
    HttpResponse<String> wrong = api.get("/api/v1/history?from=yesterday");
    assertTrue(wrong.body().contains("a time is 2026-06-01T12:00:00Z"), wrong.body());
  }

  private long lines(String path) {
    try {
      return api.get(path).body().lines().count();
    } catch (IOException | InterruptedException e) {
      return 0;
    }
  }
}
