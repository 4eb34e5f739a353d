package starling.gateway.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;

/**
 * RabbitMQ nodes on this machine that are one MQTT broker, with subscribers' queues on most of
 * them. Each has a bounded heap and one scheduler.
 */
final class RabbitCluster implements AutoCloseable {
  private static final String SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";
  private static final Duration START = Duration.ofMinutes(3);
  private static final int LINES_SHOWN = 60;

  private final Path directory;
  private final int namesPort = Mosquitto.freePort();
  private final List<Node> nodes;

  private RabbitCluster(Path directory, int size) {
    this.directory = directory;
    nodes = IntStream.range(0, size).mapToObj(i -> new Node("r" + i + "-" + namesPort)).toList();
  }

  /**
   * Starts so many, and returns when all let subscribers in. One after the other: of those that
   * begin together, each may wait for another to be the first, or both join the first in the same
   * moment, of whom it takes in one.
   */
  static RabbitCluster start(Path directory, int size) throws IOException {
    if (!Files.isExecutable(Path.of(SERVER))) {
      throw new AssertionError(
          "no RabbitMQ: tools/verify installs it, or apt-get install rabbitmq-server");
    }
    RabbitCluster cluster = new RabbitCluster(directory, size);
    Path cookie = Files.writeString(directory.resolve(".erlang.cookie"), "field");
    Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    try {
      for (Node node : cluster.nodes) {
        node.configure();
        node.start();
        node.await();
      }
      return cluster;
    } catch (IOException | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  /** All addresses, the first node's first. */
  List<URI> addresses() {
    return nodes.stream().map(node -> URI.create("mqtt://127.0.0.1:" + node.port)).toList();
  }

  int port(int node) {
    return nodes.get(node).port;
  }

  /** As a power cut would. */
  void kill(int node) {
    nodes.get(node).kill();
  }

  /** Starts it again, and returns when it lets subscribers in. */
  void restart(int node) throws IOException {
    nodes.get(node).start();
    nodes.get(node).await();
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(Node::kill);
    new ProcessBuilder("epmd", "-port", "" + namesPort, "-kill")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join();
  }

  private final class Node {
    private final String name;
    private final int port = Mosquitto.freePort();
    private final int innerPort = Mosquitto.freePort();
    private final Path home;
    private Process process;

    Node(String name) {
      this.name = name + "@localhost";
      home = directory.resolve(name);
    }

    void configure() throws IOException {
      Files.createDirectory(home);
      Files.writeString(home.resolve("plugins"), "[rabbitmq_mqtt].");
      List<String> lines =
          new ArrayList<>(
              List.of(
                  "listeners.tcp = none",
                  "mqtt.listeners.tcp.1 = 127.0.0.1:" + port,
                  "mqtt.allow_anonymous = true",
                  "mqtt.durable_queue_type = quorum",
                  "vm_memory_high_watermark.absolute = 256MiB",
                  "disk_free_limit.absolute = 1MB",
                  "cluster_partition_handling = ignore",
                  "cluster_formation.peer_discovery_backend = classic_config",
                  "cluster_formation.discovery_retry_limit = 2",
                  "cluster_formation.randomized_startup_delay_range.min = 0",
                  "cluster_formation.randomized_startup_delay_range.max = 1"));
      for (int i = 0; i < nodes.size(); i++) {
        lines.add("cluster_formation.classic_config.nodes." + (i + 1) + " = " + nodes.get(i).name);
      }
      Files.write(home.resolve("rabbitmq.conf"), lines);
    }

    void start() throws IOException {
      ProcessBuilder builder = new ProcessBuilder(SERVER).directory(home.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "HOME",
                  directory.toString(),
                  "RABBITMQ_NODENAME",
                  name,
                  "RABBITMQ_CONFIG_FILE",
                  home.resolve("rabbitmq").toString(),
                  "RABBITMQ_ENABLED_PLUGINS_FILE",
                  home.resolve("plugins").toString(),
                  "RABBITMQ_MNESIA_BASE",
                  home.resolve("data").toString(),
                  "RABBITMQ_LOG_BASE",
                  home.resolve("log").toString(),
                  "RABBITMQ_DIST_PORT",
                  "" + innerPort,
                  "ERL_EPMD_ADDRESS",
                  "127.0.0.1",
                  "ERL_EPMD_PORT",
                  "" + namesPort,
                  "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                  "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"));
      process =
          builder.redirectErrorStream(true).redirectOutput(home.resolve("out").toFile()).start();
    }

    void await() throws IOException {
      try {
        Eventually.until(
            name + " lets subscribers in",
            START,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(name + " ended");
              }
              return letsIn();
            });
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "; it said last:\n" + saidLast(), e);
      }
    }

    private String saidLast() throws IOException {
      try (Stream<Path> logs = Files.list(home.resolve("log"))) {
        Path log =
            logs.filter(file -> file.endsWith(name + ".log"))
                .findFirst()
                .orElse(home.resolve("out"));
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join(
            "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
      }
    }

    /** It takes connections a while before it has agreed with the others on who is who. */
    private boolean letsIn() {
      String[] probe = {
        "mosquitto_sub", "-h", "127.0.0.1", "-p", "" + port, "-t", "probe", "-E", "-W", "5"
      };
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return new ProcessBuilder(probe)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue()
            == 0;
      } catch (IOException e) {
        return false;
      }
    }

    void kill() {
      if (process == null) {
        return; // the cluster did not come so far
      }
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(one -> one.onExit().join());
    }
  }
}
