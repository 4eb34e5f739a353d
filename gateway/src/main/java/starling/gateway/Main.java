package starling.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import starling.gateway.api.Api;
import starling.gateway.api.Present;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.history.History;
import starling.gateway.sink.Influx;
import starling.gateway.sink.Outlet;
import starling.gateway.sink.Postgres;
import starling.gateway.sink.Sink;
import starling.gateway.sparkplug.EdgeNode;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.gateway.web.Gauges;
import starling.gateway.web.WebServer;
import starling.model.Delivery;
import starling.node.CommandLine;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.Logs;
import starling.node.Node;
import starling.node.NodeSettings;

/** {@code starling gateway}: runs one gateway until it is told to stop. */
public final class Main {
  private static final String HELP =
      """
      Usage: starling gateway --config FILE [--TABLE.KEY=VALUE]... [--exit-with-stdin]

      Runs one gateway: a node of the site that publishes what its zones amount to over MQTT, on its own broker or another.

        --config FILE       its configuration (TOML); /etc/starling/gateway.toml if there is one
        --TABLE.KEY=VALUE   sets a key of the configuration: --broker.listen=127.0.0.1:1884
        --exit-with-stdin   stops when standard input ends
        --help              this text, and all configuration keys

      Example:
        starling gateway --config /etc/starling/gateway.toml
        mosquitto_sub -h 127.0.0.1 -t 'starling/#' -v

      Configuration keys:
      """;

  private Main() {}

  /** Runs; exit status 0 after a stop, 1 after a failure, 2 for wrong usage. */
  public static void main(String[] args) throws InterruptedException {
    System.exit(run(args));
  }

  private static int run(String[] args) throws InterruptedException {
    CommandLine line = CommandLine.parse(args);
    if (line.help()) {
      starling.node.Main.help(HELP, GatewaySettings.KEYS, System.out);
      return 0;
    }
    if (!line.wrong().isEmpty()) {
      System.err.println(line.wrong() + "; see starling gateway --help");
      return 2;
    }
    Logs.setUp();
    Deque<AutoCloseable> running = new ArrayDeque<>();
    try {
      Path file = line.config(Path.of("/etc/starling/gateway.toml"));
      Configuration from = Configuration.read(file, line.overrides(), GatewaySettings.KEYS);
      start(from, running);
      starling.node.Main.untilStopped(line.exitWithStdin(), running.toArray(AutoCloseable[]::new));
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println("starling gateway: " + starling.node.Main.describe(e));
      return 1;
    }
  }

  /** The broker first, then who speaks to it; closed in the other order. */
  private static void start(Configuration from, Deque<AutoCloseable> running)
      throws ConfigurationException, IOException {
    NodeSettings node = NodeSettings.of(from, true);
    GatewaySettings gateway = GatewaySettings.of(from);
    if (gateway.embedded().isPresent()) {
      running.push(EmbeddedBroker.start(gateway.embedded().get()));
    }
    String site = node.charter().site().orElseThrow().site();
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                gateway.brokers(),
                site,
                gateway.name(),
                version(),
                gateway.keeping(),
                gateway.homeAssistant()),
            InstantSource.system());
    upstream.open();
    running.push(upstream);
    Consumer<Delivery> all = upstream;
    if (gateway.history().isPresent()) {
      all = all.andThen(keep(gateway, site, upstream, running));
    }
    if (gateway.web().isPresent()) {
      all = all.andThen(show(gateway, site, upstream, running));
    }
    running.push(Node.start(node, all));
  }

  /** Keeps the past and hands it on; the answer is to be told what a node tells. */
  private static Consumer<Delivery> keep(
      GatewaySettings gateway, String site, Upstream upstream, Deque<AutoCloseable> running)
      throws IOException {
    History history = History.open(gateway.history().orElseThrow(), upstream);
    running.push(history);
    List<Sink> sinks = new ArrayList<>();
    gateway.postgres().ifPresent(to -> sinks.add(new Postgres(to, site)));
    gateway.influx().ifPresent(to -> sinks.add(new Influx(to, site)));
    Consumer<Delivery> all = history;
    if (gateway.sparkplug().isPresent()) {
      EdgeNode edge =
          EdgeNode.open(
              new EdgeNode.Settings(
                  gateway.brokers(),
                  site,
                  gateway.name(),
                  gateway.sparkplug().get().host(),
                  gateway.sparkplug().get().counter()),
              InstantSource.system());
      sinks.add(edge);
      all = all.andThen(edge);
    }
    sinks.forEach(sink -> running.push(Outlet.start(history.file(), sink, upstream)));
    return all;
  }

  /** Shows what a node tells over HTTP; the answer is to be told it. */
  private static Consumer<Delivery> show(
      GatewaySettings gateway, String site, Upstream upstream, Deque<AutoCloseable> running)
      throws IOException {
    long now = System.currentTimeMillis();
    Gauges gauges = new Gauges();
    Present present =
        new Present(
            InstantSource.system(),
            health -> Payloads.health(health, (int) upstream.stock().messages(), upstream.stock()));
    Api api =
        new Api(
            new Api.Gateway(site, gateway.name(), version(), now, upstream::isUp),
            present,
            gateway.history().map(History.Settings::file));
    running.push(
        WebServer.start(gateway.web().orElseThrow(), gauges, api, upstream, version(), now));
    return gauges.andThen(present);
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
