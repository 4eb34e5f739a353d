package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XbeeStreamTest {
  private static final int MAX = 120;
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void framesAreAsTheUserGuideShowsThem() {
    // Its examples: AT command NJ, and 7E 00 02 23 11 CB with escapes.
    assertEquals(
        "7e00040801" + "4e4a" + "5e", HEX.formatHex(XbeeVoice.Api.question(false, 1, "NJ", -1)));
    byte[] escaped = XbeeStream.framed(true, (byte) 0x23, (byte) 0x11);
    assertEquals("7e0002237d31cb", HEX.formatHex(escaped));
    assertArrayEquals(new byte[] {0x23, 0x11}, new XbeeStream(true, MAX).feed(escaped).getFirst());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyDataComesOutAsItWentInAndAsTheNaiveEncodingHasIt(boolean escapes) {
    SplittableRandom random = new SplittableRandom(3);
    XbeeStream stream = new XbeeStream(escapes, MAX);
    for (int size = 1; size <= MAX; size++) {
      byte[] data = new byte[size];
      for (int i = 0; i < size; i++) {
        data[i] = (byte) (random.nextInt(3) == 0 ? 0x7E - random.nextInt(2) : random.nextInt());
      }
      byte[] line = XbeeStream.framed(escapes, data);
      assertArrayEquals(NaiveXbee.line(escapes, HEX.formatHex(data)), line);
      assertArrayEquals(data, stream.feed(line).getFirst());
    }
    assertEquals(0, stream.garbageBytes());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsLostOrInventedCostsNoFrameBehindIt(boolean escapes) {
    XbeeStream stream = new XbeeStream(escapes, MAX);
    byte[] good = XbeeStream.framed(escapes, (byte) 0x90, (byte) 1, (byte) 2);
    for (String noise :
        List.of("7e", "7e00", "7e0001", "7e7e", "7effff", "7e0003000000", "41427d")) {
      // What was taken for the beginning of a frame ends at the latest with as many bytes.
      byte[] before = HEX.parseHex(noise);
      int heard = stream.feed(KissStream.join(before, good)).size();
      for (int i = 0; i < MAX / good.length && heard == 0; i++) {
        heard += stream.feed(good).size();
      }
      assertTrue(heard >= 1, noise);
      assertEquals(1, stream.feed(good).size(), noise);
    }
    byte[] broken = good.clone();
    broken[4] ^= 1;
    long before = stream.garbageBytes();
    assertEquals(1, stream.feed(KissStream.join(broken, good)).size());
    assertEquals(before + broken.length, stream.garbageBytes());
  }
}
