package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.link.serial.Recorder.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;

/** Links through emulated XBees on real pseudo-terminals, opened through jSSC. */
@Timeout(60)
class XbeeLinkTest {
  private static final byte[] FRAME = {0x7E, 0x7D, 0x11, 0x13, 0, 42};

  @TempDir Path directory;
  private final Recorder recorder = new Recorder();

  @ParameterizedTest
  @EnumSource(names = {"XBEE_API", "XBEE_API2"})
  void framesPassInApiModeWithTheirStrength(Presets preset) throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule().api(((ModemSettings.Xbee) preset.modem()).api());
    try (EmulatedXbee xbee = new EmulatedXbee(port, module);
        SerialLink link = opened(preset, port)) {
      await("up", recorder::up);
      assertTrue(recorder.states.getLast().contains("the XBee (firmware 2003) in API mode"));
      send(preset, link);
      await("on the air", () -> module.sent.toString().equals("7e7d1113002a"));
      xbee.says(module.hears(FRAME));
      await("heard", () -> recorder.heard.size() == 1);
      assertArrayEquals(FRAME, recorder.heard.getFirst());
      assertEquals(Reception.ofStrength(-0x4A), recorder.receptions.getFirst());
      xbee.says(module.says("81 1234 28 02" + "05"));
      await("heard", () -> recorder.heard.size() == 2);
      assertEquals(Reception.ofStrength(-40), recorder.receptions.getLast());
      assertEquals(new SerialLink.Counters(2, 0), link.counters());
    }
  }

  @Test
  void aModemThatTellsNoStrengthStillBringsItsFrames() throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule().api(2);
    module.settings.remove("DB");
    try (EmulatedXbee xbee = new EmulatedXbee(port, module);
        SerialLink link = opened(Presets.XBEE_API2, port)) {
      await("up", recorder::up);
      for (int i = 1; i <= 3; i++) {
        int count = i;
        xbee.says(module.hears(FRAME));
        await("heard", () -> recorder.heard.size() == count);
        assertEquals(Reception.UNTOLD, recorder.receptions.getLast());
      }
      xbee.says(module.says("8b01fffe000200")); // channel not clear: a lost frame
      xbee.says("boot 1\r\n".getBytes(StandardCharsets.US_ASCII));
      xbee.says(module.hears(new byte[] {1}));
      await("heard", () -> recorder.heard.size() == 4);
      assertTrue(recorder.up());
      assertEquals(4, link.counters().frames());
    }
  }

  @Test
  void framesPassInTransparentModeOnceItsSettingsAreCompared() throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule();
    module.settings.put("DL", 0xFFFFL);
    try (EmulatedXbee xbee = new EmulatedXbee(port, module);
        SerialLink link = opened(Presets.XBEE, port)) {
      await("up", recorder::up);
      assertTrue(recorder.states.getLast().contains("(firmware 2003) in transparent mode"));
      assertEquals("", module.sent.toString());
      send(Presets.XBEE, link);
      await("on the air", () -> !module.sent.isEmpty());
      xbee.says(module.hears(FrameStream.framed(FRAME)));
      await("heard", () -> recorder.heard.size() == 1);
      assertArrayEquals(FRAME, recorder.heard.getFirst());
      assertEquals(0, module.saved);
    }
  }

  @Test
  void aModemInAnotherModeIsToldWithWhatToDoAndRecovers() throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule();
    try (EmulatedXbee xbee = new EmulatedXbee(port, module);
        SerialLink link = opened(Presets.XBEE_API2, port)) {
      await("told", () -> !recorder.states.isEmpty());
      assertEquals(
          "down: the XBee has API mode 0 where 2 was asked: set it with starling radio configure",
          recorder.states.getFirst());
      module.api(2);
      await("up", recorder::up);
      xbee.says(module.says("8a00"));
      await("down", () -> !recorder.up());
      assertTrue(recorder.states.getLast().contains("was reset"));
      await("up", recorder::up);
      assertEquals(0, link.counters().frames());
    }
  }

  @Test
  void silenceOtherModemsAndSmallPacketsAreToldApart() throws Exception {
    Path port = directory.resolve("xbee");
    XbeeModule module = new XbeeModule().api(1);
    module.deaf = true;
    try (EmulatedXbee xbee = new EmulatedXbee(port, module);
        SerialLink link = opened(Presets.XBEE_API, port)) {
      await("told", () -> !recorder.states.isEmpty());
      assertTrue(recorder.states.getLast().contains("neither in API mode nor to +++"));
      module.deaf = false;
      module.settings.put("NP", 80L);
      await("told", () -> recorder.states.getLast().contains("largest packet 80 bytes"));
      module.settings.put("NP", 100L);
      await("up", recorder::up);
      xbee.says(module.says("8b01fffe007400"));
      await("told", () -> recorder.states.getLast().contains("does not send frames that large"));
      assertFalse(link.counters().frames() > 0);
    }
  }

  @Test
  void pluggedInAgainItsSettingsAreComparedAgain() throws Exception {
    Path port = directory.resolve("xbee");
    EmulatedXbee xbee = new EmulatedXbee(port, new XbeeModule().api(2));
    try (SerialLink link = opened(Presets.XBEE_API2, port)) {
      await("up", recorder::up);
      xbee.close();
      await("down", () -> !recorder.up());
      XbeeModule other = new XbeeModule().api(1);
      xbee = new EmulatedXbee(port, other);
      await("told", () -> recorder.states.getLast().contains("has API mode 1 where 2 was asked"));
      other.api(2);
      await("up again", recorder::up);
      send(Presets.XBEE_API2, link);
      await("on the air", () -> !other.sent.isEmpty());
    }
    xbee.close();
  }

  private SerialLink opened(Presets preset, Path port) {
    SerialLink link = new SerialLink(port.toString(), 9_600, preset.profile(), preset.modem());
    link.open(recorder);
    return link;
  }

  private static void send(Presets preset, SerialLink link) {
    AirtimeLedger.Permit permit =
        new AirtimeLedger(preset.profile()).reserve(FRAME.length, Purpose.NEWS, 0).orElseThrow();
    link.send(1, Address.ALL, permit, FRAME.clone());
  }
}
