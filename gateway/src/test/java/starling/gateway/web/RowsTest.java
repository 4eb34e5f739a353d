package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.SmallSite;
import starling.link.mqtt.Eventually;
import starling.model.Delivery;

/** Rows inside any zone, over HTTP, of a field that is there. */
class RowsTest {
  @AutoClose private static SmallSite site;

  @TempDir Path directory;
  @AutoClose private ServedApi api;

  @BeforeAll
  static void startTheField(@TempDir Path field) throws Exception {
    site = SmallSite.start(field);
  }

  @BeforeEach
  void start() throws IOException {
    api = new ServedApi(directory);
    api.inquirer.to(site.gate()::ask);
  }

  @Test
  void theRowsInsideAZoneThatTheGatewayDoesNotHoldAreAskedFor() throws Exception {
    JsonObject nodes = json("/api/v1/rows?path=" + SmallSite.NORTH);
    assertEquals(SmallSite.NORTH, nodes.get("of").getAsString());
    assertEquals(0, nodes.get("omitted").getAsInt());
    JsonObject n1 = nodes.getAsJsonArray("rows").get(0).getAsJsonObject();
    assertEquals("/berlin/north/n1", n1.get("node").getAsString());
    assertTrue(n1.getAsJsonObject("values").has("load"), n1.toString());
    JsonObject zones = json("/api/v1/rows?query=climate&path=/berlin/");
    JsonObject north = zones.getAsJsonArray("rows").get(1).getAsJsonObject();
    assertEquals(SmallSite.NORTH, north.get("zone").getAsString());
    assertEquals("1", north.getAsJsonObject("units").get("avg_load").getAsString());
    assertEquals(2, json("/api/v1/rows").getAsJsonArray("rows").size(), "the root's");
  }

  @Test
  void whyThereAreNoRowsIsAProblemOfItsOwn() throws Exception {
    assertProblem(
        404,
        "in /berlin there is city, north; did you mean north?",
        "/api/v1/rows?path=/berlin/nort");
    assertProblem(404, "/berlin/north is a cell, ask for that", rows(SmallSite.NORTH + "/n1"));
    assertProblem(404, "there is no query climat, but climate", "/api/v1/rows?query=climat");
    assertProblem(404, "paths of this site begin with /berlin", rows("/" + "a/".repeat(500)));
    assertProblem(400, "path begins with a slash", rows("berlin"));
    assertProblem(400, "timeout_s is 1 to 300", "/api/v1/rows?timeout_s=0");
    assertProblem(400, "timeout_s is 1 to 300", "/api/v1/rows?timeout_s=301");
    assertProblem(400, "timeout_s is a whole number", "/api/v1/rows?timeout_s=-1");
    api.inquirer.to((_, _, _, _) -> {}); // a node that ends while it is asked
    HttpResponse<String> late = api.get("/api/v1/rows?timeout_s=1");
    assertEquals(504, late.statusCode());
    assertTrue(late.body().contains("did not answer within 1 s"), late.body());
  }

  @Test
  void eightInquiriesAreUnderWayAndFurtherOnesAreToldToComeLater() throws Exception {
    BlockingQueue<Consumer<Delivery.Inquired>> waiting = new LinkedBlockingQueue<>();
    api.inquirer.to((_, _, _, asker) -> waiting.add(asker));
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < Inquirer.UNDER_WAY_MAX; i++) {
      HttpRequest request = api.request("/api/v1/rows").build();
      answers.add(api.client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    Eventually.until("all wait", () -> waiting.size() == Inquirer.UNDER_WAY_MAX);
    HttpResponse<String> late = api.get("/api/v1/rows");
    assertEquals(503, late.statusCode());
    assertEquals(Optional.of("5"), late.headers().firstValue("Retry-After"));
    assertEquals(200, api.get("/api/v1/zones").statusCode(), "other pages are there");
    for (Consumer<Delivery.Inquired> asker : waiting) {
      site.gate().ask("", "", 5_000, asker);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, answer.get().statusCode());
    }
    api.inquirer.to(site.gate()::ask);
    assertEquals(200, api.get("/api/v1/rows").statusCode());
  }

  /**
   * It costs airtime, so a page elsewhere may not even ask, though it could not read the answer.
   */
  @Test
  void aPageOfAnotherSiteInABrowserAsksTheFieldNothing() throws Exception {
    api.inquirer.to((_, _, _, _) -> {
      throw new AssertionError("asked");
    });
    HttpRequest request =
        api.request("/api/v1/rows").setHeader("Sec-Fetch-Site", "cross-site").build();
    assertEquals(403, api.client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  private static String rows(String path) {
    return "/api/v1/rows?path=" + URLEncoder.encode(path, UTF_8);
  }

  private JsonObject json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = api.get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  private void assertProblem(int status, String detail, String path) throws Exception {
    HttpResponse<String> answer = api.get(path);
    assertEquals(status, answer.statusCode(), answer.body());
    JsonObject problem = JsonParser.parseString(answer.body()).getAsJsonObject();
    assertEquals(status, problem.get("status").getAsInt());
    String said = problem.get("detail").getAsString();
    assertTrue(said.contains(detail), said);
  }
}
