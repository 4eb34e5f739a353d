package starling.gateway.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import starling.gateway.history.Point;
import starling.gateway.history.Row;

/**
 * InfluxDB's line protocol over HTTP, as versions 1 and 2 and others that speak it take it. A
 * zone's answer is a line of {@code starling_zone}, a node's readings one of {@code starling_node}.
 * A line with the same tags and time replaces the one that is there.
 */
public final class Influx implements Sink {
  /** Under which name points wait for it. */
  public static final String NAME = "influx";

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int SHOWN_MAX_CHARS = 200;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int UNPROCESSABLE = 422;

  /**
   * Where it is.
   *
   * @param url all of it: {@code http://127.0.0.1:8086/write?db=field}, or {@code
   *     https://host/api/v2/write?org=farm&bucket=field}
   * @param authorization the header's value, if it wants one
   */
  public record Settings(URI url, Optional<String> authorization) {
    public Settings {
      String scheme = Objects.requireNonNullElse(url.getScheme(), "");
      if (!List.of("http", "https").contains(scheme) || url.getHost() == null) {
        throw new IllegalArgumentException("must look like http://127.0.0.1:8086/write?db=field");
      }
      if (url.getUserInfo() != null) {
        throw new IllegalArgumentException("a login does not belong in an address: use user");
      }
      if (scheme.equals("http") && authorization.isPresent() && !isHere(url.getHost())) {
        throw new IllegalArgumentException(
            "would send the password in the clear to " + url.getHost() + ": use https");
      }
    }

    private static boolean isHere(String host) {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    /** The header for a user and a password. */
    public static String basic(String user, String password) {
      return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** The header for a token. */
    public static String token(String token) {
      return "Token " + token;
    }

    @Override
    public String toString() {
      return url.getHost();
    }
  }

  private final Settings settings;
  private final String site;
  private final HttpClient client;

  /**
   * A sink of one site's points.
   *
   * @param site the root zone's name
   */
  public Influx(Settings settings, String site) {
    this.settings = settings;
    this.site = site;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void write(List<Point> points) throws IOException {
    StringBuilder lines = new StringBuilder();
    points.forEach(point -> lines.append(line(point)));
    String separator = settings.url().getRawQuery() == null ? "?" : "&";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.url() + separator + "precision=ms"))
            .timeout(ANSWER)
            .POST(HttpRequest.BodyPublishers.ofString(lines.toString()));
    settings.authorization().ifPresent(value -> request.header("Authorization", value));
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      judge(answer.statusCode(), answer.body().strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void judge(int status, String body) throws IOException {
    String why = status + " " + body.substring(0, Math.min(body.length(), SHOWN_MAX_CHARS));
    if (status == BAD_REQUEST || status == TOO_LARGE || status == UNPROCESSABLE) {
      throw new Refused(why);
    }
    if (status / 100 != 2) {
      throw new IOException("it answers " + why);
    }
  }

  /** Names and paths have nothing that would need escapes. */
  String line(Point point) {
    StringJoiner fields = new StringJoiner(",");
    for (Map.Entry<String, Double> value : point.values().entrySet()) {
      fields.add(value.getKey() + "=" + Row.number(value.getValue()));
    }
    Point.Source source = point.source();
    String of =
        source.isZone()
            ? "starling_zone,query=" + source.query() + ",site=" + site + ",zone=" + source.path()
            : "starling_node,node=" + source.path() + ",site=" + site;
    return of + " " + fields + " " + point.endMillis() + "\n";
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
