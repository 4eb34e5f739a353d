package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.link.serial.Recorder.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Delay;
import starling.link.Law;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Purpose;

/** Links through emulated TNCs on real pseudo-terminals, opened through jSSC. */
@Timeout(60)
class TncLinkTest {
  private static final LinkProfile FREE =
      new LinkProfile(
          "free",
          LinkProfile.Medium.BROADCAST,
          240,
          bytes -> 1,
          Law.NONE,
          1,
          1,
          1,
          new Delay(10_000, 15_000));
  private static final ModemSettings.Kiss FIRST = new ModemSettings.Kiss("N0CALL", 0, 300, 63, 100);
  private static final ModemSettings.Kiss TWELFTH =
      new ModemSettings.Kiss("OK1ABC-15", 12, 2_550, 255, 0);
  private static final byte[] BOOT = "TNC boot v1\r\n\u0000\u0000".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private final AirtimeLedger ledger = new AirtimeLedger(FREE);

  @Test
  void framesPassBetweenTwoLinksThroughTheirTncsOnAnyPort() throws Exception {
    List<EmulatedTnc> air = EmulatedTnc.air();
    Recorder near = new Recorder();
    Recorder far = new Recorder();
    try (EmulatedTnc a = new EmulatedTnc(directory.resolve("a"), 0, air);
        EmulatedTnc b = new EmulatedTnc(directory.resolve("b"), 12, air);
        SerialLink left = opened("a", FIRST, near);
        SerialLink right = opened("b", TWELFTH, far)) {
      await("told", () -> a.parameters.size() == 3 && b.parameters.size() == 3);
      assertEquals(Map.of(1, 30, 2, 63, 3, 10), a.parameters);
      assertEquals(Map.of(1, 255, 2, 255, 3, 0), b.parameters);
      SplittableRandom random = new SplittableRandom(4);
      for (int size = 1; size <= FREE.mtuBytes(); size += 13) {
        byte[] frame = new byte[size];
        random.nextBytes(frame);
        frame[0] = (byte) 0xC0;
        exchange(left, far, frame);
        exchange(right, near, frame);
      }
      assertEquals(new SerialLink.Counters(19, 0), left.counters());
    }
  }

  @Test
  void pluggedInAgainTheTncIsToldAgainAndItsBootTextDoesNoHarm() throws Exception {
    List<EmulatedTnc> air = EmulatedTnc.air();
    Recorder recorder = new Recorder();
    EmulatedTnc tnc = new EmulatedTnc(directory.resolve("a"), 0, air);
    try (SerialLink link = opened("a", FIRST, recorder)) {
      for (int round = 1; round <= 2; round++) {
        EmulatedTnc plugged = tnc;
        await("told", () -> plugged.parameters.size() == 3);
        tnc.says(BOOT);
        tnc.says(NaiveKiss.line(0x06, new byte[] {1}));
        tnc.says(NaiveKiss.line(0, new Ax25("N0CALL-3").wrap(new byte[] {1, 2, (byte) round})));
        int count = round;
        await("heard", () -> recorder.heard.size() == count);
        assertArrayEquals(new byte[] {1, 2, (byte) round}, recorder.heard.getLast());
        long garbage = (long) round * (BOOT.length + 2);
        assertEquals(garbage, link.counters().garbageBytes());
        tnc.close();
        await("down", () -> !recorder.up());
        tnc = new EmulatedTnc(directory.resolve("a"), 0, air);
        await("up", recorder::up);
      }
      assertTrue(
          recorder.states.getLast().contains("KISS, call sign N0CALL, transmit delay 300 ms"));
    }
    tnc.close();
  }

  @Test
  void timesThatKissCanNotSayAreRefused() {
    for (int millis : List.of(-10, 5, 2_560)) {
      assertThrows(
          IllegalArgumentException.class, () -> new ModemSettings.Kiss("", 0, millis, 63, 100));
      assertThrows(
          IllegalArgumentException.class, () -> new ModemSettings.Kiss("", 0, 300, 63, millis));
    }
    assertThrows(IllegalArgumentException.class, () -> new ModemSettings.Kiss("", 16, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ModemSettings.Kiss("", 0, 0, 256, 0));
  }

  private SerialLink opened(String name, ModemSettings settings, Recorder recorder) {
    SerialLink link = new SerialLink(directory.resolve(name).toString(), 1_000_000, FREE, settings);
    link.open(recorder);
    await("open", recorder::up);
    return link;
  }

  private void exchange(SerialLink from, Recorder to, byte[] frame) {
    int before = to.heard.size();
    AirtimeLedger.Permit permit = ledger.reserve(frame.length, Purpose.NEWS, 0).orElseThrow();
    from.send(before, Address.ALL, permit, frame);
    await("frame of " + frame.length, () -> to.heard.size() > before);
    assertArrayEquals(frame, to.heard.getLast());
  }
}
