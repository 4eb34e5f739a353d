package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import starling.link.ModemSettings;

/** What may come from a modem in any stage: anything. */
class RnodeFuzzTest {
  private static final int MTU = 115;
  private static final long STEP_NANOS = 100_000_000L;
  private static final ModemSettings.Rnode ASKED =
      new ModemSettings.Rnode(869_525_000, 125_000, 9, 5, 14, 18);

  @FuzzTest(maxDuration = "3s")
  void anyBytesAtAnyTimeAreFramesOrARefusalAndTheNextOpeningWorks(byte[] line) throws IOException {
    Rnode rnode = new Rnode(ASKED, MTU);
    RnodeBoard board = new RnodeBoard();
    int stages = line.length == 0 ? 0 : line[0] & 3;
    try {
      rnode.begin(0);
      talk(rnode, board, 0, stages);
      for (Heard heard : rnode.heard(line, 0)) {
        assertTrue(heard.frame().length >= 1 && heard.frame().length <= MTU);
      }
      talk(rnode, board, stages, 400);
    } catch (IOException e) {
      assertTrue(e.getMessage() != null && e.getMessage().contains("RNode"));
    }
    rnode.begin(0);
    board.boot();
    talk(rnode, board, 0, 10);
    assertTrue(rnode.ready());
  }

  private static void talk(Rnode rnode, RnodeBoard board, int from, int to) throws IOException {
    for (int step = from; step < to; step++) {
      for (byte[] message : NaiveKiss.messages(rnode.due(step * STEP_NANOS))) {
        rnode.heard(board.obey(message), step * STEP_NANOS);
      }
    }
  }
}
