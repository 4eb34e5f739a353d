package starling.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.link.Presets;
import starling.link.pty.Pty;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Schema;

/**
 * Exercises what a node needs, so that a start-up cache made from this run holds its classes: a
 * site of one node with a pseudo-terminal for a radio and a broker that is not there, for a few
 * windows. Leaves nothing behind.
 */
final class Rehearsal {
  private static final long LAST_MILLIS = 8_000;
  private static final String QUERY =
      "SELECT AVG(load), MAX(memory), STDDEV(load), P95(load), COUNT(*) FROM readings EVERY 1 s";

  private Rehearsal() {}

  static void run() throws IOException, ConfigurationException, InterruptedException {
    Path directory = Files.createTempDirectory("starling-rehearsal");
    try (Pty pty = Pty.open()) {
      CountDownLatch results = new CountDownLatch(3);
      KeyFile.Identity operatorKey = KeyFile.generate();
      KeyFile.write(directory.resolve("node.key"), KeyFile.generate());
      NodeSettings settings = settings(directory, operatorKey, pty.slave());
      try (Node _ =
          Node.start(
              settings,
              delivery -> {
                if (delivery instanceof Delivery.Result) {
                  results.countDown();
                }
              })) {
        boolean _ = results.await(LAST_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      delete(directory);
    }
  }

  private static NodeSettings settings(Path directory, KeyFile.Identity operatorKey, Path port)
      throws IOException {
    byte[] key = KeyFile.readIdentity(directory.resolve("node.key")).publicKey();
    Operator operator = new Operator(operatorKey.publicKey());
    Charter charter =
        new Draft("rehearsal", 1000)
            .schema(
                new Schema(
                    1,
                    List.of(
                        new Channel("load", "1", 2, 0, 1000),
                        new Channel("memory", "%", 1, 0, 100))))
            .query("stage", QUERY)
            .cell("/rehearsal/stage", Page.Medium.BROADCAST)
            .node("/rehearsal/stage/actor", key, 1, Set.of(Draft.Duty.SENSES, Draft.Duty.UPLINK))
            .charter();
    Map<Integer, byte[]> signed = new HashMap<>();
    charter
        .pages()
        .forEach((zone, page) ->
            signed.put(zone, PageCodec.sign(page, operator, operatorKey.privateKey())));
    return new NodeSettings(
        NodeId.of(key),
        Keyring.of(0, new byte[Keyring.KEY_BYTES]),
        operator,
        charter,
        signed,
        directory.resolve("state"),
        List.of(
            new NodeSettings.LinkSettings.Serial(
                "radio", Presets.SIK_64K.profile(), port.toString(), 57_600),
            new NodeSettings.LinkSettings.Mqtt(
                "uplink", Presets.MQTT.profile(), URI.create("tcp://127.0.0.1:9"), null, null)),
        Map.of("host", Map.of("kind", "linux")),
        true,
        20_000);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
