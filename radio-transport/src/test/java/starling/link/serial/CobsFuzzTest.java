package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** What decodes was encoded, and what is encoded comes back. */
class CobsFuzzTest {
  @FuzzTest(maxDuration = "3s")
  void whateverDecodesEncodesToTheSameBytesAndAnyFrameComesBack(byte[] encoded) {
    if (encoded.length >= 1 && encoded.length <= 1_024) {
      byte[] line = FrameStream.framed(encoded);
      assertArrayEquals(encoded, new FrameStream(1_024).feed(line).getFirst());
    }
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
