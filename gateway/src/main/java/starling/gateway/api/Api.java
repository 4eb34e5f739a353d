package starling.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.join.Joins;
import starling.model.Page;

/**
 * The API: what there is to read at {@code /api/v1}, and its description at {@code /openapi.json}.
 * Whoever serves it bounds connections and requests; here are bounds on who follows the stream.
 */
public final class Api {
  /** Everything but the description is below. */
  public static final String BASE = "/api/v1";

  /** Where the stream is: an answer that does not end. */
  public static final String STREAM = BASE + "/stream";

  /** Where the history is as CSV: an answer that may take long. */
  public static final String EXPORT = BASE + "/history.csv";

  /** Where the rows inside any zone are: an answer that the field may need long for. */
  public static final String ROWS = BASE + "/rows";

  /** Where boards are that ask to join: the only place that takes anything, signed. */
  static final String JOINS = BASE + "/joins";

  /** Where the description is. */
  public static final String DESCRIPTION = "/openapi.json";

  /** Who follows the stream at the same time. */
  static final int FOLLOWERS_MAX = 16;

  private static final String JSON = "application/json";

  /**
   * Whose API this is.
   *
   * @param site the root zone's name
   * @param gateway the gateway's name
   * @param version the program's
   * @param startedMillis since when it runs
   * @param online whether the broker is there
   */
  public record Gateway(
      String site, String gateway, String version, long startedMillis, BooleanSupplier online) {}

  /** What is in an object. */
  interface Body {
    /** Writes it. */
    void write(JsonWriter json) throws IOException;
  }

  private final Gateway gateway;
  private final Present present;
  private final Past past;
  private final RowPages rows;
  private final JoinPages joins;
  private final Semaphore followers = new Semaphore(FOLLOWERS_MAX);

  /**
   * An API of one gateway.
   *
   * @param history where one is kept, if it is
   * @param inquirer asks the field
   * @param joins where boards ask to join, if they can here
   */
  public Api(
      Gateway gateway,
      Present present,
      Optional<Path> history,
      Inquirer inquirer,
      Optional<Joins> joins) {
    this.gateway = gateway;
    this.present = present;
    this.past = new Past(history);
    this.rows = new RowPages(inquirer);
    this.joins = new JoinPages(joins);
  }

  /** Answers a request below {@link #BASE} or for {@link #DESCRIPTION}. */
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange);
      } catch (Problem.Found e) {
        refuse(exchange, e.problem());
      }
    }
  }

  /** Says why there is no other answer. */
  public static void refuse(HttpExchange exchange, Problem problem) throws IOException {
    if (problem.status() == 405) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
    } else if (problem.status() == 503) {
      exchange.getResponseHeaders().set("Retry-After", "5");
    }
    send(exchange, problem.status(), Problem.CONTENT_TYPE, problem.json().getBytes(UTF_8));
  }

  private void answer(HttpExchange exchange) throws Problem.Found, IOException {
    String method = exchange.getRequestMethod();
    if (method.equals("POST") && exchange.getRequestURI().getPath().equals(JOINS)) {
      send(exchange, joins.decide(exchange));
      return;
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new Problem.Found(Problem.readOnly(method));
    }
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case BASE + "/site" -> send(exchange, site(exchange));
      case BASE + "/zones" -> send(exchange, zones(parameters(exchange, "path", "query")));
      case ROWS -> send(exchange, rows.rows(exchange));
      case BASE + "/nodes" -> send(exchange, nodes(parameters(exchange, "path")));
      case BASE + "/queries" -> send(exchange, queries(exchange));
      case JOINS -> send(exchange, joins(exchange));
      case BASE + "/events" -> send(exchange, events(parameters(exchange, "after")));
      case BASE + "/history" -> send(exchange, past.json(parameters(exchange, Past.PARAMETERS)));
      case EXPORT -> past.csv(exchange, parameters(exchange, Past.PARAMETERS));
      case STREAM -> stream(exchange, parameters(exchange, "path", "kind"));
      case DESCRIPTION -> send(exchange, 200, JSON, description());
      default ->
          throw new Problem.Found(
              Problem.notFound(
                  "nothing is at " + path + "; " + DESCRIPTION + " says what there is"));
    }
  }

  private static Parameters parameters(HttpExchange exchange, String... known)
      throws Problem.Found {
    return new Parameters(exchange.getRequestURI(), List.of(known));
  }

  private String site(HttpExchange exchange) throws Problem.Found {
    parameters(exchange);
    return object(json -> {
      json.name("site").value(gateway.site());
      json.name("gateway").value(gateway.gateway());
      json.name("version").value(gateway.version());
      json.name("started").value(Instant.ofEpochMilli(gateway.startedMillis()).toString());
      json.name("ts").value(gateway.startedMillis());
      if (present.windowMillis().isPresent()) {
        json.name("window_s").value(present.windowMillis().get() / 1000);
      }
      json.name("broker").value(gateway.online().getAsBoolean() ? "online" : "offline");
    });
  }

  private String zones(Parameters asked) throws Problem.Found {
    Map<String, List<String>> zones = present.zones(existing(asked), asked.text("query"));
    return object(json -> {
      json.name("zones").beginArray();
      for (Map.Entry<String, List<String>> zone : zones.entrySet()) {
        json.beginObject().name("zone").value(zone.getKey());
        json.name("answers");
        array(json, zone.getValue());
        json.endObject();
      }
      json.endArray();
    });
  }

  private String nodes(Parameters asked) throws Problem.Found {
    List<String> nodes = present.nodes(existing(asked));
    return object(json -> array(json.name("nodes"), nodes));
  }

  private String queries(HttpExchange exchange) throws Problem.Found {
    parameters(exchange);
    List<Page.StandingQuery> queries = present.queries();
    return object(json -> {
      json.name("queries").beginArray();
      for (Page.StandingQuery query : queries) {
        json.beginObject().name("query").value(query.name()).name("text").value(query.text());
        if (query.expiresMillis() != Page.StandingQuery.FOREVER) {
          json.name("expires").value(Instant.ofEpochMilli(query.expiresMillis()).toString());
        }
        json.endObject();
      }
      json.endArray();
    });
  }

  private String joins(HttpExchange exchange) throws Problem.Found {
    parameters(exchange);
    return joins.list();
  }

  private String events(Parameters asked) throws Problem.Found {
    List<String> events = present.events(asked.number("after", 0));
    return object(json -> array(json.name("events"), events));
  }

  private String existing(Parameters asked) throws Problem.Found {
    String path = asked.path("path");
    if (!path.isEmpty() && present.excludes(path)) {
      throw new Problem.Found(
          Problem.notFound("no zone or node is at " + path + "; " + BASE + "/zones lists them"));
    }
    return path;
  }

  private void stream(HttpExchange exchange, Parameters asked) throws Problem.Found, IOException {
    Subscriber subscriber = new Subscriber(present, existing(asked), asked.kinds("kind"));
    if (!followers.tryAcquire()) {
      throw new Problem.Found(
          Problem.busy(FOLLOWERS_MAX + " follow the stream already: try again later"));
    }
    try {
      exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
      begin(exchange, "text/event-stream");
      if (exchange.getRequestMethod().equals("GET")) {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        subscriber.serve(exchange.getResponseBody(), Objects.requireNonNullElse(last, ""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was too slow, or the server ends
    } finally {
      present.unfollow(subscriber);
      followers.release();
    }
  }

  private static byte[] description() throws IOException {
    try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
      return Objects.requireNonNull(in, "openapi.json is beside this class").readAllBytes();
    }
  }

  private static void send(HttpExchange exchange, String json) throws IOException {
    send(exchange, 200, JSON, json.getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    boolean asks = !exchange.getRequestMethod().equals("HEAD");
    begin(exchange, code, type, asks ? body.length : -1);
    if (asks) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Begins an answer of unknown length. */
  static void begin(HttpExchange exchange, String type) throws IOException {
    begin(exchange, 200, type, exchange.getRequestMethod().equals("HEAD") ? -1 : 0);
  }

  private static void begin(HttpExchange exchange, int code, String type, int length)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    exchange.sendResponseHeaders(code, length);
  }

  private static void array(JsonWriter json, List<String> objects) throws IOException {
    json.beginArray();
    for (String object : objects) {
      json.jsonValue(object);
    }
    json.endArray();
  }

  /** An object with its version. */
  static String object(Body body) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject().name("v").value(1);
      body.write(json);
      json.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string can always be written to", e);
    }
    return text.toString();
  }
}
