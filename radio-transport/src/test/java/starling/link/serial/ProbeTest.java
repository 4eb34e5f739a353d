package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Modems that answer each message as they do, on real pseudo-terminals. */
@Timeout(60)
class ProbeTest {
  private static final int BAUD = 115_200;

  @TempDir Path directory;

  @Test
  void anRnodeIsFoundAfterItsBootAndItsRadioIsLeftAlone() throws Exception {
    Path port = directory.resolve("rnode");
    RnodeBoard board = new RnodeBoard();
    EmulatedRnode rnode = new EmulatedRnode(port, board);
    assertEquals(new Probe.Finding.Rnode("1.74"), Probe.at(port.toString(), BAUD, 20_000));
    assertTrue(board.hears(new byte[1]).length == 0);
    rnode.close();
  }

  @Test
  void anXbeeIsFoundInEitherModeAndLeftAsItIs() throws Exception {
    Path port = directory.resolve("xbee");
    for (int api : new int[] {0, 2}) {
      XbeeModule module = new XbeeModule().api(api);
      try (EmulatedXbee xbee = new EmulatedXbee(port, module)) {
        assertEquals(
            new Probe.Finding.Xbee("2003", api > 0), Probe.at(port.toString(), 9_600, 20_000));
        xbee.says(new byte[0]);
        assertEquals(api, module.api());
        assertEquals(0, module.saved);
      }
    }
  }

  @Test
  void framesNoiseAndSilenceAreToldApart() throws Exception {
    assertEquals(new Probe.Finding.Silence(), answering(new byte[0]));
    byte[] text = "ERROR\r\n".getBytes(StandardCharsets.US_ASCII);
    assertEquals(Probe.Finding.Noise.class, answering(text).getClass());
    byte[] frame = FrameStream.framed(new byte[40]);
    assertEquals(Probe.Finding.Frames.class, answering(frame).getClass());
    // What comes back as it went out is no answer.
    byte[] question = RnodeIdentity.question();
    assertEquals(Probe.Finding.Noise.class, answering(question).getClass());
  }

  @Test
  void aPortThatIsNotThereIsToldWithWhatToDo() {
    IOException missing =
        assertThrows(
            IOException.class, () -> Probe.at(directory.resolve("none").toString(), BAUD, 100));
    assertTrue(String.valueOf(missing.getMessage()).contains("plugged in?"));
  }

  private Probe.Finding answering(byte[] answer) throws IOException {
    Path port = directory.resolve("modem");
    KissOnPty[] modem = new KissOnPty[1];
    modem[0] = new KissOnPty(port, _ -> modem[0].says(answer));
    modem[0].start();
    try {
      return Probe.at(port.toString(), BAUD, 800);
    } finally {
      modem[0].close();
    }
  }
}
