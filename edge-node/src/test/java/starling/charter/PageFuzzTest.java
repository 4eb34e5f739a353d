package starling.charter;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import starling.wire.MalformedException;

/** Pages from outside: the right format and site, and then anything. */
class PageFuzzTest {
  private static final byte[] SIGNED =
      PageCodecTest.sign(PageCodecTest.charter().site().orElseThrow());
  private static final int SITE_ENDS = 9;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAPageOrRefused(byte[] bytes) {
    byte[] whole = Arrays.copyOf(SIGNED, SITE_ENDS + bytes.length);
    System.arraycopy(bytes, 0, whole, SITE_ENDS, bytes.length);
    try {
      PageCodec.open(whole, PageCodecTest.OPERATOR);
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
