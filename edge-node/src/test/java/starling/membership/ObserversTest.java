package starling.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ObserversTest {
  private static final int SLOT = 7;
  private static final int USUAL = 4; // 16 s
  private static final int ASLEEP = 12; // 68 min

  private final Observers observers = new Observers();
  private int counter;

  private void heard(int promise, double seconds) {
    observers.heard(SLOT, 1, counter++, true, promise, nanos(seconds));
  }

  private long broken(double seconds) {
    return observers.brokenPromises(SLOT, nanos(seconds));
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  @Test
  void promisesBreakOneAfterTheOther() {
    heard(USUAL, 100);
    assertEquals(0, broken(115.9));
    assertEquals(1, broken(116));
    assertEquals(3, broken(148));
    assertEquals(nanos(164), observers.nextBreakNanos(SLOT, nanos(148)));
  }

  @Test
  void whoAnnouncedSleepIsMissedSoonAfterItShouldHaveWokenUp() {
    heard(USUAL, 0);
    heard(ASLEEP, 10);
    assertEquals(0, broken(10 + 4095));
    assertEquals(1, broken(10 + 4096));
    assertEquals(3, broken(10 + 4096 + 32));
    heard(USUAL, 5_000);
    assertEquals(1, broken(5_016));
  }

  @Test
  void whoAlwaysPromisesLittleIsNotTakenForASleeper() {
    heard(USUAL, 0);
    heard(ASLEEP, 10);
    heard(ASLEEP, 3_000);
    assertEquals(1, broken(3_000 + 4096));
    assertEquals(1, broken(3_000 + 4096 + 4_000));
  }

  @Test
  void lossIsCountedFromGapsAndForgottenSlowly() {
    heard(USUAL, 0);
    for (int i = 1; i < 400; i++) {
      counter += i % 2; // a third never comes
      heard(USUAL, i);
    }
    assertEquals(1 / 3.0, observers.loss(SLOT), 0.05);
  }

  @Test
  void whoReturnedIsKnownForAWhile() {
    heard(USUAL, 0);
    assertFalse(observers.returnedWithin(nanos(300), SLOT, nanos(1)));
    observers.returned(SLOT, nanos(50));
    assertTrue(observers.returnedWithin(nanos(300), SLOT, nanos(349)));
    assertFalse(observers.returnedWithin(nanos(300), SLOT, nanos(351)));
  }

  @Test
  void aWordCountsWhileItIsFreshAndOnlyOnThoseWhoWereHeard() {
    observers.says(3, 1L << SLOT, 1L << SLOT | 1L << 5, nanos(10));
    assertTrue(observers.votesOn(3, SLOT, nanos(20), nanos(120)));
    assertTrue(observers.suspects(3, SLOT));
    assertFalse(observers.suspects(3, 5));
    assertFalse(observers.votesOn(3, 9, nanos(20), nanos(120)));
    assertFalse(observers.votesOn(3, SLOT, nanos(131), nanos(120)));
    assertEquals(1L << SLOT, observers.accused());
  }
}
