package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMixTest {
  @Test
  void itDrawsWhatASplittableRandomDraws() {
    for (long seed = -50; seed < 50; seed++) {
      SplitMix ours = new SplitMix(seed);
      SplittableRandom theirs = new SplittableRandom(seed);
      for (int generation = 0; generation < 5; generation++) {
        for (int i = 0; i < 20; i++) {
          assertEquals(theirs.nextInt(), ours.nextInt());
          assertEquals(theirs.nextLong(), ours.nextLong());
          assertEquals(theirs.nextInt(i + 1), ours.nextInt(i + 1));
          assertEquals(theirs.nextLong(1_000_000_007L << i), ours.nextLong(1_000_000_007L << i));
        }
        ours = ours.split();
        theirs = theirs.split();
      }
    }
  }
}
