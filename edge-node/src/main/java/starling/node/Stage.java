package starling.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.link.pty.Pty;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;

/**
 * The process behind a {@link Rehearsal}: makes a site of one node, from files as an operator makes
 * them, with a pseudo-terminal for a radio and a broker that is not there; says where the node's
 * configuration is; and when its standard input ends takes all of it away again.
 */
final class Stage {
  private static final String CELL = "/rehearsal/stage";
  private static final String QUERY =
      "SELECT AVG(load), MAX(memory), STDDEV(load), P95(load), COUNT(*) FROM readings EVERY 1 s";
  private static final String CONFIGURATION =
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
      [link.radio]
      kind = "serial"
      preset = "sik-64k"
      port = "PORT"
      [link.uplink]
      kind = "mqtt"
      broker = "tcp://127.0.0.1:9"
      [sensor.host]
      kind = "linux"
      """;

  private Stage() {}

  /** Runs until standard input ends. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("starling-rehearsal");
    try (Pty radio = Pty.open()) {
      System.out.println(write(directory, radio.slave()));
      System.in.transferTo(OutputStream.nullOutputStream());
    } finally {
      delete(directory);
    }
  }

  static Path write(Path directory, Path port) throws IOException {
    KeyFile.Identity operatorKey = KeyFile.generate();
    KeyFile.Identity actor = KeyFile.generate();
    KeyFile.write(directory.resolve("node.key"), actor);
    KeyFile.writeSite(directory.resolve("site.key"), Map.of(0, new byte[Keyring.KEY_BYTES]));
    Operator operator = new Operator(operatorKey.publicKey());
    Channel load = new Channel("load", "1", 2, 0, 1000);
    Channel memory = new Channel("memory", "%", 1, 0, 100);
    Draft draft =
        new Draft("rehearsal", 1000)
            .schema(new Schema(1, List.of(load, memory)))
            .query("stage", QUERY)
            .cell(CELL, Page.Medium.BROADCAST)
            .node(
                CELL + "/actor",
                actor.publicKey(),
                1,
                Set.of(Draft.Duty.SENSES, Draft.Duty.UPLINK));
    List<byte[]> pages =
        draft.charter().pages().values().stream()
            .map(page -> PageCodec.sign(page, operator, operatorKey.privateKey()))
            .toList();
    Files.write(directory.resolve("charter.bin"), PageCodec.bundle(pages));
    String key = HexFormat.of().formatHex(operatorKey.publicKey());
    String text = CONFIGURATION.replace("OPERATOR", key).replace("PORT", port.toString());
    return Files.writeString(directory.resolve("node.toml"), text);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
