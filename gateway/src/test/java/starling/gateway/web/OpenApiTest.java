package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.Reading;
import starling.gateway.history.Selection;
import starling.gateway.inquiry.SmallSite;
import starling.link.mqtt.Eventually;
import starling.model.Answer;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Page;

/** Whether what the API answers is what its description says. */
class OpenApiTest {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

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

  /** Each path that the description has is asked, with each parameter's example and without. */
  @Test
  void everyPathOfTheDescriptionAnswersAsItsSchemaSays() throws Exception {
    tellEverything();
    String description = api.get("/openapi.json").body();
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

  private void answersAsDescribed(JsonObject openApi, JsonObject get, String uri) throws Exception {
    HttpResponse<InputStream> answer = api.open(uri, "");
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

  /** All that is there before the stream is live. */
  private static List<Map.Entry<String, JsonElement>> events(HttpResponse<InputStream> answer)
      throws IOException {
    BufferedReader lines = ServedApi.reader(answer);
    List<Map.Entry<String, JsonElement>> events = new ArrayList<>();
    for (String kind = ServedApi.next(lines, "event");
        !kind.equals("live");
        kind = ServedApi.next(lines, "event")) {
      events.add(Map.entry(kind, JsonParser.parseString(ServedApi.next(lines, "data"))));
    }
    return events;
  }

  private void tellEverything() {
    Page.StandingQuery forever = new Page.StandingQuery(1, "climate", "SELECT COUNT(*)", 0);
    Page.StandingQuery a =
        new Page.StandingQuery(2, "all", "SELECT MIN(battery)", ServedApi.NOON_MILLIS);
    Page.Child north =
        new Page.Child(2, 1, "north", 6, 0, List.of(new Page.Entrance(2, List.of(0))));
    api.present.accept(
        new Delivery.InForce(
            Charter.of(
                List.of(
                    new Page.Site(
                        1, 1, "berlin", 0, 60_000, 24, List.of(), 1, 2, List.of(forever, a)),
                    new Page.Inner(1, 1, 0, "berlin", 0, List.of(north))))));
    api.present.accept(ServedApi.answer("/berlin", "climate", 0, 17, 21.5));
    SortedMap<String, Answer> others = new TreeMap<>();
    others.put("top", new Answer.Ranking(List.of(new Answer.Ranked("/berlin/north/n1", 3.5))));
    others.put("spread", new Answer.Histogram(0, 10, 1, List.of(2L, 3L), 0));
    others.put("modes", new Answer.Texts(List.of("a"), true));
    others.put("levels", new Answer.Numbers(List.of(1.0, 2.5), false));
    others.put("open", new Answer.Truth(true));
    others.put("q", new Answer.Quantity(4));
    api.present.accept(
        new Delivery.Result(
            "/berlin",
            "all",
            ServedApi.NOON_MILLIS,
            ServedApi.NOON_MILLIS + 60_000,
            new TreeMap<>(),
            others,
            new TreeMap<>(Map.of("q", "V")),
            17,
            18,
            0,
            17,
            0));
    tellNodes();
    api.history.accept(ServedApi.answer("/berlin/north", "climate", 0, 6, 20.5));
    Eventually.until("it is written", () -> written());
    api.present.accept(new Delivery.Warning("clone", "/berlin", "two boots of one key"));
    api.present.accept(new Delivery.Notice("time", "/berlin", "found"));
  }

  private boolean written() {
    try (Reading reading = Reading.open(api.history.file())) {
      return !reading.series(new Selection("", "", "", 0, Long.MAX_VALUE)).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private void tellNodes() {
    String node = "/berlin/north/n1";
    api.present.accept(
        new Delivery.Latest(
            node, ServedApi.NOON_MILLIS, new TreeMap<>(Map.of("battery", 3.7)), new TreeMap<>()));
    api.present.accept(new Delivery.NodeState(node, Delivery.State.GONE, 3));
    Delivery.Signal signal =
        new Delivery.Signal(
            OptionalDouble.of(-93),
            OptionalDouble.of(-91),
            OptionalDouble.of(-5),
            OptionalDouble.empty());
    Delivery.Hearing heard =
        new Delivery.Hearing(400, 8_000, OptionalDouble.of(0.03), Optional.of(signal));
    api.present.accept(
        new Delivery.Health(
            node,
            ServedApi.NOON_MILLIS,
            Delivery.State.UP,
            3,
            Optional.of(heard),
            Optional.empty()));
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
    api.present.accept(
        new Delivery.Health(
            "/berlin/north/gate",
            ServedApi.NOON_MILLIS,
            Delivery.State.UP,
            9,
            Optional.empty(),
            Optional.of(self)));
  }
}
