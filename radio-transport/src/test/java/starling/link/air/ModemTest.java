package starling.link.air;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import starling.link.Presets;

class ModemTest {
  private static final long GAP = Modem.GAP_MICROS;
  private static final long TURNAROUND = Modem.TURNAROUND_MICROS;

  private final Modem talker = new Modem(false, new SplittableRandom(1));

  @Test
  void silenceEndsAPacketAndBytesBeforeItAreOne() {
    take(talker, 3, 0);
    take(talker, 4, GAP - 1);
    assertEquals(2 * GAP - 1, talker.wakeMicros());
    assertEquals(Optional.empty(), talker.next(2 * GAP - 2, 0));
    assertEquals(7, sent(talker, 2 * GAP - 1).length);
    assertEquals(Long.MAX_VALUE, talker.wakeMicros());
  }

  @Test
  void bytesAfterASilenceAreAnotherPacket() {
    take(talker, 3, 0);
    take(talker, 4, GAP);
    assertEquals(3, sent(talker, GAP).length);
    assertEquals(4, sent(talker, 3 * GAP).length);
  }

  @Test
  void lengthEndsAPacketAtOnce() {
    take(talker, 2 * Modem.PACKET_BYTES_MAX + 1, 0);
    assertEquals(Modem.PACKET_BYTES_MAX, sent(talker, 0).length);
    assertEquals(Modem.PACKET_BYTES_MAX, sent(talker, TURNAROUND).length);
    assertEquals(Optional.empty(), talker.next(GAP - 1, 0));
    assertEquals(1, sent(talker, GAP).length);
  }

  @Test
  void theBytesOfAPacketAreThoseOfTheHost() {
    byte[] bytes = {9, 8, 7, 6, 5};
    talker.take(bytes, 4, 0);
    bytes[0] = 0;
    assertArrayEquals(new byte[] {9, 8, 7, 6}, sent(talker, GAP));
  }

  @Test
  void aListenerWaitsUntilTheChannelIsQuietAndThenARandomSlot() {
    Set<Long> waits = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      Modem listener = new Modem(true, new SplittableRandom(seed));
      long busyUntil = 1_000_000;
      take(listener, 10, 0);
      long now = 0;
      Optional<byte[]> sent = Optional.empty();
      while (sent.isEmpty()) {
        now = Math.max(now + 1, listener.wakeMicros());
        assertTrue(now < 2 * busyUntil);
        sent = listener.next(now, Math.max(now, busyUntil));
      }
      assertTrue(now >= busyUntil + TURNAROUND);
      waits.add((now - busyUntil) / TURNAROUND);
    }
    assertEquals(16, waits.size(), "every slot is used: " + waits);
  }

  @Test
  void whatAChannelThatIsNeverQuietHoldsUpIsBounded() {
    Modem listener = new Modem(true, new SplittableRandom(1));
    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      now += GAP;
      take(listener, 100, now);
      assertEquals(Optional.empty(), listener.next(now, now + 1));
    }
    now += GAP;
    int packets = 0;
    for (int i = 0; i < 100_000; i++) {
      now = Math.max(now, Math.min(listener.wakeMicros(), now + GAP));
      packets += listener.next(now, now).isPresent() ? 1 : 0;
    }
    assertEquals(8, packets);
  }

  /** Six stations get a frame at the same instant, a hundred times: the worst case there is. */
  @Test
  void listeningMakesRoomForStationsThatWishToTalkAtOnce() {
    assertTrue(heardShare(true) > 0.6, "listening: " + heardShare(true));
    assertTrue(heardShare(false) < 0.01, "not listening: " + heardShare(false));
  }

  private static double heardShare(boolean listens) {
    SplittableRandom random = new SplittableRandom(3);
    Air air = new Air(6, Presets.SIK_64K.profile(), Loss.NONE, 1);
    List<Modem> modems =
        IntStream.range(0, 6).mapToObj(i -> new Modem(listens, random.split())).toList();
    List<Transmission> onAir = new ArrayList<>();
    for (long now = 0; now < 100_000_000; now += 100) {
      for (Transmission each : List.copyOf(onAir)) {
        if (each.endMicros() <= now) {
          onAir.remove(each);
          air.end(each);
        }
      }
      for (int i = 0; i < 6; i++) {
        if (now % 1_000_000 == 0) {
          take(modems.get(i), 100, now);
        }
        if (!air.sending(i, now)) {
          Optional<byte[]> packet = modems.get(i).next(now, air.quietAtMicros(i, now));
          if (packet.isPresent()) {
            onAir.add(air.begin(i, now, packet.get()));
          }
        }
      }
    }
    assertEquals(600, air.counters().sent());
    return air.counters().heard() / 3_000.0;
  }

  @Test
  void powerGoneForgetsEverything() {
    take(talker, Modem.PACKET_BYTES_MAX + 10, 0);
    talker.reset();
    assertEquals(Long.MAX_VALUE, talker.wakeMicros());
    assertEquals(Optional.empty(), talker.next(10 * GAP, 0));
  }

  private static void take(Modem modem, int count, long nowMicros) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 1);
    modem.take(bytes, count, nowMicros);
  }

  /** What a modem on a quiet channel sends when it decides at this time. */
  private static byte[] sent(Modem modem, long nowMicros) {
    assertEquals(Optional.empty(), modem.next(nowMicros, nowMicros));
    return modem.next(nowMicros + TURNAROUND, nowMicros).orElseThrow();
  }
}
