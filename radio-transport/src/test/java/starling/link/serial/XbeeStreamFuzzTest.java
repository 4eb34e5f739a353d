package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;

/** What may come from an XBee in API mode: anything, in any pieces. */
class XbeeStreamFuzzTest {
  private static final int MTU = 95;

  @FuzzTest(maxDuration = "3s")
  void anyBytesDecodeTheSameInAnyPiecesAndGoOn(byte[] line) {
    boolean escapes = line.length > 0 && (line[0] & 1) != 0;
    XbeeStream whole = new XbeeStream(escapes, MTU);
    List<byte[]> frames = whole.feed(line);
    XbeeStream pieces = new XbeeStream(escapes, MTU);
    List<byte[]> again = new ArrayList<>();
    for (byte next : line) {
      again.addAll(pieces.feed(new byte[] {next}));
    }
    assertEquals(frames.size(), again.size());
    for (int i = 0; i < frames.size(); i++) {
      assertArrayEquals(frames.get(i), again.get(i));
      byte[] framed = XbeeStream.framed(escapes, frames.get(i));
      assertArrayEquals(frames.get(i), new XbeeStream(escapes, MTU).feed(framed).getFirst());
    }
    assertTrue(whole.garbageBytes() <= line.length);
  }
}
