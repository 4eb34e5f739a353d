package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What may come over a line: anything, in any pieces. */
class FrameStreamFuzzTest {
  private static final int MTU = 100;

  @FuzzTest(maxDuration = "3s")
  void anyBytesDecodeTheSameInAnyPiecesAndTheNextFrameIsHeard(byte[] line) {
    FrameStream whole = new FrameStream(MTU);
    List<byte[]> frames = whole.feed(line);
    FrameStream pieces = new FrameStream(MTU);
    List<byte[]> again = new ArrayList<>();
    for (byte next : line) {
      again.addAll(pieces.feed(new byte[] {next}));
    }
    assertEquals(frames.size(), again.size());
    assertTrue(frames.stream().allMatch(frame -> frame.length >= 1 && frame.length <= MTU));
    byte[] good = new byte[MTU];
    Arrays.fill(good, (byte) 7);
    List<byte[]> next = whole.feed(FrameStream.framed(good));
    assertArrayEquals(good, next.getLast());
    assertTrue(next.size() <= 2, "the line's own end may complete a frame of the noise");
  }
}
