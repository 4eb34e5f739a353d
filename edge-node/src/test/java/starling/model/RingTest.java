package starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RingTest {
  private static final int PLACES_MAX = 64;

  @Test
  void newsOfAnyReachesEachOtherOnceInAtMostFourSteps() {
    for (int places = 1; places <= PLACES_MAX; places++) {
      for (int origin = 0; origin < places; origin += 7) {
        Map<Integer, Integer> steps = new HashMap<>(Map.of(origin, 0));
        ArrayDeque<Integer> telling = new ArrayDeque<>(steps.keySet());
        while (!telling.isEmpty()) {
          int from = telling.poll();
          for (int to : Ring.neighbours(places, from)) {
            if (Ring.hands(places, origin, from, to)) {
              int more = steps.get(from) + 1;
              assertEquals(null, steps.put(to, more), places + " places, told twice: " + to);
              assertTrue(more <= 4);
              telling.add(to);
            }
          }
        }
        assertEquals(places, steps.size(), places + " places, news of " + origin);
      }
    }
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
