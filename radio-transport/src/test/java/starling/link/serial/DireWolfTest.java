package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.link.Purpose;

/** Clear authenticated frames between two real TNCs that hear each other's tones. */
@Timeout(90)
class DireWolfTest {
  private static final LinkProfile PROFILE = Presets.KISS_1200.profile();
  private static final Keyring KEYRING = Keyring.of(0, new byte[Keyring.KEY_BYTES]);
  private static final byte[] SECTIONS =
      "authenticated, in clear \u00C0\u00DB".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir Path directory;

  @Test
  void framesPassBothWaysAndOthersReadTheStationsSign() throws Exception {
    try (DireWolf near = new DireWolf(directory, "near");
        DireWolf far = new DireWolf(directory, "far")) {
      await("terminals", 15, () -> !port(near).isEmpty() && !port(far).isEmpty());
      near.audioTo(far);
      far.audioTo(near);
      Recorder left = new Recorder();
      Recorder right = new Recorder();
      try (SerialLink a = link(near, "N0CALL-1", left);
          SerialLink b = link(far, "N0CALL-2", right)) {
        await("links", 10, () -> left.up() && right.up());
        exchange(a, 1, right);
        exchange(b, 2, left);
        exchange(a, 3, right);
        await("heard by its sign", 10, () -> said(far).contains("N0CALL-1>STRLNG"));
        assertTrue(near.alive() && far.alive());
      }
    }
  }

  private SerialLink link(DireWolf wolf, String sign, Recorder recorder) throws Exception {
    ModemSettings modem = ((ModemSettings.Kiss) Presets.KISS_1200.modem()).station(sign);
    SerialLink link = new SerialLink(wolf.port(), 57_600, PROFILE, modem);
    link.open(recorder);
    return link;
  }

  private static void exchange(SerialLink from, int node, Recorder to) throws Exception {
    byte[] frame =
        new Sealer(KEYRING, 0, new Introduction(node, 1, 7), 5 << 8 | node, PROFILE.keyNumber())
            .seal(new FrameHeader(true, 0, 5, node, 0, 1, 4), SECTIONS, SECTIONS.length);
    AirtimeLedger.Permit permit =
        new AirtimeLedger(PROFILE).reserve(frame.length, Purpose.NEWS, 0).orElseThrow();
    int before = to.heard.size();
    from.send(node, Address.ALL, permit, frame.clone());
    await("frame of node " + node, 20, () -> to.heard.size() > before);
    byte[] heard = to.heard.getLast();
    assertArrayEquals(frame, heard);
    assertTrue(new String(heard, StandardCharsets.ISO_8859_1).contains("in clear"));
    Opened.Frame opened = assertInstanceOf(Opened.Frame.class, opener().open(heard));
    assertArrayEquals(SECTIONS, opened.sections());
    byte[] altered = Arrays.copyOf(frame, frame.length);
    altered[30] ^= 1;
    assertEquals(
        Opened.Reason.TAG, assertInstanceOf(Opened.Refused.class, opener().open(altered)).reason());
  }

  private static Opener opener() {
    return new Opener(KEYRING, PROFILE.keyNumber(), Opener.Knowledge.NONE);
  }

  private static String port(DireWolf wolf) {
    try {
      return wolf.port();
    } catch (IOException e) {
      return "";
    }
  }

  private static String said(DireWolf wolf) {
    try {
      return wolf.output();
    } catch (IOException e) {
      return "";
    }
  }

  private static void await(String what, int seconds, BooleanSupplier so) {
    long endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    while (!so.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNanos, "not within " + seconds + " s: " + what);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
