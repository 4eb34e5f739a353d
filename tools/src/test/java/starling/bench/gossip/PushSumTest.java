package starling.bench.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushSumTest {
  private static final int MEMBERS = 50;
  private static final int RUNS = 200;

  /** An independent computation had 0.77, 0.60, 0.49 and 0.34, 0.12, 0.04 of the mass left. */
  @ParameterizedTest
  @CsvSource({
    "0.05, 10, 0.776",
    "0.05, 20, 0.603",
    "0.05, 30, 0.468",
    "0.2, 10, 0.349",
    "0.2, 30, 0.042"
  })
  void lossDestroysMassAtItsRate(double loss, int rounds, double left) {
    double mean =
        IntStream.range(0, RUNS).mapToDouble(seed -> run(seed, loss, rounds).massLeft()).sum()
            / RUNS;
    assertEquals(left, mean, 0.03 * left);
  }

  @Test
  void withoutLossAllMembersComeToKnowAverageSumAndCount() {
    PushSum group = run(1, 0, 60);
    assertEquals(1, group.massLeft(), 1e-12);
    for (int member = 0; member < MEMBERS; member++) {
      assertEquals(0, group.averageError(member), 1e-6);
      assertEquals(0, group.sumError(member), 1e-6);
      assertEquals(0, group.countError(member), 1e-6);
    }
  }

  @Test
  void withLossTheAverageStaysUsableAndTheSumDoesNot() {
    double average = 0;
    double sum = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      PushSum group = run(seed, 0.2, 30);
      average += worst(group::averageError) / RUNS;
      sum += Math.min(1, worst(group::sumError)) / RUNS;
    }
    assertTrue(average < 0.05, "average is " + average + " off");
    assertTrue(sum > 0.2, "sum is " + sum + " off");
  }

  private static double worst(java.util.function.IntToDoubleFunction error) {
    return IntStream.range(0, MEMBERS).mapToDouble(error).max().orElseThrow();
  }

  private static PushSum run(long seed, double loss, int rounds) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] own = random.doubles(MEMBERS, 11, 29).toArray();
    PushSum group = new PushSum(own, loss, random);
    for (int round = 0; round < rounds; round++) {
      group.round();
    }
    return group;
  }
}
