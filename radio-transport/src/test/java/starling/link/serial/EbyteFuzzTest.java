package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import starling.link.ModemSettings;
import starling.link.ModemSettings.Ebyte.Model;

/** What may come from a module in any stage: anything. */
class EbyteFuzzTest {
  private static final int MTU = 53;
  private static final long STEP_NANOS = 50_000_000L;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAtAnyTimeAreFramesOrARefusalAndTheNextOpeningWorks(byte[] line) throws IOException {
    Model model = line.length > 0 && (line[0] & 4) != 0 ? Model.E32 : Model.E22;
    Ebyte ebyte = new Ebyte(new ModemSettings.Ebyte(model, 2, 17, 2, true), MTU);
    EbyteModule module = new EbyteModule(model);
    int stages = line.length == 0 ? 0 : 4 * (line[0] & 3);
    try {
      ebyte.begin(0);
      talk(ebyte, module, 0, stages);
      for (Heard heard : ebyte.heard(line, stages * STEP_NANOS)) {
        assertTrue(heard.frame().length >= 1 && heard.frame().length <= MTU);
      }
      talk(ebyte, module, stages, 200);
    } catch (IOException e) {
      assertTrue(e.getMessage() != null && e.getMessage().contains(model.name()));
    }
    ebyte.begin(0);
    talk(ebyte, module, 0, 20);
    assertTrue(ebyte.ready());
    byte[] packet = FrameStream.framed(new byte[MTU]);
    Heard heard = ebyte.heard(module.hears(packet, -80), 0).getLast();
    assertArrayEquals(new byte[MTU], heard.frame());
  }

  private static void talk(Ebyte ebyte, EbyteModule module, int from, int to) throws IOException {
    for (int step = from; step < to; step++) {
      byte[] stray = module.pins(ebyte.pins());
      ebyte.heard(stray, step * STEP_NANOS);
      byte[] words = ebyte.due(step * STEP_NANOS);
      if (words.length > 0 && !module.transparent()) {
        ebyte.heard(module.obey(words), step * STEP_NANOS);
      }
    }
  }
}
