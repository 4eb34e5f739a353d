package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import starling.link.ModemSettings;

/** What may come from an XBee in any stage and mode: anything, in any pieces. */
class XbeeFuzzTest {
  private static final int MTU = 95;
  private static final int STEP_MS = 50;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAtAnyTimeAreFramesOrARefusalAndTheNextOpeningWorks(byte[] line) throws IOException {
    int api = line.length == 0 ? 1 : Math.floorMod(line[0], 3);
    Dialect xbee = Dialect.of(new ModemSettings.Xbee(api), MTU);
    XbeeModule module = new XbeeModule().api(api);
    module.settings.put("DL", 0xFFFFL);
    int steps = line.length == 0 ? 0 : 20 * (line[0] & 3);
    try {
      xbee.begin(0);
      talk(xbee, module, 0, steps);
      for (Heard heard : xbee.heard(line, nanos(steps))) {
        assertTrue(heard.frame().length >= 1 && heard.frame().length <= MTU);
      }
      talk(xbee, module, steps, 300);
    } catch (IOException e) {
      assertTrue(e.getMessage() != null && e.getMessage().matches(".*(XBee|SiK).*"));
    }
    xbee.begin(nanos(1_000));
    talk(xbee, module, 1_000, 1_300);
    assertTrue(xbee.ready());
  }

  private static long nanos(int step) {
    return step * STEP_MS * 1_000_000L;
  }

  private static void talk(Dialect xbee, XbeeModule module, int from, int to) throws IOException {
    for (int step = from; step < to; step++) {
      xbee.heard(module.passes((long) step * STEP_MS), nanos(step));
      byte[] words = xbee.due(nanos(step));
      if (words.length > 0) {
        xbee.heard(module.obey(words, (long) step * STEP_MS), nanos(step));
      }
    }
  }
}
