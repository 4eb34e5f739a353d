package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.link.ModemSettings;

/** What an XBee is asked and told, in virtual time. */
class XbeeSetupTest {
  private static final int STEP_MS = 20;
  private static final int PACKET_BYTES = 95;

  private final XbeeModule module = new XbeeModule();
  private long nowMs;

  private XbeeSetup run(int api, boolean mayWrite) throws IOException {
    XbeeSetup setup = new XbeeSetup(new ModemSettings.Xbee(api), PACKET_BYTES, mayWrite);
    setup.begin(nowMs * 1_000_000);
    long endMs = nowMs + 20_000;
    for (; nowMs < endMs && !setup.done(); nowMs += STEP_MS) {
      setup.heard(module.passes(nowMs));
      byte[] words = setup.due(nowMs * 1_000_000);
      if (words.length > 0) {
        setup.heard(module.obey(words, nowMs));
      }
    }
    assertTrue(setup.done());
    return setup;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2", "2, 0", "2, 1", "2, 2"})
  void fromAnyModeItIsSetToAnyOtherAndSavedOnce(int from, int to) throws IOException {
    module.api(from);
    XbeeSetup setup = run(to, true);
    assertEquals(to, module.api());
    if (to == 0) {
      assertEquals(0xFFFFL, module.settings.get("DL"));
    }
    assertTrue(setup.comparisons().stream().allMatch(Comparison::holds));
    assertEquals(from == to && to > 0 ? 0 : 1, module.saved);
    assertEquals("2003", setup.firmware());
    int saved = module.saved;
    run(to, true);
    assertEquals(saved, module.saved);
  }

  @Test
  void readingAloneChangesNothingAndShowsWhatDiffers() throws IOException {
    List<Comparison> found = run(2, false).comparisons();
    assertEquals(new Comparison("API mode", "0", "2", "0"), found.getLast());
    assertEquals(0, module.api());
    assertEquals(0, module.saved);
  }

  @Test
  void anotherModemWithTheSameAttentionIsNamedAndLeft() {
    module.settings.remove("VR");
    String said = assertThrows(IOException.class, () -> run(0, false)).getMessage();
    assertTrue(said.contains("a SiK radio?"), said);
    module.deaf = true;
    assertTrue(
        assertThrows(IOException.class, () -> run(1, false))
            .getMessage()
            .startsWith("no XBee answers, neither"));
  }

  @Test
  void noiseIsNoAnswer() {
    XbeeVoice.Text text = new XbeeVoice.Text();
    assertEquals(null, text.heard("garb\u00FFage\rAT\r".getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(new XbeeVoice.Reply(true, 0), text.heard(new byte[] {'O', 'K', '\r'}));
    assertEquals(null, text.heard(new byte[200]));
    assertEquals(new XbeeVoice.Reply(true, 0), text.heard(new byte[] {'O', 'K', '\r'}));
    assertEquals(
        new XbeeVoice.Reply(false, 0), text.heard("ERROR\r".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(
        new XbeeVoice.Reply(true, 0xFFFF),
        text.heard("FFFF\r".getBytes(StandardCharsets.US_ASCII)));
  }
}
