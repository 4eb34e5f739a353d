package starling.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import starling.gateway.api.Api;
import starling.gateway.api.Problem;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Login;

/**
 * {@code /metrics} for Prometheus, {@code /healthz} (the process answers), {@code /readyz} (and
 * does its work), and the {@link Api}. Connections, each with a virtual thread, and requests' sizes
 * and times are bounded. Beyond this machine it is only shown to who knows the password, and a
 * wrong one costs a second; without one it answers to this machine's own names only, so that no
 * page in a browser can read it under a name of its own.
 */
public final class WebServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 64;
  private static final int WAITING_MAX = 16;
  private static final int REQUEST_SECONDS = 5;
  private static final int RESPONSE_SECONDS = 30;
  private static final int EXPORT_SECONDS = 600;
  private static final int ROWS_SECONDS = Inquirer.PATIENCE_MAX_SECONDS + RESPONSE_SECONDS;
  private static final int HEADERS_MAX = 64;
  private static final int HEADER_MAX_BYTES = 16 << 10;
  private static final Pattern OWN_NAMES =
      Pattern.compile("(?i)|(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");
  private static final long WRONG_NANOS = 1_000_000_000L;

  static {
    // The JDK's server reads these once, before its first instance.
    limit("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    limit("sun.net.httpserver.maxReqHeaders", HEADERS_MAX);
    limit("sun.net.httpserver.maxReqHeaderSize", HEADER_MAX_BYTES);
    limit("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
  }

  /**
   * Where it listens.
   *
   * @param host an address of this machine; without a login it must be a loopback one
   * @param port 0 for a free one
   * @param login who may look; empty for everybody
   */
  public record Settings(String host, int port, Optional<Login> login) {
    public Settings {
      if (port < 0 || port > 0xFFFF) {
        throw new IllegalArgumentException("no such port: " + port);
      }
      try {
        if (login.isEmpty() && !InetAddress.getByName(host).isLoopbackAddress()) {
          throw new IllegalArgumentException(
              "everybody could look from " + host + ": set a password, or listen on 127.0.0.1");
        }
      } catch (IOException e) {
        throw new IllegalArgumentException("no such address to listen on: " + host, e);
      }
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deadlines deadlines = new Deadlines();
  private final Gauges gauges;
  private final Status status;
  private final boolean guarded;

  private WebServer(HttpServer server, Gauges gauges, Status status, boolean guarded) {
    this.server = server;
    this.gauges = gauges;
    this.status = status;
    this.guarded = guarded;
  }

  /**
   * Starts it.
   *
   * @throws IOException when it can't listen there
   */
  public static WebServer start(
      Settings settings, Gauges gauges, Api api, Upstream upstream, String version, long nowMillis)
      throws IOException {
    HttpServer http = listen(settings);
    Status status = new Status(upstream, version, nowMillis);
    WebServer web = new WebServer(http, gauges, status, settings.login().isPresent());
    web.show("/metrics", web.within(RESPONSE_SECONDS, web::metrics), settings);
    web.show("/healthz", web.within(RESPONSE_SECONDS, WebServer::well), settings);
    web.show("/readyz", web.within(RESPONSE_SECONDS, web::ready), settings);
    web.show(Api.STREAM, api::handle, settings); // has no end, and bounds of its own
    web.show(Api.EXPORT, web.within(EXPORT_SECONDS, api::handle), settings);
    web.show(Api.ROWS, web.within(ROWS_SECONDS, api::handle), settings);
    web.show("/", web.within(RESPONSE_SECONDS, api::handle), settings);
    http.setExecutor(web.threads);
    http.start();
    return web;
  }

  private static HttpServer listen(Settings at) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(at.host(), at.port()), WAITING_MAX);
    } catch (IOException e) {
      String where = at.host() + ":" + at.port();
      throw new IOException("[web] can't listen on " + where + ": " + e.getMessage(), e);
    }
  }

  private void show(String path, HttpHandler page, Settings settings) {
    HttpContext context =
        server.createContext(
            path,
            exchange -> {
              String host =
                  Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Host"), "");
              if (guarded || OWN_NAMES.matcher(host).matches()) {
                page.handle(exchange);
              } else {
                try (exchange) {
                  Api.refuse(exchange, Problem.misdirected(host));
                }
              }
            });
    settings.login().ifPresent(login -> context.setAuthenticator(new Password(login)));
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    deadlines.close();
  }

  private HttpHandler within(int seconds, HttpHandler page) {
    return deadlines.on(page, seconds);
  }

  private static void well(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "ok\n");
  }

  private void metrics(HttpExchange exchange) throws IOException {
    Exposition metrics = new Exposition();
    status.show(metrics);
    gauges.show(metrics, System.nanoTime());
    exchange.getResponseHeaders().set("Content-Type", Exposition.CONTENT_TYPE);
    answer(exchange, 200, metrics.toString());
  }

  private void ready(HttpExchange exchange) throws IOException {
    List<String> ails = status.ails();
    answer(
        exchange,
        ails.isEmpty() ? 200 : 503,
        ails.isEmpty() ? "ok\n" : String.join("\n", ails) + "\n");
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        Api.refuse(exchange, Problem.readOnly(method));
        return;
      }
      if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      }
      byte[] body = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(code, method.equals("HEAD") ? -1 : body.length);
      if (!method.equals("HEAD")) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static void limit(String name, int value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, Integer.toString(value));
    }
  }

  private static final class Password extends BasicAuthenticator {
    private final Login login;

    Password(Login login) {
      super("starling");
      this.login = login;
    }

    @Override
    public boolean checkCredentials(String user, String password) {
      // Both are always compared, so that time does not tell which one was wrong.
      boolean right =
          MessageDigest.isEqual(login.password().getBytes(UTF_8), password.getBytes(UTF_8));
      boolean known = login.user().equals(user) && right;
      if (!known) {
        LockSupport.parkNanos(WRONG_NANOS);
      }
      return known;
    }
  }
}
