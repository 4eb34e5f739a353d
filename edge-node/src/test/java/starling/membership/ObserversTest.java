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
    observers.note(SLOT, true, nanos(seconds));
    observers.heard(SLOT, 1, counter++, true, promise, 0, nanos(seconds));
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
    assertEquals(nanos(164), observers.nextBreakNanos(SLOT, nanos(148)), nanos(0.017));
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
  void whoSaysSeveralTimesThatItSleepsIsMissedAsSoon() {
    heard(USUAL, 0);
    heard(ASLEEP, 10);
    heard(ASLEEP, 12);
    heard(ASLEEP, 20);
    assertEquals(0, broken(20 + 4095));
    assertEquals(3, broken(20 + 4096 + 32));
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
  void whoComesAndGoesIsOnProbationForLongerEachTime() {
    heard(USUAL, 0);
    assertEquals(0, observers.steadyNanos(SLOT));
    double[] returns = {50, 500, 1500, 3500, 30_000};
    double[] probations = {300, 600, 1200, 2400, 300};
    for (int i = 0; i < returns.length; i++) {
      observers.returned(SLOT, nanos(returns[i]));
      assertEquals(nanos(returns[i] + probations[i]), observers.steadyNanos(SLOT), "return " + i);
    }
  }

  @Test
  void probationLastsForSomePromisesIfTheseAreLong() {
    heard(10, 0);
    observers.returned(SLOT, nanos(5_000));
    assertEquals(nanos(5_000 + 16 * 1024), observers.steadyNanos(SLOT));
  }

  @Test
  void aWordCountsWhileItIsRecentAndItsEarsAreGood() {
    observers.heard(3, 1, 1, true, USUAL, 0, nanos(10));
    assertFalse(observers.says(3, 0, 0));
    assertTrue(observers.says(3, 1L << SLOT, 0b1011_1000 | 1L << SLOT));
    assertTrue(observers.hears(3, SLOT));
    assertFalse(observers.hears(3, 9));
    assertTrue(observers.suspects(3, SLOT));
    assertFalse(observers.suspects(3, 5));
    assertEquals(1L << SLOT, observers.accused());
    long audible = 0b1011_1001;
    assertTrue(observers.votes(3, audible, 3, nanos(10 + 47)));
    assertFalse(observers.votes(3, audible, 3, nanos(10 + 48)));
    observers.says(3, 0b1011_0000, 0b1011_1000);
    assertFalse(observers.votes(3, audible, 3, nanos(11)), "it misses most of whom we hear");
    assertTrue(observers.votes(3, 0b0001_1101, 3, nanos(11)), "it misses most whom we miss too");
    assertTrue(observers.saysNothing(3), "it misses nobody any more");
    assertFalse(observers.saysNothing(3));
    assertTrue(observers.votes(3, audible, 3, nanos(11)));
  }

  @Test
  void whatAMemberKnewIsForgottenWithItsBoot() {
    observers.heard(3, 1, 1, true, USUAL, 0, nanos(10));
    observers.says(3, 1L << SLOT, 1L << SLOT);
    assertTrue(observers.heard(3, 2, 1, true, USUAL, 0, nanos(11)));
    assertFalse(observers.hears(3, SLOT));
    assertEquals(0, observers.accused());
  }

  @Test
  void timeThatThisNodeStoodStillIsNobodysBrokenPromise() {
    heard(USUAL, 100);
    observers.excuse(nanos(1000));
    assertEquals(0, broken(1115.9));
    assertEquals(1, broken(1116));
  }

  @Test
  void whoBreaksPromisesAsOftenAsItKeepsThemIsUnreliableUntilItKeepsMost() {
    heard(USUAL, 0);
    for (int i = 1; i <= 12; i++) {
      assertFalse(observers.isUnreliable(SLOT, true) && i < 3, "after " + i);
      heard(USUAL, 60 * i); // 16 s of each are kept
    }
    assertTrue(observers.isUnreliable(SLOT, false));
    double seconds = 720;
    while (observers.isUnreliable(SLOT, true)) {
      seconds += 16;
      heard(USUAL, seconds);
    }
    assertEquals(720 + 16 * 6, seconds, 16 * 2);
    assertFalse(observers.isUnreliable(SLOT, false));
  }

  @Test
  void oneSilenceOfAnyLengthIsNoHabit() {
    heard(USUAL, 0);
    heard(USUAL, 1_000_000);
    assertFalse(observers.isUnreliable(SLOT, true));
    heard(ASLEEP, 1_000_016);
    heard(USUAL, 1_000_000 + 4_096);
    assertFalse(observers.isUnreliable(SLOT, true), "sleep that was announced is none");
  }

  @Test
  void whoSaysThatItSleepsDoesSoUntilItSpeaksAsEver() {
    heard(USUAL, 0);
    assertEquals(0, observers.asleep());
    heard(ASLEEP, 10);
    assertEquals(1 << SLOT, observers.asleep());
    heard(USUAL, 20);
    assertEquals(0, observers.asleep());
  }

  @Test
  void aPromiseThatAllMakeOnAnotherMediumIsNoSleep() {
    observers.heard(3, 1, 1, false, 2, 0, nanos(10)); // on a network, where frames are many
    observers.heard(3, 1, 2, true, 7, 7, nanos(11));
    assertEquals(0, observers.asleep());
    observers.heard(3, 1, 3, true, 12, 7, nanos(12));
    assertEquals(1 << 3, observers.asleep());
  }

  private void hears(int slot, int everyNth) {
    for (int frame = 0; frame < 32; frame++) {
      observers.heard(slot, 1, frame * everyNth, true, USUAL, 0, nanos(frame));
    }
  }

  private static long bits(int... slots) {
    long bits = 0;
    for (int slot : slots) {
      bits |= 1L << slot;
    }
    return bits;
  }

  @Test
  void whoIsHeardBadlyIsCountedOnForWhomNobodyElseHears() {
    for (int near = 1; near < 4; near++) {
      hears(near, 1);
      observers.says(near, 0, bits(0, 1, 2, 3, 5));
    }
    hears(4, 5);
    hears(5, 5);
    assertEquals(
        bits(5),
        observers.weak(0, bits(1, 2, 3, 4, 5), 0, nanos(32)),
        "none of the others hears 4");
    observers.says(1, 0, bits(0, 1, 2, 3, 4, 5));
    assertEquals(bits(4, 5), observers.weak(0, bits(1, 2, 3, 4, 5), 0, nanos(32)));
    observers.says(4, 0, bits(4, 6));
    assertEquals(bits(5), observers.weak(0, bits(1, 2, 3, 4, 5), 0, nanos(32)), "only 4 hears 6");
  }

  @Test
  void whoWasNotHeardForSixteenPromisesIsNotCountedOn() {
    for (int slot = 1; slot <= 5; slot++) {
      hears(slot, 1);
    }
    long all = bits(1, 2, 3, 4, 5);
    for (int near = 1; near < 4; near++) {
      observers.says(near, 0, all);
    }
    double soonS = 31 + 15.5 * (1 << USUAL);
    assertEquals(0, observers.weak(0, all, 0, nanos(soonS)));
    for (int near = 1; near < 4; near++) {
      observers.heard(near, 1, 32, true, USUAL, 0, nanos(soonS));
    }
    double laterS = 31 + 16.5 * (1 << USUAL);
    assertEquals(bits(4, 5), observers.weak(0, all, 0, nanos(laterS)));
  }

  @Test
  void whoIsMissedForAWhileIsNoHopAway() {
    for (int slot = 1; slot <= 5; slot++) {
      hears(slot, 1);
      observers.says(slot, bits(5), bits(0, 1, 2, 3, 4, 5));
    }
    long all = bits(1, 2, 3, 4, 5);
    assertTrue(observers.reach(0, all, bits(1, 2, 3), 0).all());
    assertFalse(observers.reach(0, bits(4, 5), 0, 0).all());
    observers.says(5, 0, bits(3, 4, 5));
    observers.hearsWeakly(5, bits(3));
    assertFalse(observers.reach(0, all, 0, 0).all(), "5 never heard the others");
  }
}
