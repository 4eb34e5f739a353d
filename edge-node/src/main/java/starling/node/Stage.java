package starling.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;

/**
 * The files of a small site, as an operator makes them: a cell on a radio, a cell on a network, and
 * windows of a second, or of more where nodes are slow.
 */
final class Stage {
  private static final String RADIO_CELL = "/rehearsal/stage";
  private static final String NETWORK_CELL = "/rehearsal/pit";
  private static final String QUERY =
      "SELECT AVG(load), MAX(memory), STDDEV(load), P95(load), COUNT(*) FROM readings EVERY ";
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
      RADIO[link.uplink]
      kind = "mqtt"
      broker = "BROKER"
      [sensor.host]
      kind = "linux"
      """;
  private static final String RADIO =
      """
      [link.radio]
      kind = "serial"
      preset = "sik-64k"
      port = "PORT"
      """;

  private Stage() {}

  /**
   * One node.
   *
   * @param home where its files go, an empty directory
   * @param port its radio's device; without, it is of the cell on the network
   */
  record Actor(String name, Path home, Optional<Path> port) {
    private String cell() {
      return port.isPresent() ? RADIO_CELL : NETWORK_CELL;
    }

    private Set<Draft.Duty> duties() {
      return EnumSet.of(Draft.Duty.SENSES, Draft.Duty.UPLINK);
    }

    /** Its configuration, once it is written. */
    Path configuration() {
      return home.resolve("node.toml");
    }
  }

  /** Writes all that the actors need. */
  static void write(List<Actor> actors, URI broker, int windowSeconds) throws IOException {
    KeyFile.Identity operatorKey = KeyFile.generate();
    Operator operator = new Operator(operatorKey.publicKey());
    Channel load = new Channel("load", "1", 2, 0, 1000);
    Channel memory = new Channel("memory", "%", 1, 0, 100);
    Draft draft =
        new Draft("rehearsal", 1000L * windowSeconds)
            .schema(new Schema(1, List.of(load, memory)))
            .query("stage", QUERY + windowSeconds + " s")
            .cell(RADIO_CELL, Page.Medium.BROADCAST)
            .cell(NETWORK_CELL, Page.Medium.ADDRESSED);
    for (Actor actor : actors) {
      KeyFile.Identity identity = KeyFile.generate();
      KeyFile.write(actor.home().resolve("node.key"), identity);
      draft.node(actor.cell() + "/" + actor.name(), identity.publicKey(), 1, actor.duties());
    }
    List<byte[]> pages = new ArrayList<>();
    for (Page page : draft.charter().pages().values()) {
      pages.add(PageCodec.sign(page, operator, operatorKey.privateKey()));
    }
    String text =
        NODE.replace("OPERATOR", HexFormat.of().formatHex(operatorKey.publicKey()))
            .replace("BROKER", broker.toString());
    for (Actor actor : actors) {
      KeyFile.writeSite(actor.home().resolve("site.key"), Map.of(0, new byte[Keyring.KEY_BYTES]));
      Files.write(actor.home().resolve("charter.bin"), PageCodec.bundle(pages));
      String radio = actor.port().map(port -> RADIO.replace("PORT", port.toString())).orElse("");
      Files.writeString(actor.configuration(), text.replace("RADIO", radio));
    }
  }
}
