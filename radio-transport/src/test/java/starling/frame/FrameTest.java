package starling.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final int LINK = 1;
  private static final int SENDER = 5 << 8 | 7;
  private static final byte[] SECTIONS = {0x28, 1, 2, 3, 4, 5};

  private final Keyring keyring = Keyring.of(3, new byte[Keyring.KEY_BYTES]);
  private final Map<Long, Long> floors = new HashMap<>();
  private final Map<Integer, Long> roster = new HashMap<>();
  private final List<Introduction> forgotten = new ArrayList<>();
  private final Opener opener = opener(keyring, LINK);

  private Opener opener(Keyring of, int link) {
    return new Opener(
        of,
        link,
        new Opener.Knowledge() {
          @Override
          public OptionalLong nodeAt(int cell, int slot) {
            Long node = roster.get(cell << 8 | slot);
            return node == null ? OptionalLong.empty() : OptionalLong.of(node);
          }

          @Override
          public long generationFloor(long node) {
            return floors.getOrDefault(node, 0L);
          }

          @Override
          public void forgotten(Introduction boot) {
            forgotten.add(boot);
          }
        });
  }

  @Test
  void aClearFrameCanBeReadAndNotAlteredAndPassesForNoEncryptedOne() {
    int clear = LINK | Keyring.CLEAR;
    Introduction self = new Introduction(42, 1, 99);
    byte[] frame = new Sealer(keyring, 3, self, SENDER, clear).seal(header(true, 1), SECTIONS, 6);
    int from = frame.length - SECTIONS.length - 8;
    assertArrayEquals(SECTIONS, Arrays.copyOfRange(frame, from, from + SECTIONS.length));
    assertInstanceOf(Opened.Refused.class, opener.open(frame.clone()));
    for (int i = 0; i < frame.length; i++) {
      byte[] altered = frame.clone();
      altered[i] ^= 1;
      assertFalse(opener(keyring, clear).open(altered) instanceof Opened.Frame, "byte " + i);
    }
    assertInstanceOf(Opened.Frame.class, opener(keyring, clear).open(frame));
    byte[] encrypted = sealer(42, 1, 99).seal(header(true, 1), SECTIONS, 6);
    assertInstanceOf(Opened.Refused.class, opener(keyring, clear).open(encrypted));
  }

  private static FrameHeader header(boolean introduces, int counter) {
    return new FrameHeader(introduces, 3, 5, 7, counter, 9, 4);
  }

  private Sealer sealer(long node, long generation, int salt) {
    return new Sealer(keyring, 3, new Introduction(node, generation, salt), SENDER, LINK);
  }

  private byte[] frame(Sealer sealer, boolean introduces, int counter) {
    return sealer.seal(header(introduces, counter), SECTIONS, SECTIONS.length);
  }

  private void refused(Opened.Reason reason, byte[] frame) {
    Opened opened = opener.open(frame);
    assertEquals(reason, assertInstanceOf(Opened.Refused.class, opened).reason());
  }

  @Test
  void anIntroducedSenderIsHeard() {
    Sealer sealer = sealer(42, 1, 99);
    Opened.Frame first = assertInstanceOf(Opened.Frame.class, opener.open(frame(sealer, true, 0)));
    assertEquals(Opened.News.NEWEST_BOOT, first.news());
    assertEquals(header(true, 0), first.header());
    assertArrayEquals(SECTIONS, first.sections());
    Opened.Frame second =
        assertInstanceOf(Opened.Frame.class, opener.open(frame(sealer, false, 1)));
    assertEquals(Opened.News.NONE, second.news());
    assertEquals(42, second.sender().node());
  }

  @Test
  void overheadIsSixteenBytes() {
    assertEquals(16 + SECTIONS.length, frame(sealer(42, 1, 99), false, 0).length);
    assertEquals(32 + SECTIONS.length, frame(sealer(42, 1, 99), true, 0).length);
  }

  @Test
  void aStrangerIsAskedToIntroduceItself() {
    refused(Opened.Reason.STRANGER, frame(sealer(42, 1, 99), false, 0));
  }

  @Test
  void aFrameIsHeardOnce() {
    Sealer sealer = sealer(42, 1, 99);
    opener.open(frame(sealer, true, 0));
    refused(Opened.Reason.REPLAY, frame(sealer, true, 0));
  }

  @Test
  void everyFlippedBitIsNoticed() {
    Sealer sealer = sealer(42, 1, 99);
    opener.open(frame(sealer, true, 0));
    byte[] sealed = frame(sealer, false, 1);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] damaged = sealed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(opener.open(damaged) instanceof Opened.Frame, "bit " + bit);
    }
    assertInstanceOf(Opened.Frame.class, opener.open(sealed));
  }

  @Test
  void anotherSiteKeyDoesNotOpen() {
    byte[] otherKey = new byte[Keyring.KEY_BYTES];
    otherKey[0] = 1;
    Sealer other =
        new Sealer(Keyring.of(3, otherKey), 3, new Introduction(42, 1, 99), SENDER, LINK);
    refused(Opened.Reason.TAG, frame(other, true, 0));
    refused(
        Opened.Reason.EPOCH,
        new Sealer(Keyring.of(4, otherKey), 4, new Introduction(42, 1, 99), SENDER, LINK)
            .seal(new FrameHeader(true, 4, 5, 7, 0, 9, 4), SECTIONS, SECTIONS.length));
  }

  @Test
  void aCaptureFromAnotherMediumDoesNotOpen() {
    Sealer elsewhere = new Sealer(keyring, 3, new Introduction(42, 1, 99), SENDER, 2);
    refused(Opened.Reason.TAG, frame(elsewhere, true, 0));
  }

  @Test
  void aHigherGenerationReplacesALowerOneForGood() {
    byte[] captured = frame(sealer(42, 1, 99), true, 0);
    opener.open(frame(sealer(42, 2, 77), true, 0));
    refused(Opened.Reason.OLD_BOOT, captured);
  }

  @Test
  void theFloorOutlivesTheReceiver() {
    floors.put(42L, 5L);
    refused(Opened.Reason.OLD_BOOT, frame(sealer(42, 4, 1), true, 0));
    assertInstanceOf(Opened.Frame.class, opener.open(frame(sealer(42, 5, 1), true, 0)));
  }

  @Test
  void twoBootsOfOneGenerationAreTwins() {
    opener.open(frame(sealer(42, 1, 99), true, 0));
    refused(Opened.Reason.TWIN, frame(sealer(42, 1, 98), true, 0));
  }

  @Test
  void aSlotBelongsToWhomTheRosterSays() {
    roster.put(5 << 8 | 7, 41L);
    refused(Opened.Reason.ROSTER, frame(sealer(42, 1, 99), true, 0));
  }

  @Test
  void aRepeatedCounterRevealsOnlyEquality() {
    Sealer sealer = sealer(42, 1, 99);
    byte[] one = frame(sealer, false, 0);
    byte[] other = sealer.seal(header(false, 0), new byte[] {0x28, 1, 2, 3, 4, 6}, 6);
    int same = 0;
    for (int i = FrameHeader.BYTES; i < one.length; i++) {
      same += one[i] == other[i] ? 1 : 0;
    }
    assertTrue(same < 4, "a synthetic IV changes with the plaintext");
  }

  @Test
  void aThousandSendersAreForgottenButForTheLast() {
    for (int i = 0; i < 1000; i++) {
      Sealer sealer = sealer(i + 1, 1, i);
      FrameHeader header = new FrameHeader(true, 3, 1 + i / 64, i % 64, 0, 0, 0);
      assertInstanceOf(
          Opened.Frame.class, opener.open(sealer.seal(header, SECTIONS, SECTIONS.length)));
    }
    assertEquals(Opener.SENDERS_MAX, opener.senders());
  }

  @Test
  void whoIsHeardNowAndThenIsNotForgottenForAThousandOthers() {
    Sealer mate = sealer(5_000, 1, 1);
    opener.open(mate.seal(new FrameHeader(true, 3, 5, 7, 0, 0, 0), SECTIONS, SECTIONS.length));
    for (int i = 0; i < 1000; i++) {
      Sealer other = sealer(i + 1, 1, i);
      FrameHeader header = new FrameHeader(true, 3, 100 + i / 64, i % 64, 0, 0, 0);
      opener.open(other.seal(header, SECTIONS, SECTIONS.length));
      if (i % 100 == 0) {
        FrameHeader again = new FrameHeader(false, 3, 5, 7, 1 + i, 0, 0);
        assertInstanceOf(
            Opened.Frame.class, opener.open(mate.seal(again, SECTIONS, SECTIONS.length)));
      }
    }
    assertEquals(1, opener.generation(5_000));
  }

  @Test
  void whoMakesRoomIsRememberedByItsGeneration() {
    for (int i = 0; i < 200; i++) {
      Sealer sealer = sealer(i + 1, 9, i);
      FrameHeader header = new FrameHeader(true, 3, 100 + i / 64, i % 64, 0, 0, 0);
      opener.open(sealer.seal(header, SECTIONS, SECTIONS.length));
    }
    assertEquals(200 - Opener.SENDERS_MAX, forgotten.size());
    for (Introduction boot : forgotten) {
      assertEquals(9, boot.generation());
      assertEquals(0, opener.generation(boot.node()));
    }
  }

  @Test
  void theReplayWindowAgreesWithARememberingSet() {
    SplittableRandom random = new SplittableRandom(1);
    Introduction introduction = new Introduction(1, 1, 1);
    Senders senders = new Senders();
    Boot boot = Keyring.of(0, new byte[Keyring.KEY_BYTES]).boot(7, 0, introduction, 1);
    senders.put(Objects.requireNonNull(boot));
    Set<Integer> seen = new HashSet<>();
    int highest = -1;
    for (int i = 0; i < 20_000; i++) {
      int counter = Math.max(0, highest + 3 - random.nextInt(80));
      boolean fresh = counter > highest - Senders.WIDTH && seen.add(counter);
      assertEquals(fresh, senders.accept(7, counter), "counter " + counter + " at " + highest);
      highest = Math.max(highest, counter);
    }
  }

  @Test
  void promisesAreRoundedUpToAPowerOfTwo() {
    assertEquals(0, FrameHeader.promise(1));
    assertEquals(0, FrameHeader.promise(1000));
    assertEquals(1, FrameHeader.promise(1001));
    assertEquals(5, FrameHeader.promise(32_000));
    assertEquals(6, FrameHeader.promise(32_001));
    assertEquals(15, FrameHeader.promise(Long.MAX_VALUE / 2));
  }
}
