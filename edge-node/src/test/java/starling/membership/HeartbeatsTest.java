package starling.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import starling.link.Presets;

class HeartbeatsTest {
  private static final int SELF = 3;
  private static final int NOBODY = -1;
  private static final long OTHER = 1 << 5;
  private static final long MATES = 0xFFF0; // slots 4 to 15
  private static final long ALL = 1 << SELF | OTHER;
  private static final long EPOCH_MILLIS = 8_000; // six rounds of a second, up to a power of two
  private static final long START = 1_000 * EPOCH_MILLIS;

  private final Heartbeats beats = new Heartbeats(Presets.MQTT.profile());

  private boolean turn(double epochs) {
    return beats.turn(START + (long) (epochs * EPOCH_MILLIS), SELF, MATES);
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
    assertFalse(beats.heard(0), "of nobody at all");
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
  void theSameMateTellsOnlyOnce() {
    turn(0);
    assertNotEquals(NOBODY, beats.next(MATES, SELF));
    beats.tells(4);
    assertEquals(NOBODY, beats.next(MATES, SELF));
    turn(1);
    assertNotEquals(NOBODY, beats.next(MATES, SELF));
    beats.tells(4);
    assertNotEquals(NOBODY, beats.next(MATES, SELF), "it was told in the epoch before");
    assertNotEquals(4, beats.next(MATES, SELF));
    beats.tells(5);
    assertEquals(NOBODY, beats.next(MATES, SELF));
  }

  @Test
  void aLoneMateIsToldInEachEpoch() {
    for (int epoch = 0; epoch < 4; epoch++) {
      turn(epoch);
      assertEquals(5, beats.next(OTHER, SELF));
      beats.tells(5);
      assertEquals(NOBODY, beats.next(OTHER, SELF));
    }
  }

  @Test
  void theFewWhoLiveTellEachOtherInEachEpoch() {
    long two = OTHER | 1 << 9;
    for (int epoch = 0; epoch < 10; epoch++) {
      turn(epoch);
      beats.lives(beats.number(), two);
      assertEquals(5, beats.next(MATES, SELF));
      beats.tells(5);
      assertEquals(9, beats.next(MATES, SELF));
      beats.tells(9);
    }
    assertTrue(beats.heard(2), "two in each epoch, and nobody else in eight");
  }

  @Test
  void whoFoundLittleTimeForItsMatesTellsTheFirstAtOnce() {
    turn(0);
    assertEquals(START + EPOCH_MILLIS / 2, beats.dueMillis());
    beats.tells(4);
    turn(1);
    assertEquals(START + EPOCH_MILLIS, beats.dueMillis());
    beats.tells(5);
    beats.tells(6);
    turn(2);
    assertEquals(START + 2 * EPOCH_MILLIS + EPOCH_MILLIS / 2, beats.dueMillis());
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

  /** Epochs in which all live, but that one only in {@code lives} of each {@code of}. */
  private int epochs(int from, int count, int lives, int of) {
    for (int epoch = from; epoch < from + count; epoch++) {
      turn(epoch);
      beats.lives(beats.number(), epoch % of < lives ? MATES : MATES & ~OTHER);
    }
    return from + count;
  }

  @Test
  void whoIsSilentTimeAndAgainIsUnreliableUntilItIsSilentNoMore() {
    int epoch = epochs(0, 20, 3, 4);
    assertEquals(0, beats.unreliable(0));
    epoch = epochs(epoch, 30, 3, 4);
    assertEquals(OTHER, beats.unreliable(0));
    assertEquals(0, beats.silent(MATES));
    epoch = epochs(epoch, 30, 1, 1);
    assertEquals(OTHER, beats.unreliable(OTHER));
    epochs(epoch, 40, 1, 1);
    assertEquals(0, beats.unreliable(OTHER));
  }

  @Test
  void oneSilenceOfAnyLengthAndOneInTwentyAreNoHabit() {
    int epoch = epochs(0, 200, 19, 20);
    epoch = epochs(epoch, 100, 0, 1);
    epochs(epoch, 5, 1, 1);
    assertEquals(0, beats.unreliable(OTHER));
  }

  @Test
  void theDeafCallNobodyUnreliable() {
    for (int epoch = 0; epoch < 100; epoch++) {
      turn(epoch);
      beats.lives(beats.number(), epoch % 3 == 0 ? MATES : 0);
    }
    assertEquals(0, beats.unreliable(0));
  }

  @Test
  void fewWhoAreLeftJudgeAfterFourEpochsIfTheyHeardEachOther() {
    int epoch = epochs(0, 12, 1, 1);
    for (int silent = 1; silent <= 5; silent++) {
      assertFalse(beats.silent(MATES) != 0);
      turn(epoch++);
      beats.lives(beats.number(), 0x70);
    }
    assertEquals(MATES & ~0x70, beats.silent(MATES));
    assertFalse(beats.heard(3), "too few of twelve by the word of two or three");
    assertTrue(beats.heard(4));
  }

  /** Two mates alone are heard of: the others died, or this node hears next to nothing. */
  @Test
  void whoHearsOfFewOfThoseOfLateJudgesWhenThatIsSoForEightEpochs() {
    int epoch = epochs(0, 12, 1, 1);
    long two = 0x30;
    int judges = 0;
    for (int silent = 1; silent <= 12; silent++) {
      turn(epoch++);
      assertEquals(silent > 4, beats.silent(MATES) != 0);
      judges = judges == 0 && silent > 4 && beats.heard(0) ? silent : judges;
      beats.lives(beats.number(), two);
    }
    assertTrue(judges > 8 && judges <= 10, "in the epoch " + judges);
    turn(epoch++);
    beats.lives(beats.number(), 0x10);
    turn(epoch);
    assertFalse(beats.heard(0), "of one other alone");
  }

  @Test
  void eachEpochAnotherMateIsToldByEach() {
    long first = 0;
    for (int epoch = 0; epoch < Long.bitCount(MATES); epoch++) {
      turn(epoch);
      first |= toldFirst(MATES, 0);
      long told = 0;
      for (int teller = 0; teller < 4; teller++) {
        told |= toldFirst(MATES, teller);
      }
      assertEquals(4, Long.bitCount(told), "four who speak, and not all to one");
      assertEquals(0, told & ~MATES);
    }
    assertEquals(MATES, first, "all in turn");
    assertEquals(0, toldFirst(0, 0), "nobody is left");
  }

  private long toldFirst(long some, int teller) {
    int slot = beats.next(some, teller);
    return slot < 0 ? 0 : 1L << slot;
  }
}
