package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SmallNumbersTest {
  private static final int PLACES = 40;

  /** Of any width. */
  private static long number(SplittableRandom random) {
    return random.nextInt(3) == 0 ? 0 : random.nextLong() >> random.nextInt(1, 64);
  }

  private static void assertSame(List<Long> expected, SmallNumbers numbers) {
    for (int place = 0; place < PLACES; place++) {
      assertEquals(place < expected.size() ? expected.get(place) : 0, numbers.at(place));
    }
  }

  @Test
  void numbersOfAnyWidthStayWhereTheyArePut() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SmallNumbers numbers = new SmallNumbers();
      List<Long> expected = new ArrayList<>(IntStream.range(0, PLACES).mapToObj(_ -> 0L).toList());
      for (int i = 0; i < 50; i++) {
        int place = random.nextInt(PLACES);
        long value = number(random);
        numbers.put(place, value);
        expected.set(place, value);
        assertSame(expected, numbers);
      }
    }
  }

  @Test
  void placesComeAndGo() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SmallNumbers numbers = new SmallNumbers();
      List<Long> expected = new ArrayList<>();
      for (int i = 0; i < PLACES; i++) {
        int place = random.nextInt(expected.size() + 1);
        long value = number(random);
        numbers.insert(place, 1);
        numbers.put(place, value);
        expected.add(place, value);
        if (random.nextInt(4) == 0) {
          int[] kept =
              IntStream.range(0, expected.size()).filter(_ -> random.nextBoolean()).toArray();
          numbers.keep(kept);
          expected = new ArrayList<>(IntStream.of(kept).mapToObj(expected::get).toList());
        }
        assertSame(expected, numbers);
      }
    }
  }
}
