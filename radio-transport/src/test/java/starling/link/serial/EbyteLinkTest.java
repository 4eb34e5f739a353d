package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.link.serial.Recorder.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.ModemSettings;
import starling.link.ModemSettings.Ebyte.Model;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;

/** Links through emulated EBYTE modules on real pseudo-terminals, opened through jSSC. */
@Timeout(60)
class EbyteLinkTest {
  private static final byte[] FRAME = {0, 1, 0, 2, (byte) 0xC0, 0};

  @TempDir Path directory;
  private final Recorder recorder = new Recorder();

  @Test
  void anE22IsSetComparedAndCarriesFramesWithTheirStrength() throws Exception {
    EbyteModule module = new EbyteModule(Model.E22);
    Path port = directory.resolve("e22");
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module);
        SerialLink link = opened(Presets.E22_2K4, port, e22.wired())) {
      await("up", recorder::up);
      assertArrayEquals(new byte[] {-1, -1, 0, 0x62, 0x02, 17, (byte) 0x93}, module.registers);
      assertTrue(module.transparent());
      assertTrue(recorder.states.getLast().contains("the E22 is set and compared, channel 17"));
      send(Presets.E22_2K4, link);
      await("on the air", () -> e22.sent.size() == 1);
      byte[] packet = e22.sent.getFirst();
      assertArrayEquals(FRAME, new FrameStream(200).feed(packet).getFirst());
      for (int i = 1; i <= 3; i++) {
        int count = i;
        e22.hears(packet);
        await("heard", () -> recorder.heard.size() == count);
        assertArrayEquals(FRAME, recorder.heard.getLast());
        assertEquals(Reception.ofStrength(EmulatedEbyte.RSSI_DBM), recorder.receptions.getLast());
      }
      assertEquals(0, link.counters().garbageBytes());
    }
  }

  @Test
  void anE32IsSetAndCarriesFramesThatFitItsPackets() throws Exception {
    EbyteModule module = new EbyteModule(Model.E32);
    Path port = directory.resolve("e32");
    try (EmulatedEbyte e32 = new EmulatedEbyte(port, module);
        SerialLink link = opened(Presets.E32_2K4, port, e32.wired())) {
      await("up", recorder::up);
      assertArrayEquals(new byte[] {-1, -1, 0x1A, 5, 0x46}, module.registers);
      int mtu = Presets.E32_2K4.profile().mtuBytes();
      e32.hears(FrameStream.framed(new byte[mtu]));
      await("heard", () -> recorder.heard.size() == 1);
      assertEquals(Reception.UNTOLD, recorder.receptions.getFirst());
      assertEquals(58, FrameStream.framed(new byte[mtu]).length);
      assertEquals(0, link.counters().garbageBytes());
    }
  }

  @Test
  void withoutWiresNothingIsSaidAndTheMissingStrengthByteDelaysOnly() throws Exception {
    EbyteModule module = new EbyteModule(Model.E22);
    Path port = directory.resolve("e22");
    ModemSettings modem = Presets.E22_2K4.modem();
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module);
        SerialLink link =
            new SerialLink(port.toString(), 9_600, Presets.E22_2K4.profile(), modem)) {
      link.open(recorder);
      await("up", recorder::up);
      assertTrue(recorder.states.getLast().contains("its settings are not checked"));
      byte[] packet = FrameStream.framed(FRAME);
      e22.hears(KissStream.join(packet, packet));
      await("both heard", () -> recorder.heard.size() == 2);
      assertEquals(List.of(Reception.UNTOLD, Reception.UNTOLD), recorder.receptions);
      assertTrue(e22.sent.isEmpty());
      assertEquals(0, link.counters().garbageBytes());
    }
  }

  @Test
  void anotherFamilysModuleIsRefusedWithBothValues() throws Exception {
    EbyteModule module = new EbyteModule(Model.E22);
    module.stuck.put(5, 80);
    Path port = directory.resolve("e22");
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module);
        SerialLink link = opened(Presets.E22_2K4, port, e22.wired())) {
      await("told", () -> !recorder.states.isEmpty());
      assertEquals(
          "down: the E22 has channel 80 where 17 was asked: is it another module than the preset"
              + " is for?",
          recorder.states.getFirst());
      module.stuck.clear();
      await("up when it takes it", recorder::up);
      assertTrue(e22.sent.isEmpty() && link.counters().frames() == 0);
    }
  }

  @Test
  void aModuleInAnotherModeIsToldWithTheWiringAndRecovers() throws Exception {
    EbyteModule module = new EbyteModule(Model.E22);
    module.deaf = true;
    Path port = directory.resolve("e22");
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module);
        SerialLink link = opened(Presets.E22_2K4, port, e22.wired())) {
      await("told", () -> !recorder.states.isEmpty());
      String said = recorder.states.getFirst();
      assertTrue(said.contains("no E22 answers"), said);
      assertTrue(said.contains("wire M0 to DTR and M1 to RTS"), said);
      module.deaf = false;
      await("up", recorder::up);
      e22.says("E22 boot\r\n".getBytes(StandardCharsets.US_ASCII));
      e22.hears(FrameStream.framed(FRAME));
      await("heard", () -> recorder.heard.size() == 1);
      assertEquals(1, link.counters().frames());
    }
  }

  @Test
  void whileAuxIsLowNothingIsWritten() throws Exception {
    EbyteModule module = new EbyteModule(Model.E22);
    Path port = directory.resolve("e22");
    try (EmulatedEbyte e22 = new EmulatedEbyte(port, module);
        SerialLink link = opened(Presets.E22_2K4, port, e22.wired())) {
      await("up", recorder::up);
      e22.busy(true);
      await("a few looks", () -> quietFor(100));
      send(Presets.E22_2K4, link);
      await("a while", () -> quietFor(200));
      assertTrue(e22.sent.isEmpty());
      e22.busy(false);
      await("on the air", () -> e22.sent.size() == 1);
    }
  }

  @Test
  void pluggedInAgainItIsSetUpAgain() throws Exception {
    Path port = directory.resolve("e22");
    EmulatedEbyte[] e22 = {new EmulatedEbyte(port, new EbyteModule(Model.E22))};
    SerialPort.Opener wired = (path, baud) -> e22[0].wired().open(path, baud);
    try (SerialLink link = opened(Presets.E22_2K4, port, wired)) {
      await("up", recorder::up);
      e22[0].close();
      await("down", () -> !recorder.up());
      EbyteModule other = new EbyteModule(Model.E22);
      e22[0] = new EmulatedEbyte(port, other);
      await("up again", recorder::up);
      assertEquals(17, other.registers[5]);
      assertEquals(0, link.counters().frames());
    }
    e22[0].close();
  }

  private long quietSinceNanos;

  private boolean quietFor(long millis) {
    quietSinceNanos = quietSinceNanos == 0 ? System.nanoTime() : quietSinceNanos;
    boolean over = System.nanoTime() - quietSinceNanos > millis * 1_000_000;
    quietSinceNanos = over ? 0 : quietSinceNanos;
    return over;
  }

  private SerialLink opened(Presets preset, Path port, SerialPort.Opener opener) {
    ModemSettings modem = ((ModemSettings.Ebyte) preset.modem()).wired(true);
    SerialLink link =
        new SerialLink(port.toString(), modem.baud(), preset.profile(), modem, opener);
    link.open(recorder);
    return link;
  }

  private static void send(Presets preset, SerialLink link) {
    AirtimeLedger.Permit permit =
        new AirtimeLedger(preset.profile()).reserve(FRAME.length, Purpose.NEWS, 0).orElseThrow();
    link.send(1, Address.ALL, permit, FRAME.clone());
  }
}
