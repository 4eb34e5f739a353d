package starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
  private static final int PLACES_MAX = 64;

  /** In how many steps news of one place comes to the others that are not silent. */
  private static Map<Integer, Integer> steps(int places, long silent, int origin) {
    Map<Integer, Integer> steps = new HashMap<>(Map.of(origin, 0));
    ArrayDeque<Integer> telling = new ArrayDeque<>(steps.keySet());
    while (!telling.isEmpty()) {
      int from = telling.poll();
      for (int to : Ring.neighbours(places, from)) {
        if ((silent & 1L << to) == 0 && Ring.hands(places, silent, origin, from, to)) {
          int more = steps.get(from) + 1;
          assertEquals(null, steps.put(to, more), places + " places, told twice: " + to);
          assertTrue(more <= (silent == 0 ? 4 : 6));
          telling.add(to);
        }
      }
    }
    return steps;
  }

  @Test
  void newsOfAnyReachesEachOtherOnceInAtMostFourSteps() {
    for (int places = 1; places <= PLACES_MAX; places++) {
      for (int origin = 0; origin < places; origin += 7) {
        int reached = steps(places, 0, origin).size();
        assertEquals(places, reached, places + " places, news of " + origin);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {25, 40, 64})
  void newsGoesRoundOneSilentPlaceAndMostlyRoundMore(int places) {
    SplittableRandom random = new SplittableRandom(1);
    for (int origin = 0; origin < places; origin++) {
      for (int gone = 0; gone < places; gone++) {
        if (gone != origin) {
          assertEquals(places - 1, steps(places, 1L << gone, origin).size(), gone + " is silent");
        }
      }
    }
    int missed = 0;
    for (int run = 0; run < 1_000; run++) {
      long silent = random.nextLong() & random.nextLong() & random.nextLong() & -1L >>> 64 - places;
      int there = places - Long.bitCount(silent & ~1L);
      missed += there - steps(places, silent, 0).size();
    }
    assertTrue(missed < 1_000 * places / 50, missed + " missed of an eighth silent");
  }

  @Test
  void neighboursAreMutualAndAtMostEight() {
    for (int places = 1; places <= PLACES_MAX; places++) {
      for (int place = 0; place < places; place++) {
        assertTrue(Ring.neighbours(places, place).size() <= 8);
        for (int next : Ring.neighbours(places, place)) {
          assertTrue(Ring.neighbours(places, next).contains(place));
        }
      }
    }
  }
}
