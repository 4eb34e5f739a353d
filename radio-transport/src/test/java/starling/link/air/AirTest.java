package starling.link.air;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import starling.link.Presets;

class AirTest {
  private static final byte[] PACKET = new byte[100];
  private static final long MICROS = Presets.SIK_64K.profile().airtime().micros(PACKET.length);
  private static final int[] NOBODY = {};

  private static Air air(int stations, Loss loss) {
    return new Air(stations, Presets.SIK_64K.profile(), loss, 7);
  }

  @Test
  void everybodyInReachHearsAPacketAfterItsAirtime() {
    Air air = air(4, Loss.NONE);
    Transmission sent = air.begin(1, 1_000, PACKET);
    assertEquals(1_000 + MICROS, sent.endMicros());
    assertArrayEquals(new int[] {0, 2, 3}, air.end(sent));
    assertEquals(new Air.Counters(1, 3, 0, 0, 0, MICROS), air.counters());
  }

  @Test
  void twoPacketsThatOverlapByAMicrosecondAreBothLost() {
    Air air = air(4, Loss.NONE);
    Transmission first = air.begin(0, 0, PACKET);
    Transmission second = air.begin(1, MICROS - 1, PACKET);
    assertArrayEquals(NOBODY, air.end(first));
    assertArrayEquals(NOBODY, air.end(second));
    assertEquals(new Air.Counters(2, 0, 4, 2, 0, 2 * MICROS), air.counters());
  }

  @Test
  void aPacketThatBeginsWhenAnotherEndsIsHeardWhicheverIsToldFirst() {
    for (boolean endFirst : new boolean[] {true, false}) {
      Air air = air(3, Loss.NONE);
      Transmission first = air.begin(0, 0, PACKET);
      int[] heard = endFirst ? air.end(first) : NOBODY;
      Transmission second = air.begin(1, MICROS, PACKET);
      assertArrayEquals(new int[] {1, 2}, endFirst ? heard : air.end(first));
      assertArrayEquals(new int[] {0, 2}, air.end(second));
    }
  }

  @Test
  void aThirdPacketIsSpoiltByOneThatWasSpoiltBefore() {
    Air air = air(4, Loss.NONE);
    Transmission first = air.begin(0, 0, PACKET);
    Transmission second = air.begin(1, MICROS - 1, PACKET);
    Transmission third = air.begin(2, 2 * MICROS - 2, PACKET);
    for (Transmission each : List.of(first, second, third)) {
      assertArrayEquals(NOBODY, air.end(each));
    }
  }

  @Test
  void aHiddenStationSpoilsOnlyWhereBothAreHeard() {
    Air air = air(3, Loss.NONE);
    air.hears(2, 0, false);
    air.hears(0, 2, false);
    Transmission left = air.begin(0, 0, PACKET);
    assertFalse(air.busy(2, 1));
    assertTrue(air.busy(1, 1));
    Transmission right = air.begin(2, 1, PACKET);
    assertArrayEquals(NOBODY, air.end(left));
    assertArrayEquals(NOBODY, air.end(right));
    assertEquals(new Air.Counters(2, 0, 2, 0, 0, 2 * MICROS), air.counters());
  }

  @Test
  void aStationThatSendsHearsNothingEvenFromOneThatDoesNotHearIt() {
    Air air = air(3, Loss.NONE);
    air.hears(1, 0, false);
    air.hears(2, 0, false);
    Transmission unheard = air.begin(0, 0, PACKET);
    Transmission other = air.begin(1, 5, PACKET);
    assertArrayEquals(NOBODY, air.end(unheard));
    assertArrayEquals(new int[] {2}, air.end(other));
    assertEquals(1, air.counters().deaf());
  }

  @Test
  void aStationThatIsSendingIsRefusedAndNothingChanges() {
    Air air = air(2, Loss.NONE);
    Transmission first = air.begin(0, 0, PACKET);
    assertTrue(air.sending(0, MICROS - 1));
    assertThrows(IllegalStateException.class, () -> air.begin(0, MICROS - 1, PACKET));
    assertArrayEquals(new int[] {1}, air.end(first));
    assertFalse(air.sending(0, MICROS));
    assertThrows(IllegalStateException.class, () -> air.end(first));
  }

  @Test
  void timeNeverRunsBackwards() {
    Air air = air(2, Loss.NONE);
    air.begin(0, 10, PACKET);
    assertThrows(IllegalArgumentException.class, () -> air.begin(1, 9, PACKET));
  }

  @Test
  void aStationPulledOutHearsNothingAndItsPacketIsCutShort() {
    Air air = air(3, Loss.NONE);
    Transmission sent = air.begin(0, 0, PACKET);
    air.plug(1, false);
    air.plug(1, true);
    assertArrayEquals(new int[] {2}, air.end(sent));
    Transmission cut = air.begin(2, MICROS, PACKET);
    air.plug(2, false);
    assertTrue(air.busy(0, MICROS + 1), "its carrier is still there");
    assertArrayEquals(NOBODY, air.end(cut));
    assertThrows(IllegalStateException.class, () -> air.begin(2, 3 * MICROS, PACKET));
    air.plug(2, true);
    assertArrayEquals(new int[] {0, 1}, air.end(air.begin(2, 3 * MICROS, PACKET)));
  }

  @Test
  void pluggingInWhatIsPluggedInCutsNothing() {
    Air air = air(2, Loss.NONE);
    Transmission sent = air.begin(0, 0, PACKET);
    air.plug(0, true);
    assertArrayEquals(new int[] {1}, air.end(sent));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.2, 0.5, 1})
  void independentLossHasItsRateOnEveryLink(double rate) {
    boolean[][] lost = losses(new Loss.Independent(rate), 20_000);
    for (boolean[] link : lost) {
      assertEquals(rate, share(link), 0.015);
      assertEquals(rate * rate, pairs(link), 0.015, "neighbouring frames are independent");
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3, 10", "0.05, 3", "0.5, 1", "0.4, 100"})
  void burstsHaveTheirRateAndMeanLength(double rate, double meanFrames) {
    boolean[][] lost = losses(new Loss.Bursts(rate, meanFrames), 200_000);
    for (boolean[] link : lost) {
      assertEquals(rate, share(link), 0.05 * rate + 0.1 * rate * Math.sqrt(meanFrames / 100));
      int bursts = 0;
      for (int i = 1; i < link.length; i++) {
        bursts += link[i] && !link[i - 1] ? 1 : 0;
      }
      assertEquals(meanFrames, share(link) * link.length / bursts, 0.1 * meanFrames);
    }
  }

  @Test
  void linksLoseIndependentlyOfEachOther() {
    boolean[][] lost = losses(new Loss.Independent(0.3), 20_000);
    int both = 0;
    for (int i = 0; i < lost[0].length; i++) {
      both += lost[0][i] && lost[1][i] ? 1 : 0;
    }
    assertEquals(0.09, both / 20_000.0, 0.01);
  }

  @Test
  void burstsTooShortForTheirRateAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Loss.Bursts(0.9, 2));
    assertThrows(IllegalArgumentException.class, () -> new Loss.Bursts(1, 1e9));
    assertThrows(IllegalArgumentException.class, () -> new Loss.Independent(Double.NaN));
  }

  @Test
  void whatALinkLosesDoesNotDependOnOtherTraffic() {
    Air quiet = air(3, new Loss.Bursts(0.4, 5));
    Air loud = air(3, new Loss.Bursts(0.4, 5));
    for (int i = 0; i < 500; i++) {
      loud.end(loud.begin(1, i * 10 * MICROS, PACKET));
      long now = (i * 10 + 5) * MICROS;
      assertArrayEquals(
          quiet.end(quiet.begin(0, now, PACKET)), loud.end(loud.begin(0, now, PACKET)));
    }
  }

  @Test
  void lossThatStopsLosesNothingMore() {
    Air air = air(2, new Loss.Independent(1));
    assertArrayEquals(NOBODY, air.end(air.begin(0, 0, PACKET)));
    air.loss(Loss.NONE);
    assertArrayEquals(new int[] {1}, air.end(air.begin(0, MICROS, PACKET)));
  }

  @Test
  void theStrongerOfTwoPacketsSurvives() {
    Air air = air(4, Loss.NONE);
    air.strengths((from, to) -> from == 0 && to == 2 ? Air.CAPTURE_DB : 0);
    Transmission one = air.begin(0, 0, PACKET);
    Transmission other = air.begin(1, 1, PACKET);
    assertArrayEquals(new int[] {2}, air.end(one));
    assertArrayEquals(NOBODY, air.end(other));
  }

  @Test
  void spellsLastByTimeWhoeverSends() {
    Loss spells = new Loss.Spells(0.25, 20);
    int packets = 40_000;
    boolean[] often = losses(spells, packets)[0];
    assertEquals(0.25, share(often), 0.1);
    int turns = 0;
    for (int i = 1; i < packets; i++) {
      turns += often[i] != often[i - 1] ? 1 : 0;
    }
    double seconds = packets * MICROS / 1e6;
    assertEquals(2 * seconds * 0.25 / 20, turns, 0.3 * turns);
    assertThrows(IllegalArgumentException.class, () -> new Loss.Spells(1, 20));
    assertThrows(IllegalArgumentException.class, () -> new Loss.Spells(0.2, 0));
  }

  @Test
  void oneSeedGivesOneHistoryAndAnotherSeedAnother() {
    Loss loss = new Loss.Bursts(0.2, 4);
    assertEquals(history(1, loss), history(1, loss));
    assertFalse(history(1, loss).equals(history(2, loss)));
  }

  /** Random traffic over random connectivity, against a quadratic oracle that knows it all. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithAnOracleThatLooksAtEveryPair(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int stations = 2 + random.nextInt(9);
    Air air = air(stations, Loss.NONE);
    boolean[][] hears = new boolean[stations][stations];
    for (int l = 0; l < stations; l++) {
      for (int s = 0; s < stations; s++) {
        hears[l][s] = l != s && random.nextInt(4) > 0;
        air.hears(l, s, hears[l][s]);
      }
    }
    List<Transmission> all = new ArrayList<>();
    List<int[]> received = new ArrayList<>();
    run(air, random, 400, all, received);
    long heard = 0;
    for (int i = 0; i < all.size(); i++) {
      assertArrayEquals(oracle(all, all.get(i), hears), received.get(i), "packet " + i);
      heard += received.get(i).length;
    }
    Air.Counters counters = air.counters();
    assertEquals(heard, counters.heard());
    long audience =
        all.stream().mapToLong(t -> Arrays.stream(audience(t.station(), hears)).count()).sum();
    assertEquals(audience, heard + counters.collided() + counters.deaf() + counters.lost());
    assertTrue(heard > 0 && counters.collided() > 0);
  }

  private static int[] audience(int speaker, boolean[][] hears) {
    return IntStream.range(0, hears.length).filter(l -> hears[l][speaker]).toArray();
  }

  private static int[] oracle(List<Transmission> all, Transmission t, boolean[][] hears) {
    return Arrays.stream(audience(t.station(), hears))
        .filter(l ->
            all.stream()
                .filter(u -> u != t)
                .filter(u -> u.beginMicros() < t.endMicros() && t.beginMicros() < u.endMicros())
                .noneMatch(u -> u.station() == l || hears[l][u.station()]))
        .toArray();
  }

  /** Random packets in order of time; {@code received} in the order of {@code all}. */
  private static void run(
      Air air, SplittableRandom random, int packets, List<Transmission> all, List<int[]> received) {
    PriorityQueue<Transmission> ends =
        new PriorityQueue<>((a, b) -> Long.compare(a.endMicros(), b.endMicros()));
    long now = 0;
    while (all.size() < packets) {
      now += random.nextLong(2 * MICROS);
      while (!ends.isEmpty() && ends.peek().endMicros() <= now) {
        Transmission ended = ends.remove();
        received.set(all.indexOf(ended), air.end(ended));
      }
      int station = random.nextInt(air.stations());
      if (!air.sending(station, now)) {
        Transmission begun = air.begin(station, now, new byte[1 + random.nextInt(250)]);
        all.add(begun);
        received.add(NOBODY);
        ends.add(begun);
      }
    }
    for (Transmission ended : ends) {
      received.set(all.indexOf(ended), air.end(ended));
    }
  }

  @Test
  void recordedLinksLoseTheFramesThatTheyLostInTurn() {
    boolean[][] lost =
        losses(new Loss.Recorded((from, to, frame) -> (frame + from + 2L * to) % 5 == 0), 50);
    for (boolean[] link : lost) {
      int first = 0;
      while (!link[first]) {
        first++;
      }
      for (int frame = 0; frame < link.length; frame++) {
        assertEquals(frame % 5 == first, link[frame]);
      }
    }
  }

  private static List<String> history(long seed, Loss loss) {
    Air air = new Air(6, Presets.SIK_64K.profile(), loss, seed);
    List<int[]> received = new ArrayList<>();
    run(air, new SplittableRandom(99), 200, new ArrayList<>(), received);
    return received.stream().map(Arrays::toString).toList();
  }

  /** For each of the two receivers of station 0: which of its packets were lost. */
  private static boolean[][] losses(Loss loss, int packets) {
    Air air = air(3, loss);
    boolean[][] lost = new boolean[2][packets];
    for (int i = 0; i < packets; i++) {
      int[] received = air.end(air.begin(0, i * MICROS, PACKET));
      for (int to = 1; to < 3; to++) {
        lost[to - 1][i] = Arrays.binarySearch(received, to) < 0;
      }
    }
    return lost;
  }

  private static double share(boolean[] link) {
    int count = 0;
    for (boolean each : link) {
      count += each ? 1 : 0;
    }
    return (double) count / link.length;
  }

  private static double pairs(boolean[] link) {
    int count = 0;
    for (int i = 1; i < link.length; i++) {
      count += link[i] && link[i - 1] ? 1 : 0;
    }
    return (double) count / link.length;
  }
}
