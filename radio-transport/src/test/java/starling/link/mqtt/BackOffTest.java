package starling.link.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  @Test
  void theFirstRetryComesAtOnceAndLaterOnesSpreadUpToTenSeconds() {
    BackOff backOff = new BackOff(new Random(1));
    assertEquals(200, backOff.nextMillis());
    long[] later = LongStream.generate(backOff::nextMillis).limit(1000).toArray();
    assertTrue(later[0] <= 400);
    assertTrue(LongStream.of(later).allMatch(delay -> delay >= 200 && delay <= 10_000));
    assertEquals(5_100, LongStream.of(later).average().orElseThrow(), 300);
    backOff.reset();
    assertEquals(200, backOff.nextMillis());
  }
}
