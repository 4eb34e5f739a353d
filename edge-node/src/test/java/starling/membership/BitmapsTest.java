package starling.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BitmapsTest {
  @Test
  void slotsHaveWhatWasSetLast() {
    SplittableRandom random = new SplittableRandom(1);
    Bitmaps bitmaps = new Bitmaps();
    long[] expected = new long[64];
    for (int i = 0; i < 10_000; i++) {
      int slot = random.nextInt(64);
      expected[slot] = i % 7 == 0 ? random.nextLong() : random.nextInt(3);
      bitmaps.set(slot, expected[slot]);
      long any = 0;
      for (int other = 0; other < 64; other++) {
        assertEquals(expected[other], bitmaps.of(other));
        any |= expected[other];
      }
      assertEquals(any, bitmaps.any());
    }
  }
}
