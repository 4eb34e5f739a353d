package starling.charter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import starling.wire.MalformedException;

class PageDeltaTest {
  private static final int PAGE_BYTES = 1_200;

  private final Random random = new Random(1);

  private byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return noise;
  }

  @Test
  void aPageThatIsLongerByOneEntryAndSignedAnewTakesLittleMoreThanThese()
      throws MalformedException {
    byte[] before = noise(PAGE_BYTES);
    byte[] page = Arrays.copyOf(before, PAGE_BYTES + 40);
    System.arraycopy(noise(104), 0, page, PAGE_BYTES - 64, 104);
    byte[] delta = PageDelta.of(page, before);
    assertTrue(delta.length < 140, delta.length + " bytes");
    assertArrayEquals(page, PageDelta.apply(delta, before));
  }

  @Test
  void pagesThatHaveNothingInCommonAreToldAllTheSame() throws MalformedException {
    byte[] before = noise(PAGE_BYTES);
    byte[] page = noise(PageCodec.PAGE_MAX_BYTES);
    assertArrayEquals(page, PageDelta.apply(PageDelta.of(page, before), before));
  }

  @Test
  void noiseLeadsToNoPageAndNeverToMoreThanAPageMayHave() {
    byte[] before = noise(PAGE_BYTES);
    byte[] endless = PageDelta.of(new byte[1 << 20], before);
    assertThrows(MalformedException.class, () -> PageDelta.apply(endless, before));
    for (int i = 0; i < 10_000; i++) {
      byte[] noise = noise(random.nextInt(64));
      try {
        assertTrue(PageDelta.apply(noise, before).length <= PageCodec.PAGE_MAX_BYTES);
      } catch (MalformedException e) {
        continue; // as it should
      }
    }
  }
}
