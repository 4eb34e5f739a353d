package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.link.serial.Recorder.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;

/** A link through an emulated RNode on a real pseudo-terminal, opened through jSSC. */
@Timeout(60)
class RnodeLinkTest {
  private static final Presets PRESET = Presets.RNODE_SF9;

  @TempDir Path directory;
  private final AirtimeLedger ledger = new AirtimeLedger(PRESET.profile());
  private final Recorder recorder = new Recorder();
  private final RnodeBoard board = new RnodeBoard();

  @Test
  void itIsSetUpAfterItsBootNoiseAndFramesPassBothWays() throws Exception {
    Path port = directory.resolve("rnode");
    try (EmulatedRnode rnode = new EmulatedRnode(port, board);
        SerialLink link = opened(port)) {
      await("up", recorder::up);
      assertTrue(board.runsWith(0x04, 9) && board.runsWith(0x01, 869_525_000));
      assertTrue(recorder.states.getLast().contains("the RNode (firmware 1.74)"));
      byte[] frame = {(byte) 0xC0, (byte) 0xDB, 3};
      send(link, 1, frame);
      await("on the air", () -> board.sent.size() == 1);
      assertArrayEquals(frame, board.sent.getFirst());
      rnode.hears(frame);
      await("heard", () -> recorder.heard.size() == 1);
      assertArrayEquals(frame, recorder.heard.getFirst());
      assertEquals(new Reception(-90, -5), recorder.receptions.getFirst());
      assertEquals(1, link.counters().frames());
    }
  }

  @Test
  void resetInMidRunItIsSetUpAgain() throws Exception {
    Path port = directory.resolve("rnode");
    try (EmulatedRnode rnode = new EmulatedRnode(port, board);
        SerialLink link = opened(port)) {
      await("up", recorder::up);
      int before = recorder.states.size();
      rnode.resets();
      await("up again", () -> recorder.states.size() == before + 2);
      assertTrue(recorder.states.get(before).contains("was reset"), recorder.states.toString());
      assertTrue(recorder.up() && board.runsWith(0x04, 9));
      rnode.hears(new byte[] {5});
      await("heard", () -> recorder.heard.size() == 1);
      assertEquals(1, link.counters().frames());
    }
  }

  @Test
  void aSettingThatItRefusesKeepsTheLinkDownWithBothValuesAndSendsNothing() throws Exception {
    Path port = directory.resolve("rnode");
    board.takes.put(0x04, 7L);
    try (EmulatedRnode rnode = new EmulatedRnode(port, board);
        SerialLink link = opened(port)) {
      await("told", () -> !recorder.states.isEmpty());
      assertEquals(
          "down: the RNode (firmware 1.74) took spreading factor 7 where spreading factor 9 was"
              + " asked: ask for what the board can do",
          recorder.states.getFirst());
      send(link, 1, new byte[10]);
      assertEquals(List.of(false), recorder.left.get(1L));
      rnode.hears(new byte[] {5});
      board.takes.clear();
      await("up when it takes it", recorder::up);
      assertTrue(board.sent.isEmpty());
    }
  }

  @Test
  void pluggedInAgainItIsSetUpAgain() throws Exception {
    Path port = directory.resolve("rnode");
    EmulatedRnode rnode = new EmulatedRnode(port, board);
    try (SerialLink link = opened(port)) {
      await("up", recorder::up);
      rnode.close();
      await("down", () -> !recorder.up());
      RnodeBoard other = new RnodeBoard();
      rnode = new EmulatedRnode(port, other);
      await("up", recorder::up);
      assertTrue(other.runsWith(0x04, 9));
      send(link, 2, new byte[] {7});
      await("on the air", () -> other.sent.size() == 1);
    }
    rnode.close();
  }

  private SerialLink opened(Path port) {
    ModemSettings modem = PRESET.modem();
    SerialLink link = new SerialLink(port.toString(), 115_200, PRESET.profile(), modem);
    link.open(recorder);
    return link;
  }

  private void send(SerialLink link, long id, byte[] frame) {
    AirtimeLedger.Permit permit = ledger.reserve(frame.length, Purpose.NEWS, 0).orElseThrow();
    link.send(id, Address.ALL, permit, frame);
  }
}
