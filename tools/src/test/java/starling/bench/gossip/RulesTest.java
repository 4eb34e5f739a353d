package starling.bench.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.predict.Gossip;
import starling.predict.Gossip.Mode;
import starling.predict.Tree;

/** 625 leaves in cells of 25; the numbers are of an independent simulation, 1000 seeds each. */
class RulesTest {
  private static final int SEEDS = 200;
  private static final double OFF_MAX = 0.4;

  @ParameterizedTest
  @CsvSource({"0, 10.5", "0.05, 11.2", "0.1, 12.0", "0.15, 12.9", "0.3, 16.3"})
  void thePapersRule(double loss, double mean) {
    ZoneTree tree = new ZoneTree(3, 25, 25);
    double played =
        IntStream.range(0, SEEDS)
            .mapToDouble(seed -> new PaperRule(tree, loss, new SplittableRandom(seed)).rounds())
            .average()
            .orElseThrow();
    assertEquals(mean, played, OFF_MAX);
    Gossip gossip = new Gossip(Mode.PUSH_PULL, 625, 1, loss);
    assertEquals(new Tree(gossip, 25, 3).spread().all().mean(), played, 0.8);
  }

  @ParameterizedTest
  @CsvSource({
    "3, false, 0, 6.2",
    "3, false, 0.05, 7.2",
    "3, false, 0.1, 8.3",
    "3, false, 0.15, 9.5",
    "3, false, 0.3, 14.1"
  })
  void ours(int representatives, boolean strict, double loss, double mean) {
    double played = mean(representatives, strict, loss, new BitSet());
    assertEquals(mean, played, OFF_MAX);
  }

  @Test
  void answersThatCountTakeLonger() {
    assertTrue(mean(3, true, 0.15, new BitSet()) > mean(3, false, 0.15, new BitSet()) + 1);
  }

  @Test
  void everyRunEndsThoughACellHasLostItsRepresentatives() {
    BitSet crashed = new BitSet();
    crashed.set(50, 53);
    double mean = mean(3, false, 0.15, crashed);
    assertTrue(Double.isFinite(mean) && mean > mean(3, false, 0.15, new BitSet()), "" + mean);
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertEquals(run(3, true, 0.3, new BitSet(), 7), run(3, true, 0.3, new BitSet(), 7));
  }

  private static double mean(int representatives, boolean strict, double loss, BitSet crashed) {
    return IntStream.range(0, SEEDS)
        .mapToDouble(seed -> run(representatives, strict, loss, crashed, seed))
        .average()
        .orElseThrow();
  }

  private static double run(
      int representatives, boolean strict, double loss, BitSet crashed, int seed) {
    ZoneTree tree = new ZoneTree(representatives, 25, 25);
    return new StarlingRule(tree, strict, loss, crashed, new SplittableRandom(seed)).rounds();
  }
}
