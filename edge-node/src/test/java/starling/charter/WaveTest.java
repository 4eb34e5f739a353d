package starling.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.model.Charter;
import starling.model.Facts;
import starling.model.Members;
import starling.model.NodeId;
import starling.model.Reach;
import starling.model.Self;

/** Node 2 of a line of six, each of whom hears two on either side. */
class WaveTest {
  private static final int NODES = 6;
  private static final long ALL = (1L << NODES) - 1;
  private static final long WITHIN_NANOS = 1_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final Facts facts =
      Facts.of(new Self(new NodeId(7), 1, 2, 1), Charter.EMPTY)
          .with(new Members(ALL, 0, 0, 0, 0, 0, 0, 0))
          .with(Reach.of(slot -> slot < NODES ? near(slot) : 0, ALL));
  private final Wave wave = new Wave(new SplittableRandom(1));

  private static long near(int slot) {
    long near = 0;
    for (int other = Math.max(0, slot - 2); other <= Math.min(NODES - 1, slot + 2); other++) {
      near |= other == slot ? 0 : 1L << other;
    }
    return near;
  }

  @Test
  void whoHasNewsSaysItOnceWithinTheTimeAndAtOnceIfThereIsNone() {
    wave.begin(WITHIN_NANOS, facts, 0);
    assertTrue(wave.dueNanos() > 0 && wave.due(WITHIN_NANOS), "nobody is known to have it");
    wave.said(WITHIN_NANOS);
    assertFalse(wave.due(2 * WITHIN_NANOS), "others go on with it first");
    wave.copied(3, facts);
    assertEquals(NEVER, wave.dueNanos(), "all in reach heard it here, most of them twice");
    Wave own = new Wave(new SplittableRandom(1));
    own.beginAtOnce(WITHIN_NANOS, facts, 5);
    assertTrue(own.due(5));
  }

  @Test
  void whoHearsNobodyGoOnWithItSaysItOnceMore() {
    wave.beginAtOnce(WITHIN_NANOS, facts, 0);
    wave.said(0);
    assertTrue(wave.due(4 * WITHIN_NANOS), "four may have lost it, each in one of five times");
    wave.said(4 * WITHIN_NANOS);
    assertEquals(NEVER, wave.dueNanos());
  }

  @Test
  void aCopyOutOfReachOfItsHearersSilencesNobody() {
    wave.begin(WITHIN_NANOS, facts, 0);
    long first = wave.dueNanos();
    wave.copied(0, facts); // 1 heard that as well, 3 and 4 did not
    assertTrue(wave.dueNanos() > first && wave.dueNanos() < NEVER, "later, as less lack it");
    wave.copied(4, facts); // which 3 heard
    assertTrue(wave.dueNanos() < NEVER, "1 and 3 may have lost it");
    wave.copied(3, facts);
    assertEquals(NEVER, wave.dueNanos(), "only 1 may lack it");
  }

  @Test
  void matesWhoseFramesShowThatTheyHaveItNeedNoCopy() {
    wave.begin(WITHIN_NANOS, facts, 0);
    wave.has(0);
    wave.has(1);
    wave.has(3);
    assertTrue(wave.dueNanos() < NEVER);
    wave.has(4);
    assertEquals(NEVER, wave.dueNanos());
  }

  @Test
  void whoLacksItIsToldOnceMoreUnlessAnotherInItsReachDoes() {
    wave.begin(0, facts, 0);
    wave.said(0);
    wave.said(0);
    wave.lacks(4, true, WITHIN_NANOS, facts, 10);
    assertTrue(wave.due(10 + 3 * WITHIN_NANOS));
    wave.copied(1, facts); // 4 does not hear 1
    assertTrue(wave.dueNanos() < NEVER);
    wave.copied(3, facts);
    assertEquals(NEVER, wave.dueNanos());
  }

  @Test
  void whoNeverComesRoundIsBelievedOnlyOnceInAWhileUnlessItAsks() {
    wave.begin(0, facts, 0);
    wave.said(0);
    wave.said(0);
    wave.lacks(4, false, 0, facts, 10);
    assertTrue(wave.due(10));
    wave.said(20);
    wave.lacks(4, false, 0, facts, 20);
    assertFalse(wave.due(20));
    wave.lacks(4, true, 0, facts, 30);
    assertTrue(wave.due(30));
    wave.said(20);
    wave.lacks(4, false, 0, facts, 40_000_000_000L);
    assertTrue(wave.due(40_000_000_000L));
  }

  @Test
  void withoutAirtimeItLeavesTheNewsToOthersForAWhile() {
    wave.begin(WITHIN_NANOS, facts, 0);
    wave.postpone(WITHIN_NANOS);
    assertFalse(wave.due(2 * WITHIN_NANOS - 1));
    assertTrue(wave.dueNanos() < NEVER);
  }
}
