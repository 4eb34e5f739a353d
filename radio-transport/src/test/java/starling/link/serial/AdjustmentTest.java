package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.ModemSettings;
import starling.link.ModemSettings.Ebyte.Model;
import starling.link.Presets;

/** Modems on real pseudo-terminals, read, set and compared. */
@Timeout(60)
class AdjustmentTest {
  @TempDir Path directory;

  private List<Comparison> at(Path port, Presets preset, boolean mayWrite) throws IOException {
    ModemSettings modem = preset.modem();
    return Adjustment.at(port.toString(), modem.baud(), preset.profile(), modem, mayWrite);
  }

  private static boolean holds(List<Comparison> settings) {
    return settings.stream().allMatch(Comparison::holds);
  }

  @Test
  void anE22IsReadAloneThenSetThenFoundAsAsked() throws Exception {
    Path port = directory.resolve("e22");
    EbyteModule module = new EbyteModule(Model.E22);
    byte[] factory = module.registers.clone();
    ModemSettings modem = ((ModemSettings.Ebyte) Presets.E22_2K4.modem()).wired(true);
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module)) {
      for (boolean mayWrite : new boolean[] {false, true, true}) {
        assertArrayEquals(factory, mayWrite ? factory : module.registers);
        List<Comparison> found =
            Adjustment.at(
                port.toString(), 9_600, Presets.E22_2K4.profile(), modem, mayWrite, e22.wired());
        assertEquals(mayWrite, holds(found), found.toString());
        assertTrue(module.transparent());
      }
      assertTrue(e22.sent.isEmpty());
    }
  }

  @Test
  void anRnodeSaysWhatItHasAndTakes() throws Exception {
    Path port = directory.resolve("rnode");
    RnodeBoard board = new RnodeBoard();
    try (EmulatedRnode _ = new EmulatedRnode(port, board)) {
      assertFalse(holds(at(port, Presets.RNODE_SF9, false)));
      assertTrue(holds(at(port, Presets.RNODE_SF9, true)));
      assertTrue(holds(at(port, Presets.RNODE_SF9, false)));
      board.takes.put(0x03, 10L);
      List<Comparison> limited = at(port, Presets.RNODE_SF9, true);
      assertEquals(new Comparison("transmit power", "14 dBm", "14 dBm", "10 dBm"), limited.get(2));
    }
  }

  @Test
  void anXbeeIsBroughtIntoItsMode() throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule();
    try (EmulatedXbee xbee = new EmulatedXbee(port, module)) {
      List<Comparison> set = at(port, Presets.XBEE_API2, true);
      assertTrue(holds(set));
      assertEquals(new Comparison("API mode", "0", "2", "2"), set.getLast());
      assertEquals(2, module.api());
      xbee.says(new byte[0]);
    }
  }
}
