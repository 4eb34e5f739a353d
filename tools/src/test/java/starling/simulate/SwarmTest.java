package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any mix of trouble, drawn from a seed: while it lasts nothing false is told; once it stops, all
 * who are connected agree. Some seeds are always the same, some are fresh; {@code -Dseeds=N} takes
 * N more of these.
 */
class SwarmTest {
  private static final int FIXED = 6;
  private static final int FRESH = 2;

  /** A zone and its former parent were both told of, and the parent was told with less. */
  private static final long MOVED = 9_648_559;

  static LongStream seeds() {
    long today = System.nanoTime() >>> 10 & 0xFFFFFF;
    return LongStream.concat(
        LongStream.concat(LongStream.range(0, FIXED), LongStream.of(MOVED)),
        LongStream.range(today, today + Integer.getInteger("seeds", FRESH)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingFalseIsToldInTroubleAndAllAgreeAfterIt(long seed) {
    Outcome outcome = new Simulation(Swarm.scenario(seed), 1, null).run(_ -> {});
    assertTrue(
        outcome.passed(),
        () ->
            "replay with: tools/starling simulate --swarm-case "
                + seed
                + " --trace trace.txt\n"
                + outcome.unmet()
                + outcome.violations().stream().limit(3).toList()
                + outcome.violations().size());
    assertTrue(outcome.results() > 300, "only " + outcome.results() + " results were told");
  }

  @Test
  void everySortOfTroubleIsInSomeMix() {
    Set<String> words = new TreeSet<>();
    for (long seed = 0; seed < 60; seed++) {
      Swarm.scenario(seed).events().forEach(event -> words.add(event.what().split(" ")[0]));
    }
    assertTrue(
        words.containsAll(List.of("lose", "clone", "sleep", "add", "rename", "retire", "move")),
        words.toString());
    words.removeAll(Set.of("end", "calm"));
    assertEquals(20, words.size(), words.toString());
  }
}
