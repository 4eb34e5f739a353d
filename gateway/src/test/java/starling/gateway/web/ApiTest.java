package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.api.Api;
import starling.gateway.api.Present;
import starling.gateway.history.History;
import starling.gateway.history.Reading;
import starling.gateway.history.Selection;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.SmallSite;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.model.Answer;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Page;

class ApiTest {
  private static final long NOON_MILLIS = 1_780_315_200_000L;
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  private static Mosquitto broker;
  private static SmallSite site;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Inquirer inquirer = new Inquirer();
  private Upstream upstream;
  @TempDir Path directory;
  private History history;
  private Present present;
  private WebServer web;

  @BeforeAll
  static void startTheField(@TempDir Path field) throws Exception {
    broker = Mosquitto.start(field);
    site = SmallSite.start(field, broker.uri(), _ -> {});
  }

  @AfterAll
  static void stopTheField() {
    site.close();
    broker.close();
  }

  @BeforeEach
  void start() throws IOException {
    inquirer.to(site.gate()::ask);
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

  @AfterEach
  void stop() {
    web.close();
    history.close();
    upstream.close();
    client.close();
  }

  /** Each path that the description has is asked, with each parameter's example and without. */
  @Test
  void everyPathOfTheDescriptionAnswersAsItsSchemaSays() throws Exception {
    tellEverything();
    String description = get("/openapi.json").body();
    JsonObject openApi = JsonParser.parseString(description).getAsJsonObject();
    for (Map.Entry<String, JsonElement> path : openApi.getAsJsonObject("paths").entrySet()) {
      // What the operator decided and signed is all that it takes.
      List<String> methods = List.copyOf(path.getValue().getAsJsonObject().keySet());
      boolean takes = path.getKey().equals("/api/v1/joins");
      assertEquals(takes ? List.of("get", "post") : List.of("get"), methods);
      JsonObject get = path.getValue().getAsJsonObject().getAsJsonObject("get");
      List<String> asked = new ArrayList<>(List.of(path.getKey()));
      if (get.has("parameters")) {
        for (JsonElement parameter : get.getAsJsonArray("parameters")) {
          asked.addAll(example(path.getKey(), resolved(openApi, parameter)));
        }
      }
      if (get.getAsJsonObject("responses").has("400")) {
        asked.add(path.getKey() + "?nonsense=1");
      }
      if (get.getAsJsonObject("responses").has("404")) {
        asked.add(path.getKey() + "?path=/elsewhere");
      }
      if (path.getKey().contains("history")) {
        asked.add(path.getKey() + "?from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z");
      }
      for (String uri : asked) {
        answersAsDescribed(openApi, get, uri);
      }
    }
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
    inquirer.to((_, _, _, _) -> {}); // a node that ends while it is asked
    HttpResponse<String> late = get("/api/v1/rows?timeout_s=1");
    assertEquals(504, late.statusCode());
    assertTrue(late.body().contains("did not answer within 1 s"), late.body());
  }

  @Test
  void eightInquiriesAreUnderWayAndFurtherOnesAreToldToComeLater() throws Exception {
    BlockingQueue<Consumer<Delivery.Inquired>> waiting = new LinkedBlockingQueue<>();
    inquirer.to((_, _, _, asker) -> waiting.add(asker));
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < Inquirer.UNDER_WAY_MAX; i++) {
      HttpRequest request = request("/api/v1/rows").build();
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    Eventually.until("all wait", () -> waiting.size() == Inquirer.UNDER_WAY_MAX);
    HttpResponse<String> late = get("/api/v1/rows");
    assertEquals(503, late.statusCode());
    assertEquals(Optional.of("5"), late.headers().firstValue("Retry-After"));
    assertEquals(200, get("/api/v1/zones").statusCode(), "other pages are there");
    for (Consumer<Delivery.Inquired> asker : waiting) {
      site.gate().ask("", "", 5_000, asker);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, answer.get().statusCode());
    }
    inquirer.to(site.gate()::ask);
    assertEquals(200, get("/api/v1/rows").statusCode());
  }

  /**
   * It costs airtime, so a page elsewhere may not even ask, though it could not read the answer.
   */
  @Test
  void aPageOfAnotherSiteInABrowserAsksTheFieldNothing() throws Exception {
    inquirer.to((_, _, _, _) -> {
      throw new AssertionError("asked");
    });
    HttpRequest request = request("/api/v1/rows").setHeader("Sec-Fetch-Site", "cross-site").build();
    assertEquals(403, client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  private static String rows(String path) {
    return "/api/v1/rows?path=" + URLEncoder.encode(path, UTF_8);
  }

  private JsonObject json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  private void assertProblem(int status, String detail, String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertEquals(status, answer.statusCode(), answer.body());
    JsonObject problem = JsonParser.parseString(answer.body()).getAsJsonObject();
    assertEquals(status, problem.get("status").getAsInt());
    String said = problem.get("detail").getAsString();
    assertTrue(said.contains(detail), said);
  }

  @Test
  void whatNobodySignedIsNoDecision() throws Exception {
    for (String body :
        List.of("", "[]", "{}", "{\"id\":\"0123456789abcdef\",\"answer\":\"AAAA\"}")) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/api/v1/joins"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(404, answer.statusCode(), body); // there is no desk here
    }
  }

  private void answersAsDescribed(JsonObject openApi, JsonObject get, String uri) throws Exception {
    HttpResponse<InputStream> answer = open(uri, "");
    String code = Integer.toString(answer.statusCode());
    JsonObject responses = get.getAsJsonObject("responses");
    assertTrue(responses.has(code), uri + " answers " + code);
    assertEquals(uri.contains("nonsense"), code.equals("400"), uri);
    assertEquals(uri.contains("elsewhere"), code.equals("404"), uri);
    assertEquals(uri.equals("/readyz"), code.equals("503"), uri); // there is no broker
    JsonObject content = resolved(openApi, responses.get(code)).getAsJsonObject("content");
    String type = answer.headers().firstValue("Content-Type").orElseThrow().split(";")[0];
    assertTrue(content.has(type), uri + " answers " + type);
    if (type.equals("text/event-stream")) {
      for (Map.Entry<String, JsonElement> data : events(answer)) {
        String name = Map.of("zone", "Answer", "node", "Node", "event", "Event").get(data.getKey());
        fits(openApi, "{\"$ref\":\"#/components/schemas/" + name + "\"}", data.getValue(), uri);
      }
    } else {
      String body = new String(answer.body().readAllBytes(), UTF_8);
      JsonElement said =
          type.endsWith("json") ? JsonParser.parseString(body) : new JsonPrimitive(body);
      fits(openApi, content.getAsJsonObject(type).get("schema").toString(), said, uri);
    }
    answer.body().close();
  }

  private static List<String> example(String path, JsonObject parameter) {
    if (!parameter.get("in").getAsString().equals("query")) {
      return List.of();
    }
    String example = parameter.get("example").getAsString();
    return List.of(
        path + "?" + parameter.get("name").getAsString() + "=" + URLEncoder.encode(example, UTF_8));
  }

  private static JsonObject resolved(JsonObject openApi, JsonElement that) {
    JsonObject object = that.getAsJsonObject();
    if (!object.has("$ref")) {
      return object;
    }
    JsonElement found = openApi;
    for (String step : object.get("$ref").getAsString().substring(2).split("/")) {
      found = found.getAsJsonObject().get(step);
    }
    return found.getAsJsonObject();
  }

  /** By networknt's validator; keys that no schema has are faults here, so that none is hidden. */
  private static void fits(JsonObject openApi, String schema, JsonElement said, String uri) {
    JsonObject whole = JsonParser.parseString(schema).getAsJsonObject();
    whole.add("components", closed(openApi.get("components")));
    JsonSchema judge = SCHEMAS.getSchema(whole.toString());
    assertEquals(
        List.of(),
        judge.validate(said.toString(), InputFormat.JSON).stream().map(Object::toString).toList(),
        uri);
  }

  private static JsonElement closed(JsonElement schemas) {
    JsonElement copy = schemas.deepCopy();
    for (JsonElement schema : copy.getAsJsonObject().getAsJsonObject("schemas").asMap().values()) {
      if (schema.getAsJsonObject().has("properties")) {
        schema.getAsJsonObject().addProperty("additionalProperties", false);
      }
    }
    return copy;
  }

  @Test
  void whoComesBackIsToldWhatItMissedAndNothingTwice() throws Exception {
    present.accept(answer("/berlin", "climate", 0, 17, 21.5));
    HttpResponse<InputStream> first = open("/api/v1/stream?kind=zone", "");
    BufferedReader lines = reader(first);
    assertEquals("zone", next(lines, "event"));
    assertEquals("live", next(lines, "event"));
    present.accept(answer("/berlin", "climate", 1, 17, 22.5));
    String last = next(lines, "id");
    assertTrue(next(lines, "data").contains("22.5"));
    first.body().close();
    present.accept(answer("/berlin", "climate", 2, 17, 23.5));
    present.accept(new Delivery.Notice("time", "/berlin", "not of this kind"));
    BufferedReader again = reader(open("/api/v1/stream?kind=zone", last));
    assertTrue(next(again, "data").contains("23.5"));
    assertEquals("live", next(again, "event"));
    BufferedReader anew = reader(open("/api/v1/stream?kind=zone", "another-life"));
    assertTrue(next(anew, "data").contains("23.5"));
    assertEquals("live", next(anew, "event"));
  }

  @Test
  void aLesserAnswerReplacesNoneAndAnotherZonesIsLeftOut() throws Exception {
    present.accept(answer("/berlin/north", "climate", 1, 6, 20));
    present.accept(answer("/berlin/north", "climate", 1, 5, 19));
    present.accept(answer("/berlin/north", "climate", 0, 6, 18));
    present.accept(answer("/berlin/northwest", "climate", 1, 6, 17));
    String zones = get("/api/v1/zones?path=/berlin/north").body();
    assertTrue(zones.contains("\"avg_temperature\":20"), zones);
    assertFalse(zones.contains("northwest"), zones);
  }

  @Test
  void sixteenFollowAndFurtherOnesAreToldToComeLater() throws Exception {
    List<HttpResponse<InputStream>> followers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      followers.add(open("/api/v1/stream", ""));
      assertEquals(200, followers.getLast().statusCode());
    }
    HttpResponse<String> late = get("/api/v1/stream");
    assertEquals(503, late.statusCode());
    assertEquals(Optional.of("5"), late.headers().firstValue("Retry-After"));
    followers.getFirst().body().close();
    Eventually.until(
        "the closed one is noticed and its place free",
        () -> {
          present.accept(new Delivery.Notice("time", "/berlin", "something to write"));
          return statusOfStream() == 200;
        });
    for (HttpResponse<InputStream> follower : followers) {
      follower.body().close();
    }
  }

  @Test
  void whoFollowsAndDoesNotReadIsLetGo() throws Exception {
    try (Socket deaf = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
      deaf.getOutputStream()
          .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      byte[] begun = new byte[1];
      assertEquals(1, deaf.getInputStream().read(begun));
      String text = "x".repeat(2000);
      for (int i = 0; i < 12_000; i++) {
        present.accept(new Delivery.Notice("time", "/berlin", text));
      }
      long read = deaf.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertTrue(read < 12_000L * 2000, "its connection was closed after " + read + " bytes");
    }
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void aPageUnderAnotherNameIsRefused() throws Exception {
    assertTrue(raw("Host: evil.example").startsWith("HTTP/1.1 421 "));
    assertTrue(raw("Host: 127.0.0.1.evil.example").startsWith("HTTP/1.1 421 "));
    assertTrue(raw("Host: localhost:" + web.port()).startsWith("HTTP/1.1 200 "));
    assertTrue(raw("Host: [::1]:" + web.port()).startsWith("HTTP/1.1 200 "));
  }

  private String raw(String header) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/site HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private int statusOfStream() {
    try {
      HttpResponse<InputStream> answer = open("/api/v1/stream", "");
      answer.body().close();
      return answer.statusCode();
    } catch (IOException | InterruptedException e) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<InputStream> open(String path, String last)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path);
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
  }

  private static BufferedReader reader(HttpResponse<InputStream> answer) {
    return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
  }

  /** The value of the next line with this field. */
  private static String next(BufferedReader lines, String field) throws IOException {
    String line = lines.readLine();
    while (!line.startsWith(field + ": ")) {
      line = lines.readLine();
    }
    return line.substring(field.length() + 2);
  }

  /** All that is there before the stream is live. */
  private static List<Map.Entry<String, JsonElement>> events(HttpResponse<InputStream> answer)
      throws IOException {
    BufferedReader lines = reader(answer);
    List<Map.Entry<String, JsonElement>> events = new ArrayList<>();
    for (String kind = next(lines, "event"); !kind.equals("live"); kind = next(lines, "event")) {
      events.add(Map.entry(kind, JsonParser.parseString(next(lines, "data"))));
    }
    return events;
  }

  private void tellEverything() {
    Page.StandingQuery forever = new Page.StandingQuery(1, "climate", "SELECT COUNT(*)", 0);
    Page.StandingQuery a = new Page.StandingQuery(2, "all", "SELECT MIN(battery)", NOON_MILLIS);
    Page.Child north =
        new Page.Child(2, 1, "north", 6, 0, List.of(new Page.Entrance(2, List.of(0))));
    present.accept(
        new Delivery.InForce(
            Charter.of(
                List.of(
                    new Page.Site(
                        1, 1, "berlin", 0, 60_000, 24, List.of(), 1, 2, List.of(forever, a)),
                    new Page.Inner(1, 1, 0, "berlin", 0, List.of(north))))));
    present.accept(answer("/berlin", "climate", 0, 17, 21.5));
    SortedMap<String, Answer> others = new TreeMap<>();
    others.put("top", new Answer.Ranking(List.of(new Answer.Ranked("/berlin/north/n1", 3.5))));
    others.put("spread", new Answer.Histogram(0, 10, 1, List.of(2L, 3L), 0));
    others.put("modes", new Answer.Texts(List.of("a"), true));
    others.put("levels", new Answer.Numbers(List.of(1.0, 2.5), false));
    others.put("open", new Answer.Truth(true));
    others.put("q", new Answer.Quantity(4));
    present.accept(
        new Delivery.Result(
            "/berlin",
            "all",
            NOON_MILLIS,
            NOON_MILLIS + 60_000,
            new TreeMap<>(),
            others,
            new TreeMap<>(Map.of("q", "V")),
            17,
            18,
            0,
            17,
            0));
    tellNodes();
    history.accept(answer("/berlin/north", "climate", 0, 6, 20.5));
    Eventually.until("it is written", () -> written());
    present.accept(new Delivery.Warning("clone", "/berlin", "two boots of one key"));
    present.accept(new Delivery.Notice("time", "/berlin", "found"));
  }

  private boolean written() {
    try (Reading reading = Reading.open(history.file())) {
      return !reading.series(new Selection("", "", "", 0, Long.MAX_VALUE)).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theHistoryIsToldAsJsonAndAsCsvAndWhatIsTooMuchIsRefused() throws Exception {
    for (int window = 0; window < 7000; window++) {
      history.accept(answer("/berlin/north", "climate", window, 6, window));
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
        get(csv + range).body());
    assertEquals(
        "{\"v\":1,\"series\":[{\"path\":\"/berlin/north\",\"query\":\"climate\","
            + "\"name\":\"avg_temperature\",\"unit\":\"Cel\",\"samples\":["
            + "{\"ts\":1780315260000,\"span_s\":60,\"value\":0},"
            + "{\"ts\":1780315320000,\"span_s\":60,\"value\":1}]}]}",
        get("/api/v1/history" + which + range).body());
    HttpResponse<String> tooMuch = get("/api/v1/history?from=2026-06-01T00:00:00Z");
    assertEquals(400, tooMuch.statusCode());
    assertTrue(tooMuch.body().contains("more than 20000 numbers"), tooMuch.body());
    HttpResponse<String> wrong = get("/api/v1/history?from=yesterday");
    assertTrue(wrong.body().contains("a time is 2026-06-01T12:00:00Z"), wrong.body());
  }

  private long lines(String path) {
    try {
      return get(path).body().lines().count();
    } catch (IOException | InterruptedException e) {
      return 0;
    }
  }

  private void tellNodes() {
    String node = "/berlin/north/n1";
    present.accept(
        new Delivery.Latest(
            node, NOON_MILLIS, new TreeMap<>(Map.of("battery", 3.7)), new TreeMap<>()));
    present.accept(new Delivery.NodeState(node, Delivery.State.GONE, 3));
    Delivery.Signal signal =
        new Delivery.Signal(
            OptionalDouble.of(-93),
            OptionalDouble.of(-91),
            OptionalDouble.of(-5),
            OptionalDouble.empty());
    Delivery.Hearing heard =
        new Delivery.Hearing(400, 8_000, OptionalDouble.of(0.03), Optional.of(signal));
    present.accept(
        new Delivery.Health(
            node, NOON_MILLIS, Delivery.State.UP, 3, Optional.of(heard), Optional.empty()));
    Delivery.LinkVitals radio =
        new Delivery.LinkVitals(
            "radio",
            "lora-sf9",
            true,
            OptionalDouble.of(0.05),
            Optional.of(signal),
            0.01,
            0.03,
            0.009,
            0.1,
            1);
    Delivery.Vitals self =
        new Delivery.Vitals(
            86_400_500,
            812,
            0,
            List.of(radio),
            2,
            5,
            new TreeMap<>(Map.of("inputs", 1)),
            OptionalDouble.of(51.2));
    present.accept(
        new Delivery.Health(
            "/berlin/north/gate",
            NOON_MILLIS,
            Delivery.State.UP,
            9,
            Optional.empty(),
            Optional.of(self)));
  }

  private static Delivery.Result answer(
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
}
