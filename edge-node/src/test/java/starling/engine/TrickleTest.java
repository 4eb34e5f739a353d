package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrickleTest {
  private static final long SHORTEST_NANOS = 1_000;

  private final Trickle trickle = new Trickle(SHORTEST_NANOS, 3, 2, new SplittableRandom(1));

  @Test
  void speaksInTheSecondHalfOfAnIntervalUnlessEnoughOthersSaidTheSame() {
    trickle.reset(0);
    assertFalse(trickle.due(SHORTEST_NANOS / 2 - 1));
    trickle.heardSame();
    assertTrue(trickle.due(SHORTEST_NANOS - 1), "one other is not enough");
    trickle.reset(SHORTEST_NANOS - 1);
    trickle.heardSame();
    assertFalse(trickle.due(SHORTEST_NANOS - 1), "a reset does not disturb a shortest interval");
  }

  @Test
  void whatIsNewIsSaidThoughThisIntervalsWordWasSaidOrHeard() {
    trickle.reset(0);
    assertTrue(trickle.due(SHORTEST_NANOS - 1));
    trickle.spoke();
    trickle.restart(SHORTEST_NANOS - 1);
    assertFalse(trickle.due(SHORTEST_NANOS));
    assertTrue(trickle.due(2 * SHORTEST_NANOS - 2));
    trickle.heardSame();
    trickle.heardSame();
    trickle.restart(2 * SHORTEST_NANOS);
    assertTrue(trickle.due(3 * SHORTEST_NANOS - 1), "they said what was said before");
  }

  @Test
  void anIntervalMayComeAgainBeforeItDoubles() {
    trickle.restart(0);
    trickle.repeat(2);
    assertEquals(List.of(1L, 2L, 3L, 5L), beginnings(4));
  }

  private List<Long> beginnings(int intervals) {
    long nowNanos = 0;
    List<Long> beginnings = new ArrayList<>();
    while (beginnings.size() < intervals) {
      nowNanos = Math.max(nowNanos + 1, trickle.nextNanos());
      long beganNanos = trickle.beganNanos();
      if (trickle.due(nowNanos)) {
        trickle.spoke();
      }
      if (trickle.beganNanos() != beganNanos) {
        beginnings.add(trickle.beganNanos() / SHORTEST_NANOS);
      }
    }
    return beginnings;
  }

  @Test
  void intervalsDoubleWhileAllAgree() {
    assertEquals(Long.MAX_VALUE, trickle.nextNanos());
    trickle.reset(0);
    long nowNanos = 0;
    int said = 0;
    while (nowNanos < 1_000 * SHORTEST_NANOS) {
      nowNanos = Math.max(nowNanos + 1, trickle.nextNanos());
      if (trickle.due(nowNanos)) {
        trickle.spoke();
        said++;
      }
    }
    assertEquals(1_000 / 8.0, said, 5);
  }
}
