package starling.link;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AirtimeLedgerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private record Booked(long atNanos, long micros, boolean alarm) {}

  private record Run(Presets preset, int speakers, long seed) {}

  static List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (Presets preset : Presets.values()) {
      for (int speakers : new int[] {1, 3, 16, 64, 256}) {
        runs.add(new Run(preset, speakers, 31L * preset.ordinal() + speakers));
      }
    }
    return runs;
  }

  /** Random wishes for four hours; the oracle adds up every window that ends with a frame. */
  @ParameterizedTest
  @MethodSource("runs")
  void noSlidingWindowEverHoldsMoreThanItsLimit(Run run) {
    SplittableRandom random = new SplittableRandom(run.seed());
    LinkProfile profile = run.preset().profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.shareAmong(run.speakers());
    List<Booked> booked = wish(ledger, profile, random);
    double share = profile.channelTarget() / run.speakers();
    long largest = profile.airtime().micros(profile.mtuBytes());
    long window = Math.max(MINUTE, (long) (largest * 1000 / (0.9 * share)));
    long law = profile.law().millis() * 1_000_000;
    assertWithin(booked, law, profile.law().share() * law / 1000);
    assertWithin(booked, window, share * window / 1000 + 1);
    assertEquals(booked.stream().mapToLong(Booked::micros).sum(), ledger.spentMicros());
    assertTrue(booked.size() > 3, "nobody is silenced: " + booked.size());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void withoutAlarmsATenthOfTheShareIsNeverUsed(Run run) {
    LinkProfile profile = run.preset().profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.shareAmong(run.speakers());
    double share = 0.9 * profile.channelTarget() / run.speakers();
    long largest = profile.airtime().micros(profile.mtuBytes());
    long window = Math.max(MINUTE, (long) (largest * 1000 / share));
    List<Booked> booked = new ArrayList<>();
    for (long now = 0; now < 20 * MINUTE; now += SECOND / 20) {
      int bytes = ledger.bytesAllowed(Purpose.NEWS, now);
      if (bytes > 0) {
        ledger.reserve(bytes, Purpose.NEWS, now).orElseThrow();
        booked.add(new Booked(now, profile.airtime().micros(bytes), false));
      }
    }
    assertWithin(booked, window, share * window / 1000 + 1);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void aFreshLedgerAlwaysHasRoomForTheLargestFrame(Run run) {
    AirtimeLedger ledger = new AirtimeLedger(run.preset().profile());
    ledger.shareAmong(run.speakers());
    assertEquals(run.preset().profile().mtuBytes(), ledger.bytesAllowed(Purpose.NEWS, -5 * HOUR));
  }

  @ParameterizedTest
  @EnumSource(Presets.class)
  void whatIsAllowedIsPermittedAndAByteMoreIsNot(Presets preset) {
    LinkProfile profile = preset.profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.shareAmong(64);
    SplittableRandom random = new SplittableRandom(1);
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(SECOND);
      Purpose purpose = random.nextInt(10) == 0 ? Purpose.ALARM : Purpose.NEWS;
      int allowed = ledger.bytesAllowed(purpose, now);
      long before = ledger.spentMicros();
      assertTrue(ledger.reserve(allowed + 1, purpose, now).isEmpty());
      assertEquals(before, ledger.spentMicros(), "a refusal books nothing");
      if (allowed > 0) {
        assertEquals(allowed, ledger.reserve(allowed, purpose, now).orElseThrow().bytes());
      }
    }
  }

  static List<Presets> limited() {
    return Arrays.stream(Presets.values())
        .filter(preset -> preset.profile().law().limits())
        .filter(preset -> preset.profile().law().millis() == HOUR / 1_000_000)
        .toList();
  }

  /** Lives of minutes, that begin to count time anew, and end with a record half written. */
  @ParameterizedTest
  @MethodSource("limited")
  void theLawHoldsOverAnyNumberOfLives(Presets preset) {
    LinkProfile profile = preset.profile();
    SplittableRandom random = new SplittableRandom(preset.ordinal());
    List<Booked> booked = new ArrayList<>();
    byte[] disk = {};
    for (long now = 0; now < 12 * HOUR; now += random.nextLong(MINUTE)) {
      long began = now;
      long end = now + random.nextLong(30 * MINUTE);
      AirtimeLedger ledger = new AirtimeLedger(profile);
      ledger.restore(disk, 0);
      assertEquals(0, ledger.bytesAllowed(Purpose.ALARM, 0), "nothing without a record");
      byte[] writing = {};
      long writtenAt = 0;
      for (; now < end; now += random.nextLong(SECOND)) {
        if (writing.length > 0 && now >= writtenAt) {
          disk = writing;
          writing = new byte[0];
          ledger.recorded();
        }
        Optional<byte[]> record = ledger.record(now - began);
        if (record.isPresent()) {
          assertEquals(0, writing.length, "one at a time");
          writing = record.get();
          writtenAt = now + random.nextLong(SECOND);
        }
        int bytes = ledger.bytesAllowed(Purpose.ALARM, now - began);
        if (ledger.reserve(bytes, Purpose.ALARM, now - began).isPresent()) {
          booked.add(new Booked(now, profile.airtime().micros(bytes), true));
        }
      }
    }
    double limit = profile.law().share() * HOUR / 1000;
    assertWithin(booked, HOUR, limit);
    long all = booked.stream().mapToLong(Booked::micros).sum();
    assertTrue(all > 12 * limit / 4, "a quarter of what is allowed: " + all / limit);
  }

  @Test
  void whereTheLawIsAMatterOfSecondsAnotherLifeWaitsForThem() {
    LinkProfile profile = Presets.LORA_US_SF7.profile();
    assertEquals(400_000, profile.law().micros(), 1e-6);
    assertEquals("2.0 % of any 20 s", profile.law().toString());
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.restore(new byte[0], 0);
    assertEquals(Optional.empty(), ledger.record(0));
    assertEquals(0, ledger.bytesAllowed(Purpose.ALARM, 19 * SECOND));
    assertEquals(222, ledger.bytesAllowed(Purpose.ALARM, 21 * SECOND));
    ledger.reserve(222, Purpose.ALARM, 21 * SECOND).orElseThrow();
    assertTrue(ledger.bytesAllowed(Purpose.ALARM, 40 * SECOND) < 20, "369 of 400 ms are spent");
  }

  @Test
  void aRecordIsWrittenSeldomAndADamagedOneIsRefused() {
    AirtimeLedger ledger = new AirtimeLedger(Presets.LORA_SF7.profile());
    ledger.restore(new byte[0], 0);
    ledger.shareAmong(32);
    int records = 0;
    for (long now = 0; now < 24 * HOUR; now += SECOND) {
      if (ledger.record(now).isPresent()) {
        records++;
        ledger.recorded();
      }
      ledger.reserve(ledger.bytesAllowed(Purpose.NEWS, now), Purpose.NEWS, now);
    }
    assertTrue(records < 24 * 3, "with all of a cell's share used: " + records);
    assertThrows(IllegalArgumentException.class, () -> ledger.restore(new byte[5], 0));
  }

  @Test
  void anAlarmStillLeavesWhenTheRestIsSpent() {
    LinkProfile profile = Presets.SIK_64K.profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    while (ledger.reserve(profile.mtuBytes(), Purpose.NEWS, 0).isPresent()) {
      // Until the normal share of this minute is spent.
    }
    assertTrue(ledger.reserve(profile.mtuBytes(), Purpose.ALARM, 0).isPresent());
  }

  @Test
  void aMinuteLaterTheShareIsFreshAndAnHourLaterTheLaw() {
    LinkProfile profile = Presets.LORA_SF7.profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    while (ledger.reserve(222, Purpose.ALARM, 0).isPresent()) {
      // Until the share is spent.
    }
    assertTrue(ledger.bytesAllowed(Purpose.ALARM, MINUTE) < 222);
    assertEquals(222, ledger.bytesAllowed(Purpose.ALARM, MINUTE + SECOND));
    for (long now = 0; now < HOUR; now += SECOND) {
      ledger.reserve(222, Purpose.ALARM, now);
    }
    assertTrue(ledger.bytesAllowed(Purpose.ALARM, HOUR) < 222, "a tenth of the hour is spent");
    assertEquals(222, ledger.bytesAllowed(Purpose.ALARM, 2 * HOUR + MINUTE));
  }

  @Test
  void aClockThatStandsStillOrStepsBackNeverGivesMore() {
    AirtimeLedger ledger = new AirtimeLedger(Presets.SIK_64K.profile());
    long spent = 0;
    for (int i = 0; i < 100_000; i++) {
      ledger.reserve(250, Purpose.ALARM, HOUR - (i % 7) * MINUTE);
      spent = ledger.spentMicros();
    }
    assertTrue(spent <= 12_000_000, "a fifth of one minute: " + spent);
  }

  @Test
  void moreSpeakersMeanLessForEach() {
    LinkProfile profile = Presets.SIK_64K.profile();
    long before = Long.MAX_VALUE;
    for (int speakers = 1; speakers < 50; speakers++) {
      AirtimeLedger ledger = new AirtimeLedger(profile);
      ledger.shareAmong(speakers);
      while (ledger.reserve(1, Purpose.NEWS, 0).isPresent()) {
        // Until the share is spent.
      }
      assertTrue(ledger.spentMicros() < before);
      assertTrue(ledger.spentMicros() <= 0.9 * 12_000_000 / speakers);
      before = ledger.spentMicros();
    }
  }

  @Test
  void utilisationIsTheLastMinutesShareOfTime() {
    AirtimeLedger ledger = new AirtimeLedger(Presets.LORA_SF9.profile());
    ledger.shareAmong(64);
    ledger.reserve(115, Purpose.NEWS, 0).orElseThrow();
    assertEquals(0.635904 / 60, ledger.utilisation(30 * SECOND), 1e-9);
    assertEquals(0, ledger.utilisation(MINUTE + SECOND), "although the share's window is longer");
  }

  @Test
  void aPermitIsForItsLengthOnly() {
    AirtimeLedger ledger = new AirtimeLedger(Presets.MQTT.profile());
    AirtimeLedger.Permit permit = ledger.reserve(100, Purpose.NEWS, 0).orElseThrow();
    assertDoesNotThrow(() -> permit.check(new byte[100]));
    assertThrows(IllegalArgumentException.class, () -> permit.check(new byte[99]));
    assertThrows(IllegalArgumentException.class, () -> permit.check(new byte[101]));
    for (int bytes : new int[] {Integer.MIN_VALUE, -1, 0, 509, Integer.MAX_VALUE}) {
      assertFalse(ledger.reserve(bytes, Purpose.ALARM, 0).isPresent());
    }
  }

  /** A radio with so many members that a minute's share of one holds no whole frame. */
  private static AirtimeLedger crowded(int members, long windowNanos) {
    LinkProfile profile = Presets.LORA_SF7.profile();
    assertTrue(profile.isCrowded(members));
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.shareAmong(members);
    ledger.exchanges(members, windowNanos);
    return ledger;
  }

  @Test
  void whatIsSaidEachWindowMayUseWhatWasLeftBefore() {
    AirtimeLedger ledger = crowded(64, MINUTE);
    int mtu = Presets.LORA_SF7.profile().mtuBytes();
    ledger.reserve(mtu, Purpose.OWN, 0).orElseThrow();
    assertTrue(ledger.reserve(mtu, Purpose.NEWS, SECOND).isEmpty());
    ledger.reserve(mtu, Purpose.OWN, SECOND).orElseThrow();
    ledger.reserve(mtu, Purpose.REPAIR, 2 * SECOND).orElseThrow();
    assertTrue(ledger.reserve(mtu, Purpose.OWN, 3 * SECOND).isEmpty(), "three in three times");
    AirtimeLedger newsFirst = crowded(64, MINUTE);
    newsFirst.reserve(mtu, Purpose.NEWS, 0).orElseThrow();
    assertTrue(newsFirst.reserve(mtu, Purpose.OWN, SECOND).isEmpty());
  }

  @Test
  void whereAMinuteWillDoNothingMayUseMore() {
    LinkProfile profile = Presets.SIK_64K.profile();
    AirtimeLedger ledger = new AirtimeLedger(profile);
    ledger.shareAmong(8);
    ledger.exchanges(8, MINUTE);
    while (ledger.reserve(profile.mtuBytes(), Purpose.OWN, 0).isPresent()) {
      // Until the normal share of this minute is spent.
    }
    int rest = ledger.bytesAllowed(Purpose.NEWS, 0);
    assertTrue(rest < profile.mtuBytes());
    assertEquals(rest, ledger.bytesAllowed(Purpose.OWN, 0));
    assertEquals(rest, ledger.bytesAllowed(Purpose.REPAIR, 0));
  }

  @Test
  void repairWaitsWhileTheChannelIsBusy() {
    AirtimeLedger ledger = crowded(64, MINUTE);
    LinkProfile profile = Presets.LORA_SF7.profile();
    double lossy = 0.5;
    double busyMicros = 0.8 * profile.channelTarget() * MINUTE / 1000;
    for (long micros = 0; micros < 2 * busyMicros; micros += profile.airtime().micros(50)) {
      ledger.heard(50, lossy, 0);
    }
    assertEquals(0, ledger.bytesAllowed(Purpose.REPAIR, SECOND));
    assertEquals(profile.mtuBytes(), ledger.bytesAllowed(Purpose.OWN, SECOND));
    assertEquals(profile.mtuBytes(), ledger.bytesAllowed(Purpose.REPAIR, 3 * MINUTE));
  }

  @Test
  void repairLeavesRoomForTheNextFrameOfOnesOwn() {
    AirtimeLedger ledger = crowded(64, MINUTE);
    LinkProfile profile = Presets.LORA_SF7.profile();
    int mtu = profile.mtuBytes();
    ledger.reserve(mtu, Purpose.REPAIR, 0).orElseThrow();
    ledger.reserve(mtu, Purpose.REPAIR, 0).orElseThrow();
    int beside = ledger.bytesBefore(60, MINUTE, SECOND);
    assertTrue(beside > 0 && beside < mtu);
    assertEquals(0, ledger.bytesBefore(mtu, MINUTE, SECOND));
    ledger.reserve(beside, Purpose.REPAIR, SECOND).orElseThrow();
    ledger.reserve(60, Purpose.OWN, MINUTE).orElseThrow();
    assertEquals(mtu, ledger.bytesBefore(60, 61 * MINUTE, 60 * MINUTE));
  }

  private static List<Booked> wish(
      AirtimeLedger ledger, LinkProfile profile, SplittableRandom random) {
    List<Booked> booked = new ArrayList<>();
    long meanGap = MINUTE / (1 + random.nextInt(200));
    long now = random.nextLong(-HOUR, HOUR);
    long end = now + 4 * HOUR;
    while (now < end) {
      now += random.nextInt(50) == 0 ? random.nextLong(20 * MINUTE) : random.nextLong(2 * meanGap);
      boolean alarm = random.nextInt(4) == 0;
      Purpose purpose = alarm ? Purpose.ALARM : Purpose.NEWS;
      int bytes = 1 + random.nextInt(profile.mtuBytes());
      if (random.nextBoolean()) {
        bytes = Math.min(bytes, Math.max(1, ledger.bytesAllowed(purpose, now)));
      }
      if (ledger.reserve(bytes, purpose, now).isPresent()) {
        booked.add(new Booked(now, profile.airtime().micros(bytes), alarm));
      }
    }
    return booked;
  }

  /** Every closed window of this length that ends with a frame, added up from scratch. */
  private static void assertWithin(List<Booked> booked, long windowNanos, double limitMicros) {
    for (int last = 0; last < booked.size(); last++) {
      long sum = 0;
      for (int i = last;
          i >= 0 && booked.get(last).atNanos() - booked.get(i).atNanos() <= windowNanos;
          i--) {
        sum += booked.get(i).micros();
      }
      assertTrue(sum <= limitMicros, sum + " us in a window that holds " + limitMicros);
    }
  }
}
