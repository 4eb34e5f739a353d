package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;
import starling.model.Delivery;

/** Who follows what happens, over HTTP. */
class StreamTest {
  @TempDir Path directory;
  @AutoClose private ServedApi api;

  @BeforeEach
  void start() throws IOException {
    api = new ServedApi(directory);
  }

  @Test
  void whoComesBackIsToldWhatItMissedAndNothingTwice() throws Exception {
    api.present.accept(ServedApi.answer("/berlin", "climate", 0, 17, 21.5));
    HttpResponse<InputStream> first = api.open("/api/v1/stream?kind=zone", "");
    BufferedReader lines = ServedApi.reader(first);
    assertEquals("zone", ServedApi.next(lines, "event"));
    assertEquals("live", ServedApi.next(lines, "event"));
    api.present.accept(ServedApi.answer("/berlin", "climate", 1, 17, 22.5));
    String last = ServedApi.next(lines, "id");
    assertTrue(ServedApi.next(lines, "data").contains("22.5"));
    first.body().close();
    api.present.accept(ServedApi.answer("/berlin", "climate", 2, 17, 23.5));
    api.present.accept(new Delivery.Notice("time", "/berlin", "not of this kind"));
    BufferedReader again = ServedApi.reader(api.open("/api/v1/stream?kind=zone", last));
    assertTrue(ServedApi.next(again, "data").contains("23.5"));
    assertEquals("live", ServedApi.next(again, "event"));
    BufferedReader anew = ServedApi.reader(api.open("/api/v1/stream?kind=zone", "another-life"));
    assertTrue(ServedApi.next(anew, "data").contains("23.5"));
    assertEquals("live", ServedApi.next(anew, "event"));
  }

  @Test
  void sixteenFollowAndFurtherOnesAreToldToComeLater() throws Exception {
    List<HttpResponse<InputStream>> followers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      followers.add(api.open("/api/v1/stream", ""));
      assertEquals(200, followers.getLast().statusCode());
    }
    HttpResponse<String> late = api.get("/api/v1/stream");
    assertEquals(503, late.statusCode());
    assertEquals(Optional.of("5"), late.headers().firstValue("Retry-After"));
    followers.getFirst().body().close();
    Eventually.until(
        "the closed one is noticed and its place free",
        () -> {
          api.present.accept(new Delivery.Notice("time", "/berlin", "something to write"));
          return statusOfStream() == 200;
        });
    for (HttpResponse<InputStream> follower : followers) {
      follower.body().close();
    }
  }

  @Test
  void whoFollowsAndDoesNotReadIsLetGo() throws Exception {
    try (Socket deaf = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      deaf.getOutputStream()
          .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      byte[] begun = new byte[1];
      assertEquals(1, deaf.getInputStream().read(begun));
      String text = "x".repeat(2000);
      for (int i = 0; i < 12_000; i++) {
        api.present.accept(new Delivery.Notice("time", "/berlin", text));
      }
      long read = deaf.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertTrue(read < 12_000L * 2000, "its connection was closed after " + read + " bytes");
    }
    assertEquals(200, api.get("/healthz").statusCode());
  }

  private int statusOfStream() {
    try {
      HttpResponse<InputStream> answer = api.open("/api/v1/stream", "");
      answer.body().close();
      return answer.statusCode();
    } catch (IOException | InterruptedException e) {
      return 0;
    }
  }
}
