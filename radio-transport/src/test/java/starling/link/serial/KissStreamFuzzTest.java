package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What may come from a modem: anything, in any pieces. */
class KissStreamFuzzTest {
  private static final int MAX = 100;

  @FuzzTest(maxDuration = "3s")
  void anyBytesDecodeTheSameInAnyPiecesAndTheNextMessageIsHeard(byte[] line) {
    KissStream whole = new KissStream(MAX);
    List<KissStream.Message> messages = whole.feed(line);
    KissStream pieces = new KissStream(MAX);
    List<KissStream.Message> again = new ArrayList<>();
    for (byte next : line) {
      again.addAll(pieces.feed(new byte[] {next}));
    }
    assertEquals(messages.size(), again.size());
    for (int i = 0; i < messages.size(); i++) {
      KissStream.Message message = messages.get(i);
      assertTrue(message.payload().length <= MAX);
      byte[] framed = KissStream.framed(message.type(), message.payload());
      KissStream.Message back = new KissStream(MAX).feed(framed).getFirst();
      assertEquals(message.type(), back.type());
      assertArrayEquals(message.payload(), back.payload());
    }
    assertTrue(whole.garbageBytes() <= line.length);
    byte[] good = new byte[MAX];
    Arrays.fill(good, (byte) 0xC0);
    assertArrayEquals(good, whole.feed(KissStream.framed(0, good)).getLast().payload());
  }
}
