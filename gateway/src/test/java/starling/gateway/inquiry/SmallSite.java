package starling.gateway.inquiry;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.model.Channel;
import starling.model.Delivery;
import starling.model.Page;
import starling.model.Schema;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.KeyFile;
import starling.node.Node;
import starling.node.NodeSettings;

/**
 * A site of real nodes in this process, on a real broker of its own: the gateway's own and one more
 * in {@code /berlin/city}, two in {@code /berlin/north}, of whose rows the gateway holds none.
 * Windows take a second, and {@code climate} is asked of each.
 */
public final class SmallSite implements AutoCloseable {
  /** What is inside the other cell. */
  public static final String NORTH = "/berlin/north";

  private static final String GATE = "/berlin/city/gate";
  private static final List<String> NODES =
      List.of(GATE, "/berlin/city/c1", NORTH + "/n1", NORTH + "/n2");
  private static final String NODE =
      """
      [node]
      identity = "node.key"
      site_key = "site.key"
      operator = "OPERATOR"
      charter = "charter.bin"
      state = "state"
      [clock]
      root = true
      uncertainty_ms = 20
      [link.uplink]
      kind = "mqtt"
      broker = "BROKER"
      [sensor.host]
      kind = "linux"
      """;

  /** A few seconds, on a machine that has nothing else to do. */
  private static final Duration START = Duration.ofMinutes(1);

  private final Mosquitto broker;
  private final Deque<Node> nodes = new ArrayDeque<>();
  private final Node gate;

  private SmallSite(Path directory) throws IOException, ConfigurationException {
    broker = Mosquitto.start(directory);
    write(directory, broker.uri());
    for (String path : NODES.reversed()) {
      Path file = home(directory, path).resolve("node.toml");
      Configuration from = Configuration.read(file, List.of(), NodeSettings.KEYS);
      nodes.push(Node.start(NodeSettings.of(from, path.equals(GATE)), _ -> {}));
    }
    gate = nodes.getFirst();
  }

  /**
   * Starts it, and returns when the inside of the other cell can be told.
   *
   * @param directory an empty one
   */
  public static SmallSite start(Path directory) throws IOException, ConfigurationException {
    SmallSite site = new SmallSite(directory);
    Eventually.until("a window of each zone", START, () -> site.knows("") && site.knows(NORTH));
    return site;
  }

  private boolean knows(String zone) {
    CompletableFuture<Delivery.Inquired> answer = new CompletableFuture<>();
    gate.ask(zone, "", 5_000, answer::complete);
    Delivery.Inquired told = answer.join();
    return told.zones().size() + told.nodes().size() == 2
        && told.zones().stream().allMatch(row -> row.reported() > 0);
  }

  /** On which its nodes meet. */
  public Mosquitto broker() {
    return broker;
  }

  /** The gateway's own node. */
  public Node gate() {
    return gate;
  }

  private static Path home(Path directory, String node) {
    return directory.resolve(node.substring(node.lastIndexOf('/') + 1));
  }

  private static void write(Path directory, URI broker) throws IOException {
    KeyFile.Identity operatorKey = KeyFile.generate();
    Operator operator = new Operator(operatorKey.publicKey());
    Draft draft =
        new Draft("berlin", 1_000)
            .schema(
                new Schema(
                    1,
                    List.of(
                        new Channel("load", "1", 2, 0, 1000),
                        new Channel("memory", "%", 1, 0, 100))))
            .query("climate", "SELECT AVG(load), MAX(memory), COUNT(*) FROM readings")
            .cell("/berlin/city", Page.Medium.ADDRESSED)
            .cell(NORTH, Page.Medium.ADDRESSED);
    for (String path : NODES) {
      Path home = Files.createDirectories(home(directory, path));
      KeyFile.Identity identity = KeyFile.generate();
      KeyFile.write(home.resolve("node.key"), identity);
      Draft.Duty own = path.equals(GATE) ? Draft.Duty.GATEWAY : Draft.Duty.SENSES;
      draft.node(path, identity.publicKey(), 1, Set.copyOf(EnumSet.of(Draft.Duty.UPLINK, own)));
    }
    List<byte[]> pages = new ArrayList<>();
    for (Page page : draft.charter().pages().values()) {
      pages.add(PageCodec.sign(page, operator, operatorKey.privateKey()));
    }
    String text =
        NODE.replace("OPERATOR", HexFormat.of().formatHex(operatorKey.publicKey()))
            .replace("BROKER", broker.toString());
    for (String path : NODES) {
      Path home = home(directory, path);
      KeyFile.writeSite(home.resolve("site.key"), Map.of(0, new byte[Keyring.KEY_BYTES]));
      Files.write(home.resolve("charter.bin"), PageCodec.bundle(pages));
      Files.writeString(home.resolve("node.toml"), text);
    }
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    broker.close();
  }
}
