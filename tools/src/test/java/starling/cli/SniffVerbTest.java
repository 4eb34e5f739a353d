package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;
import starling.Mosquitto;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.link.mqtt.MqttLink;
import starling.link.serial.SerialLink;
import starling.node.KeyFile;

/** Frames of a station on emulated air, sniffed at another station's port. */
@Timeout(60)
class SniffVerbTest {
  private static final LinkProfile PROFILE = Presets.SIK_64K.profile();
  private static final byte[] KEY = new byte[Keyring.KEY_BYTES];

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AirtimeLedger ledger = new AirtimeLedger(PROFILE);

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private List<JsonObject> rows() {
    return out.toString()
        .lines()
        .map(JsonParser::parseString)
        .map(e -> e.getAsJsonObject())
        .toList();
  }

  /** Speaks every 100 ms on one station while another is sniffed for two seconds. */
  private int sniffing(byte[] first, String... options) throws Exception {
    try (PtyAir air = PtyAir.open(directory, List.of("speaker", "sniffer"), PROFILE, Loss.NONE, 1);
        SerialLink speaker = new SerialLink(air.port("speaker").toString(), 57_600, PROFILE)) {
      speaker.open(new Deaf());
      Thread speaking = Thread.ofPlatform().daemon().start(() -> speak(speaker, air, first));
      String[] args = new String[options.length + 4];
      System.arraycopy(options, 0, args, 4, options.length);
      args[0] = "sniff";
      args[1] = air.port("sniffer").toString();
      args[2] = "--for";
      args[3] = "2";
      int status = run(args);
      speaking.interrupt();
      speaking.join();
      return status;
    }
  }

  private void speak(SerialLink speaker, PtyAir air, byte[] first) {
    Sealer sealer = new Sealer(Keyring.of(0, KEY), 0, new Introduction(42, 1, 7), 0, 1);
    SplittableRandom random = new SplittableRandom(2);
    try {
      for (int i = 0; ; i++) {
        Thread.sleep(100);
        FrameHeader header = new FrameHeader(i % 4 == 0, 0, 5, 3, i, 1, 3);
        byte[] sections = {0x58, 1, 2, 3};
        byte[] frame = i == 0 ? first : sealer.seal(header, sections, sections.length);
        ledger
            .reserve(frame.length, Purpose.NEWS, System.nanoTime())
            .ifPresent(permit -> speaker.send(1, Address.ALL, permit, frame));
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        air.replay(noise, "sniffer");
      }
    } catch (InterruptedException e) {
      // enough was said
    }
  }

  private static final class Deaf implements Link.Listener {
    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {}

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean up, String reason) {}
  }

  @Test
  void headersAreShownWithoutAKeyAndNoiseEndsNothing() throws Exception {
    assertEquals(0, sniffing(new byte[3]), err::toString);
    assertTrue(out.toString().contains("cell 5 slot 3 #"), out::toString);
    assertTrue(out.toString().contains("node 000000000000002a boot 1"), out::toString);
    assertTrue(out.toString().contains("again within 8 s: sealed"), out::toString);
    assertTrue(err.toString().contains(" frames, "), err::toString);
  }

  @Test
  void sectionsAreShownWithTheKey() throws Exception {
    Path key = directory.resolve("site.key");
    KeyFile.writeSite(key, Map.of(0, KEY));
    assertEquals(0, sniffing(new byte[30], "--key", key.toString(), "--json"), err::toString);
    JsonObject last = rows().getLast();
    assertEquals("opened", last.get("state").getAsString(), out::toString);
    JsonObject section = last.getAsJsonArray("sections").get(0).getAsJsonObject();
    assertEquals("zone OWN", section.get("section").getAsString());
    assertFalse(last.has("rssi_dbm"));
  }

  @Test
  void allInboxesOfASiteAreHeardOnItsBroker() throws Exception {
    LinkProfile medium = Presets.MQTT.profile();
    try (Mosquitto broker = new Mosquitto(Mosquitto.freePort());
        MqttLink link =
            new MqttLink(
                broker.uri(), "speaker", "starling-air/orchard", new Address(9, 0), medium)) {
      Eventually.holds("the broker runs", () -> broker.publish("x", "y"));
      link.open(new Deaf());
      Thread speaking = Thread.ofPlatform().daemon().start(() -> speak(link));
      assertEquals(0, run("sniff", broker.uri() + "/orchard", "--for", "2", "--json"));
      speaking.interrupt();
      speaking.join();
    }
    assertEquals("cell 5 slot 3", rows().getLast().get("sender").getAsString());
    assertEquals("sealed", rows().getLast().get("state").getAsString());
  }

  private static void speak(MqttLink link) {
    Sealer sealer = new Sealer(Keyring.of(0, KEY), 0, new Introduction(42, 1, 7), 0, 2);
    AirtimeLedger ledger = new AirtimeLedger(link.profile());
    try {
      for (int i = 0; ; i++) {
        Thread.sleep(100);
        byte[] frame = sealer.seal(new FrameHeader(false, 0, 5, 3, i, 1, 3), new byte[4], 4);
        ledger
            .reserve(frame.length, Purpose.NEWS, System.nanoTime())
            .ifPresent(permit -> link.send(1, new Address(7, 7), permit, frame));
      }
    } catch (InterruptedException e) {
      // enough was said
    }
  }

  @Test
  void aPortThatIsNotThereIsAFailureWithWhatToDo() {
    assertEquals(1, run("sniff", directory.resolve("none").toString()));
    assertTrue(err.toString().contains("is the radio plugged in?"), err::toString);
    assertEquals(1, run("sniff", "mqtt://127.0.0.1:9/orchard"));
    assertTrue(err.toString().contains("could not connect"), err::toString);
  }

  @Test
  void wrongUsageIsRefusedWithWhatIsRight() {
    assertEquals(2, run("sniff"));
    assertEquals(2, run("sniff", "/dev/x", "--modem", "lora"));
    assertTrue(err.toString().contains("lora-sf7"), err::toString);
    assertEquals(2, run("sniff", "/dev/x", "--modem", "mqtt"));
    assertEquals(2, run("sniff", "/dev/x", "--for", "0"));
    assertEquals(2, run("sniff", "/dev/x", "--baud", "1"));
    assertEquals(2, run("sniff", "/dev/x", "--frequency-khz", "869525"));
    assertEquals(1, run("sniff", "mqtt://127.0.0.1:9"));
    assertTrue(err.toString().contains("name the broker and the site"), err::toString);
    assertEquals(0, run("sniff", "--help"));
    assertTrue(out.toString().contains("starling sniff /dev/ttyUSB0 --modem rnode-sf9"));
  }
}
