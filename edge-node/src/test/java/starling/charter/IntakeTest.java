package starling.charter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import starling.wire.MalformedException;

class IntakeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int STEADY = 4;

  private final Intake intake = new Intake(0, 2, 1, 0);

  @Test
  void onlyItsOwnRequestsMakeItAskMoreSeldom() {
    assertTrue(intake.due(0, 0));
    for (int others = 0; others < 100; others++) {
      intake.deferred(0, 0);
    }
    assertEquals(0, intake.asks(0));
    assertFalse(intake.due(0, SECOND), "they ask for it as well");
    assertTrue(intake.due(0, 2 * SECOND));
    for (int own = 0; own < STEADY + 2; own++) {
      intake.asked(0, STEADY, 0);
    }
    assertFalse(intake.due(0, 5 * SECOND));
    assertTrue(intake.due(0, 6 * SECOND));
  }

  @Test
  void partsComeInOrderAndAgainWithoutHarm() throws MalformedException {
    byte[] page = {1, 2, 3, 4, 5};
    assertNull(intake.take(0, 3, 5, new byte[] {4, 5}, 0), "a gap before it");
    assertNull(intake.take(0, 0, 5, new byte[] {1, 2}, 0));
    assertNull(intake.take(0, 0, 5, new byte[] {1, 2}, 0));
    assertEquals(2, intake.have());
    assertArrayEquals(page, intake.take(0, 1, 5, new byte[] {2, 3, 4, 5}, 0));
  }
}
