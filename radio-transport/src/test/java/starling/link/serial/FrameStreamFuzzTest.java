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

  @FuzzTest(maxDuration = "20s")
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

  @FuzzTest(maxDuration = "20s")
  void anyFrameComesBack(byte[] frame) {
    if (frame.length >= 1 && frame.length <= 1_024) {
      assertArrayEquals(frame, new FrameStream(1_024).feed(FrameStream.framed(frame)).getFirst());
    }
  }

  @FuzzTest(maxDuration = "20s")
  void whateverDecodesEncodesToTheSameBytes(byte[] encoded) {
    byte[] plain = Cobs.decode(encoded, encoded.length);
    if (plain != null) {
      byte[] again = new byte[Cobs.encodedMax(plain.length)];
      int end = Cobs.encode(plain, again, 0);
      // A last block of 254 may be written with or without an empty block after it.
      boolean longer = encoded.length == end + 1 && encoded[end] == 1;
      assertTrue(longer || Arrays.equals(encoded, Arrays.copyOf(again, end)));
    }
  }
}
