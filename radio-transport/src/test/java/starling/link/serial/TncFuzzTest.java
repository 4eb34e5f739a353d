package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import starling.link.ModemSettings;

/** What may come from a TNC: others' traffic, and anything. */
class TncFuzzTest {
  private static final int MTU = 240;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreFramesOrGarbageAndTheNextFrameIsHeard(byte[] line) {
    Tnc tnc = new Tnc(new ModemSettings.Kiss("N0CALL", 0, 300, 63, 100), MTU);
    tnc.begin(0);
    for (Heard heard : tnc.heard(line, 0)) {
      assertTrue(heard.frame().length >= 1 && heard.frame().length <= MTU);
    }
    for (KissStream.Message message : new KissStream(MTU).feed(line)) {
      byte[] frame = Ax25.unwrap(message.payload());
      assertTrue(frame == null || frame.length == message.payload().length - 16);
    }
    byte[] good = new byte[MTU];
    assertArrayEquals(good, tnc.heard(tnc.encoded(good), 0).getLast().frame());
  }
}
