package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BootsTest {
  private static final long SECOND = 1_000_000_000L;

  private final Boots boots = new Boots();

  @Test
  void theNewestGenerationOfWhoIsNotHeardIsKept() {
    boots.keep(1, 7);
    boots.keep(1, 5);
    assertEquals(7, boots.floor(1));
    boots.heard(1);
    assertEquals(0, boots.floor(1));
  }

  @Test
  void theNodeKnownForLongestMakesRoom() {
    for (int node = 1; node <= 257; node++) {
      boots.keep(node, 3);
    }
    assertEquals(0, boots.floor(1));
    assertEquals(3, boots.floor(2));
    assertEquals(3, boots.floor(257));
  }

  @Test
  void whatWasUnderWayWhenABootBeganContestsNothing() {
    for (int generation = 1; generation < 20; generation++) {
      assertFalse(boots.started(1, generation * 10 * SECOND));
      boots.contested(1, (generation * 10 + 1) * SECOND);
    }
  }

  @Test
  void twoThatTakeTurnsAreQuarantined() {
    boolean quarantined = false;
    for (int generation = 1; generation < 7; generation++) {
      quarantined |= boots.started(1, generation * 10 * SECOND);
      boots.contested(1, (generation * 10 + 3) * SECOND);
    }
    assertTrue(quarantined);
    assertTrue(boots.quarantined(1, 70 * SECOND));
    assertFalse(boots.quarantined(2, 70 * SECOND));
    assertFalse(boots.quarantined(1, 700 * SECOND));
  }
}
