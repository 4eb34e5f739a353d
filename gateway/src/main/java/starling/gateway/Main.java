package starling.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.join.Joins;
import starling.gateway.join.Reception;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Brokers;
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
        --template          prints a commented example of a configuration, with every key
        --check             says whether the configuration is in order, and what is not
        --show              prints what is configured, and where each of it was set
        --help              this text, and all configuration keys

      Exit status: 0 stopped as told, 1 failed or moved by the charter: to be started again, 2 wrong usage or configuration.

      Examples:
        starling gateway --template >/etc/starling/gateway.toml
        starling gateway --config /etc/starling/gateway.toml
        mosquitto_sub -h 127.0.0.1 -t 'starling/#' -v

      What changes in the file is taken up within seconds in [command], [history], [postgres], [influx], [sparkplug]
      and [web].

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
      if (line.template()) {
        System.out.print(template());
        return 0;
      }
      Path file = line.config(Path.of("/etc/starling/gateway.toml"));
      Configuration from = Configuration.read(file, line.overrides(), GatewaySettings.KEYS);
      if (line.show() || line.check()) {
        System.out.print(line.show() ? from.show(GatewaySettings.KEYS) : check(from, file));
        return 0;
      }
      start(file, line.overrides(), from, running);
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

  /** The commented example: what a gateway has, then what any node has. */
  static String template() throws IOException {
    try (InputStream in = Main.class.getResourceAsStream("gateway.toml")) {
      String own = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      String nodes = starling.node.Main.template();
      return own + "\n" + nodes.substring(nodes.indexOf("[node]"));
    }
  }

  private static String check(Configuration from, Path file)
      throws ConfigurationException, IOException {
    NodeSettings _ = NodeSettings.of(from, true);
    GatewaySettings _ = GatewaySettings.of(from);
    return file + " is in order\n";
  }

  /** The broker first, then who speaks to it; closed in the other order. */
  private static void start(
      Path file, List<String> overrides, Configuration from, Deque<AutoCloseable> running)
      throws ConfigurationException, IOException {
    NodeSettings node = NodeSettings.of(from, true);
    GatewaySettings gateway = GatewaySettings.of(from);
    Brokers brokers;
    if (gateway.embedded().isPresent()) {
      EmbeddedBroker own = EmbeddedBroker.start(gateway.embedded().get());
      running.push(own);
      brokers = own.brokers();
    } else {
      brokers = gateway.brokers().orElseThrow();
    }
    String site = node.charter().site().orElseThrow().site();
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                brokers,
                site,
                gateway.name(),
                version(),
                gateway.keeping(),
                gateway.homeAssistant()),
            InstantSource.system());
    upstream.open();
    running.push(upstream);
    Reception reception =
        new Reception(
            brokers,
            "starling-desk-" + gateway.name() + "-" + node.id(),
            site,
            node.operator().raw(),
            _ -> {});
    reception.open();
    running.push(reception);
    Joins joins = new Joins(reception);
    Parts parts = new Parts(gateway, brokers, site, version(), upstream, Optional.of(joins));
    running.push(parts);
    Node started = Node.start(node, upstream.andThen(parts));
    running.push(started);
    joins.to(started::take);
    parts.ask(started::ask);
    running.push(Reload.start(file, overrides, from, parts, upstream));
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
