package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.pty.Pty;
import starling.link.serial.SerialLink;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Schema;

/** A gateway with an E22, which puts a byte of signal strength behind each packet. */
class NodeSignalTest {
  private static final byte[] SITE_KEY = new byte[Keyring.KEY_BYTES];
  private static final int RSSI_DBM = -93;

  @TempDir Path directory;
  private final KeyFile.Identity gate = KeyFile.generate();
  private final KeyFile.Identity mate = KeyFile.generate();
  private final Charter charter =
      new Draft("orchard", 1000)
          .schema(new Schema(1, List.of(new Channel("load", "1", 2, 0, 1000))))
          .cell("/orchard/north", Page.Medium.BROADCAST)
          .node("/orchard/north/gate", gate.publicKey(), 1, EnumSet.of(Draft.Duty.GATEWAY))
          .node("/orchard/north/mate", mate.publicKey(), 1, EnumSet.of(Draft.Duty.SENSES))
          .charter();

  @Test
  void whatTheModemTellsOfAMatesFramesIsInItsHealthAndInTheLinks() throws Exception {
    List<Delivery.Health> told = new CopyOnWriteArrayList<>();
    Pty radio = Pty.open();
    try (radio) {
      NodeSettings settings = settings(radio.slave());
      try (Node node =
          Node.start(
              settings,
              delivery -> {
                if (delivery instanceof Delivery.Health health) {
                  told.add(health);
                }
              })) {
        assertEquals("/orchard/north/gate", node.path());
        Page.Cell cell = settings.place(charter).cell();
        byte[][] packets = {packet(cell, 0), packet(cell, 1), packet(cell, 2)};
        Eventually.holds(
            "the port is open",
            () -> {
              radio.write(packets[0]);
              return node.statistics().framesHeard() > 0;
            });
        radio.write(packets[1]);
        radio.write(packets[2]);
        Eventually.holds(
            "the mate's signal",
            () -> told.stream().anyMatch(health -> health.node().endsWith("/mate")));
        Delivery.Health first =
            told.stream().filter(health -> health.node().endsWith("/mate")).findFirst().get();
        Delivery.Signal signal = first.hearing().get().signal().orElseThrow();
        assertEquals(RSSI_DBM, signal.rssiDbm().orElseThrow());
        assertTrue(signal.snrDb().isEmpty());
        radio.close(); // a link that changes is told at once
        Eventually.holds("the link's signal", () -> told.stream().anyMatch(this::linkTells));
      }
    }
  }

  private boolean linkTells(Delivery.Health health) {
    return health.self().stream()
        .flatMap(self -> self.links().stream())
        .flatMap(link -> link.signal().stream())
        .anyMatch(signal -> signal.rssiMeanDbm().orElse(0) == RSSI_DBM);
  }

  private NodeSettings settings(Path port) throws Exception {
    KeyFile.Identity owner = KeyFile.generate();
    Operator operator = new Operator(owner.publicKey());
    Files.write(
        directory.resolve("charter.bin"),
        PageCodec.bundle(
            charter.pages().values().stream()
                .map(page -> PageCodec.sign(page, operator, owner.privateKey()))
                .toList()));
    KeyFile.write(directory.resolve("node.key"), gate);
    KeyFile.writeSite(directory.resolve("site.key"), Map.of(0, SITE_KEY));
    Path file = directory.resolve("node.toml");
    Files.writeString(
        file,
        """
        [node]
        identity = "node.key"
        site_key = "site.key"
        operator = "OPERATOR"
        charter = "charter.bin"
        state = "state"
        [clock]
        root = true
        [link.radio]
        kind = "serial"
        preset = "e22-9k6"
        port = "PORT"
        """
            .replace("OPERATOR", HexFormat.of().formatHex(owner.publicKey()))
            .replace("PORT", port.toString()));
    return NodeSettings.of(Configuration.read(file, List.of(), NodeSettings.KEYS), true);
  }

  /** A frame of the mate as a modem of the same sort puts it out, its strength behind it. */
  private byte[] packet(Page.Cell cell, int counter) throws Exception {
    int slot =
        cell.members().stream()
            .filter(member -> member.name().equals("mate"))
            .findFirst()
            .orElseThrow()
            .slot();
    Introduction self = new Introduction(NodeId.of(mate.publicKey()).bits(), 1, 7);
    FrameHeader header = new FrameHeader(true, 0, cell.zone(), slot, counter, charter.low(), 5);
    byte[] frame =
        new Sealer(Keyring.of(0, SITE_KEY), 0, self, header.sender(), 1)
            .seal(header, new byte[0], 0);
    byte[] line = onTheLine(frame);
    byte[] packet = Arrays.copyOf(line, line.length + 1);
    packet[line.length] = (byte) (256 + RSSI_DBM);
    return packet;
  }

  private static byte[] onTheLine(byte[] frame) throws Exception {
    byte[] line = new byte[512];
    int[] bytes = {0};
    try (Pty wire = Pty.open();
        SerialLink link =
            new SerialLink(wire.slave().toString(), 57_600, Presets.SIK_64K.profile())) {
      link.open(new Deaf());
      AirtimeLedger ledger = new AirtimeLedger(link.profile());
      Eventually.holds(
          "a frame on the line",
          () -> {
            link.send(
                1, Address.ALL, ledger.reserve(frame.length, Purpose.NEWS, 0).orElseThrow(), frame);
            bytes[0] = Math.max(0, wire.read(line, 100));
            return bytes[0] > 0;
          });
    }
    return Arrays.copyOf(line, bytes[0]);
  }

  private static final class Deaf implements Link.Listener {
    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {}

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean up, String reason) {}
  }
}
