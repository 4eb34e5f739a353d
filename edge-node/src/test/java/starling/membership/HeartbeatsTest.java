package starling.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import starling.link.Presets;

class HeartbeatsTest {
  private static final int SELF = 3;
  private static final long OTHER = 1 << 5;
  private static final long ALL = 1 << SELF | OTHER;
  private static final long EPOCH_MILLIS = 8_000; // six rounds of a second, up to a power of two
  private static final long START = 1_000 * EPOCH_MILLIS;

  private final Heartbeats beats = new Heartbeats(Presets.MQTT.profile());

  private boolean turn(double epochs) {
    return beats.turn(START + (long) (epochs * EPOCH_MILLIS), SELF);
  }

  @Test
  void anEpochBeginsWithThisNodeAlone() {
    assertTrue(turn(0));
    assertFalse(turn(0.9));
    beats.lives(beats.number(), OTHER);
    assertEquals(ALL, beats.alive());
    assertTrue(turn(1));
    assertEquals(1 << SELF, beats.alive());
    assertEquals(ALL, beats.recent());
    assertEquals(START + 2 * EPOCH_MILLIS, beats.endMillis());
  }

  @Test
  void whoIsHeardOfInNoneOfFourWholeEpochsIsSilent() {
    turn(0);
    beats.lives(beats.number(), OTHER);
    for (int epoch = 1; epoch <= 4; epoch++) {
      turn(epoch);
      assertEquals(0, beats.silent(ALL));
    }
    turn(5);
    assertEquals(OTHER, beats.silent(ALL));
    assertTrue(beats.lives(beats.number(), OTHER), "news of one who was silent");
    assertEquals(0, beats.silent(ALL));
  }

  @Test
  void whoJustBeganToListenMissesNobody() {
    for (int epoch = 0; epoch <= 6; epoch++) {
      turn(epoch);
      assertFalse(beats.listened());
    }
    turn(7);
    assertTrue(beats.listened());
    assertFalse(beats.heard(), "of nobody at all");
  }

  @Test
  void aClockMayBeOneEpochOffAndNoMore() {
    turn(0);
    turn(1);
    for (int off : new int[] {-2, 2, 100, -100}) {
      beats.lives(beats.number() + off, OTHER);
      assertEquals(0, (beats.recent() & OTHER), "epochs off: " + off);
    }
    beats.lives(beats.number() - 1, OTHER);
    assertEquals(OTHER, beats.recent() & ~beats.alive() & OTHER);
    beats.lives(beats.number() + 1, OTHER);
    assertEquals(OTHER, beats.alive() & OTHER);
  }

  @Test
  void whatWasKnownBeforeALeapOfTimeIsWorthNothing() {
    turn(0);
    beats.lives(beats.number(), OTHER);
    turn(7);
    assertEquals(1 << SELF, beats.recent());
    assertFalse(beats.listened());
    turn(6);
    assertEquals(1 << SELF, beats.recent());
  }
}
