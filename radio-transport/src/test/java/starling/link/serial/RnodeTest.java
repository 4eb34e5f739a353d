package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import starling.link.ModemSettings;
import starling.link.Reception;

/** An RNode's dialect in virtual time, against a board that answers at once. */
class RnodeTest {
  private static final long STEP_NANOS = 20_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final ModemSettings.Rnode ASKED =
      new ModemSettings.Rnode(869_525_000, 125_000, 9, 5, 22, 18);

  private final RnodeBoard board = new RnodeBoard();
  private final Rnode rnode = new Rnode(ASKED, 115);
  private long nowNanos;

  @Test
  void itIsSetComparedAndSwitchedOn() throws Exception {
    rnode.heard(board.boot(), nowNanos);
    runFor(1 * SECOND);
    assertTrue(rnode.ready());
    assertTrue(board.runsWith(0x01, 869_525_000));
    assertTrue(board.runsWith(0x02, 125_000));
    assertTrue(board.runsWith(0x03, 22));
    assertTrue(board.runsWith(0x04, 9));
    assertTrue(board.runsWith(0x05, 5));
    assertEquals("the RNode (firmware 1.74), frequency 869525000 Hz", rnode.modem());
    runFor(60 * SECOND);
    assertTrue(rnode.ready());
  }

  @Test
  void aBoardThatStartedByItselfRunsWithWhatWasAsked() throws Exception {
    board.startsByItself = true;
    rnode.heard(board.boot(), nowNanos);
    runFor(1 * SECOND);
    assertTrue(board.runsWith(0x04, 9));
  }

  @Test
  void framesAreHeardOnceItIsReadyEachWithTheReportsBeforeIt() throws Exception {
    assertEquals(List.of(), rnode.heard(NaiveKiss.line(0, new byte[] {1}), 0));
    runFor(1 * SECOND);
    List<Heard> heard = rnode.heard(board.hears(new byte[] {(byte) 0xC0, 2}), 7);
    assertArrayEquals(new byte[] {(byte) 0xC0, 2}, heard.getFirst().frame());
    assertEquals(new Reception(-90, -5), heard.getFirst().reception());
    assertEquals(7, heard.getFirst().nanos());
    assertEquals(1, rnode.frames());
    heard = rnode.heard(NaiveKiss.line(0, new byte[] {3}), 8);
    assertEquals(Reception.UNTOLD, heard.getFirst().reception());
    assertEquals(List.of(), rnode.heard(NaiveKiss.line(0, new byte[116]), 0));
    assertEquals(0, rnode.heard(NaiveKiss.line(0, new byte[0]), 0).size());
  }

  @Test
  void aSettingThatItTakesOtherwiseIsRefusedWithBothValues() {
    board.takes.put(0x03, 17L);
    assertEquals(
        "the RNode (firmware 1.74) took transmit power 17 dBm where transmit power 22 dBm was"
            + " asked: ask for what the board can do",
        refusal());
    assertFalse(rnode.ready());
  }

  @Test
  void aSynthesizersStepIsNoRefusal() throws Exception {
    board.takes.put(0x01, 869_524_963L);
    runFor(1 * SECOND);
    assertTrue(rnode.ready());
  }

  @Test
  void aSettingWithoutAnAnswerIsNamed() {
    board.ignores.add(0x05);
    assertTrue(refusal().contains("does not answer to coding rate 4 / 5"));
  }

  @Test
  void whatDoesNotBecomeRightIsToldByWhatIsWrong() {
    board.radioWorks = false;
    assertTrue(refusal().contains("its radio does not start"));
    board.radioWorks = true;
    board.minor = 44;
    assertTrue(refusal().contains("has firmware 1.44; 1.52 is the oldest"));
    board.minor = 74;
    board.preambleSymbols = 25;
    assertTrue(refusal().contains("preambles of 25 symbols, and the preset's airtime counts 18"));
    board.ignores.add(0x06);
    assertTrue(refusal().contains("does not switch its radio off"));
    board.ignores.add(0x50);
    assertTrue(refusal().contains("no RNode answers, but something sent"));
  }

  @Test
  void silenceNoiseAndTncsAreToldApart() throws Exception {
    board.ignores.addAll(List.of(0x08, 0x50));
    assertTrue(refusal().startsWith("no RNode answers: is the board powered"));
    rnode.begin(nowNanos);
    rnode.heard("AT+OK\r\n".getBytes(StandardCharsets.US_ASCII), nowNanos);
    assertTrue(refused().contains("something sent 7 bytes"));
    rnode.begin(nowNanos);
    rnode.heard(NaiveKiss.line(0, new byte[30]), nowNanos);
    assertTrue(refused().contains("it is a TNC"));
  }

  @Test
  void aResetThatItTellsAnOffRadioAndSilenceEndTheLine() throws Exception {
    runFor(1 * SECOND);
    assertTrue(told(() -> rnode.heard(board.boot(), nowNanos)).contains("was reset"));
    rnode.begin(nowNanos);
    runFor(1 * SECOND);
    board.boot(); // whose words were lost
    assertTrue(refused().contains("has its radio off"));
    rnode.begin(nowNanos);
    runFor(1 * SECOND);
    board.ignores.add(0x06);
    assertTrue(refused().contains("has answered nothing for 10 s"));
  }

  @Test
  void aFrameThatItCouldNotSendIsOnlyALostFrame() throws Exception {
    runFor(1 * SECOND);
    rnode.heard(NaiveKiss.line(0x90, new byte[] {4}), nowNanos);
    runFor(1 * SECOND);
    rnode.heard(NaiveKiss.line(0x90, new byte[] {6}), nowNanos);
    assertTrue(refused().contains("its radio hangs"));
  }

  private String refusal() {
    rnode.begin(nowNanos);
    return refused();
  }

  private String refused() {
    return told(() -> runFor(30 * SECOND));
  }

  private static String told(Executable what) {
    return String.valueOf(assertThrows(IOException.class, what).getMessage());
  }

  private void runFor(long nanos) throws IOException {
    long endNanos = nowNanos + nanos;
    while (nowNanos < endNanos) {
      for (byte[] message : NaiveKiss.messages(rnode.due(nowNanos))) {
        rnode.heard(board.obey(message), nowNanos);
      }
      nowNanos += STEP_NANOS;
    }
  }
}
