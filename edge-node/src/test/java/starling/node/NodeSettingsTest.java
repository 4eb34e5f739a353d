package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.charter.PageCodec;
import starling.link.ModemSettings;
import starling.model.Charter;

class NodeSettingsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void setTheStage() throws IOException {
    file = Solo.write(directory, Path.of("/dev/ttyUSB0"));
  }

  @Test
  void aWholeConfigurationBecomesANode() throws Exception {
    NodeSettings settings = read("--clock.uncertainty_ms=5", "--link.radio.mtu=100");
    assertEquals(directory.resolve("state"), settings.state());
    assertEquals(5_000, settings.clockUncertaintyMicros());
    assertTrue(settings.systemClock());
    assertEquals(Map.of("host", Map.of("kind", "linux")), settings.sensors());
    var radio =
        assertInstanceOf(NodeSettings.LinkSettings.Serial.class, settings.links().getFirst());
    assertEquals("radio", radio.name());
    assertEquals(57_600, radio.baud());
    assertEquals(100, radio.profile().mtuBytes());
    assertInstanceOf(NodeSettings.LinkSettings.Mqtt.class, settings.links().getLast());
    NodeSettings.Place place = settings.place(settings.charter());
    assertEquals("actor", place.member().name());
    assertEquals("stage", place.cell().name());
  }

  @Test
  void anRnodeIsSetAsTheConfigurationSays() throws Exception {
    NodeSettings settings =
        read(
            "--link.radio.preset=rnode-sf9",
            "--link.radio.power_dbm=22",
            "--link.radio.frequency_khz=869500");
    var radio =
        assertInstanceOf(NodeSettings.LinkSettings.Serial.class, settings.links().getFirst());
    assertEquals(115_200, radio.baud());
    assertEquals(new ModemSettings.Rnode(869_500_000, 125_000, 9, 5, 22, 18), radio.modem());
  }

  @Test
  void anEbyteModuleIsSetOnlyIfItsPinsAreWiredAndAtItsOwnRate() throws Exception {
    NodeSettings settings = read("--link.radio.preset=e22-2k4", "--link.radio.mode_pins=true");
    var radio =
        assertInstanceOf(NodeSettings.LinkSettings.Serial.class, settings.links().getFirst());
    assertEquals(9_600, radio.baud());
    assertTrue(((ModemSettings.Ebyte) radio.modem()).pins());
    String preset = "link.radio.preset=e22-2k4";
    String rate = refused(preset, "link.radio.mode_pins=true", "link.radio.baud=19200");
    assertTrue(rate.contains("configuration mode has no other"), rate);
    String cut = refused(preset, "link.radio.mtu=236");
    assertTrue(cut.contains("more than a packet of the modem holds"), cut);
  }

  @Test
  void aTncHasACallSignAndItsFramesAreClear() throws Exception {
    NodeSettings settings = read("--link.radio.preset=kiss-1200", "--link.radio.callsign=N0CALL-7");
    var radio =
        assertInstanceOf(NodeSettings.LinkSettings.Serial.class, settings.links().getFirst());
    assertEquals("N0CALL-7", ((ModemSettings.Kiss) radio.modem()).callsign());
    assertTrue(radio.profile().clear());
    assertFalse(settings.links().getLast().profile().clear());
    String wrong = refused("link.radio.preset=kiss-1200", "link.radio.callsign=n0call");
    assertTrue(wrong.contains("capital letters"), wrong);
  }

  @Test
  void aFrameThatAnRnodeWouldCutInTwoIsRefused() {
    String refusal = refused("link.radio.preset=rnode-sf7", "link.radio.mtu=255");
    assertTrue(refusal.contains("cuts more than 254 bytes in two"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "link.radio.kind=smoke                     | serial, mqtt",
        "link.radio.kind=                          | serial, mqtt",
        "link.radio.preset=sik                     | sik-64k, lora-sf7",
        "link.radio.preset=kiss-1200               | link.radio.callsign is missing",
        "link.radio.callsign=N0CALL                | is for TNCs",
        "link.radio.preset=mqtt                    | take one of sik-64k",
        "link.radio.port=                          | link.radio.port",
        "link.radio.baud=0                         | 300 to 4000000",
        "link.radio.mtu=50                         | 51 to 1024",
        "link.radio.power_dbm=14                   | is for RNodes",
        "link.radio.mode_pins=true                 | is for E22 and E32",
        "link.radio.frequency_khz=868100           | 869463 to 869587",
        "link.uplink.power_dbm=14                  | a link of kind mqtt has no power_dbm",
        "link.radio.broker=tcp://h:1               | a link of kind serial has no broker",
        "link.uplink.port=/dev/x                   | a link of kind mqtt has no port",
        "link.uplink.preset=lora-sf9               | is a radio's",
        "link.uplink.broker=                       | link.uplink.broker",
        "link.uplink.broker=gateway                | tcp://host:1883",
        "link.uplink.broker=http://h:8883          | mqtts://host:8883",
        "link.uplink.key_file=k                    | go together",
        "link.radio.ca_file=ca.pem                 | a link of kind serial has no ca_file",
        "link.uplink.broker=tcp://                 | tcp://host:1883",
        "link.uplink.password_file=p               | link.uplink.user",
        "link.third.port=/dev/x                    | link.third.kind is missing",
        "node.operator=                            | node.operator is missing",
        "node.operator=00                          | starling keys show",
        "node.operator=orchard                     | starling keys show",
        "node.state=                               | node.state is missing",
        "clock.root=yes                            | true, false",
        "clock.uncertainty_ms=0                    | 1 to 1000",
        "node.path=/rehearsal/stage/actor          | unknown key node.path"
      })
  void aWrongSettingIsRefusedWithWhatToDo(String override, String hint) {
    String refusal = refused(override);
    assertTrue(refusal.contains(hint), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @Test
  void anotherOperatorsCharterIsRefused() {
    String refusal = refused("node.operator=" + "3b".repeat(32));
    assertTrue(refusal.contains("is node.operator the key that signed it?"), refusal);
  }

  @Test
  void allWrongSettingsAreToldAtOnce() {
    String refusal =
        refused(
            "link.radio.broker=tcp://h:1",
            "link.uplink.broker=h",
            "node.operator=x",
            "node.state=");
    assertEquals(4, refusal.lines().count(), refusal);
  }

  @Test
  void aNodeWithoutAMediumIsRefused() throws IOException {
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.indexOf("[link.radio]")));
    assertTrue(refused().contains("no [link.NAME] table"), refused());
  }

  @Test
  void missingFilesAreAFailureThatNamesAllOfThem() throws IOException {
    for (String name : List.of("node.key", "site.key", "charter.bin")) {
      Files.delete(directory.resolve(name));
    }
    String failure = assertThrows(IOException.class, this::read).getMessage();
    for (String name : List.of("node.key", "site.key", "charter.bin")) {
      assertTrue(failure.contains(directory.resolve(name) + " does not exist"), failure);
    }
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws IOException {
    Path key = directory.resolve("site.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    String failure = assertThrows(IOException.class, this::read).getMessage();
    assertTrue(failure.contains("chmod 600 " + key), failure);
  }

  @Test
  void aCharterWithoutItsSitePageIsRefused() throws Exception {
    List<byte[]> pages = PageCodec.unbundle(Files.readAllBytes(directory.resolve("charter.bin")));
    Files.write(directory.resolve("charter.bin"), PageCodec.bundle(pages.subList(1, pages.size())));
    assertTrue(refused().contains("lacks the site page"), refused());
  }

  @Test
  void aCharterOfAnySizeIsRefusedUnread() throws IOException {
    Files.write(directory.resolve("charter.bin"), new byte[3 << 20]);
    String failure = assertThrows(IOException.class, this::read).getMessage();
    assertTrue(failure.contains("2097152"), failure);
  }

  @Test
  void randomBytesAreNoCharter() throws IOException {
    byte[] noise = new byte[300];
    new java.util.SplittableRandom(1).nextBytes(noise);
    Files.write(directory.resolve("charter.bin"), noise);
    assertTrue(refused().contains("charter.bin"), refused());
  }

  @Test
  void aNodeThatTheCharterDoesNotKnowIsToldHowToAddIt() throws Exception {
    Files.delete(directory.resolve("node.key"));
    KeyFile.write(directory.resolve("node.key"), KeyFile.generate());
    NodeSettings settings = read();
    var refusal =
        assertThrows(ConfigurationException.class, () -> settings.place(settings.charter()));
    assertTrue(refusal.getMessage().contains("starling keys add"), refusal.getMessage());
    assertThrows(ConfigurationException.class, () -> settings.place(Charter.EMPTY));
  }

  @Test
  void noSecretIsInItsText() throws Exception {
    String key = Files.readString(directory.resolve("site.key")).split("epoch-0 ")[1].strip();
    assertEquals(Set.of(false), Set.of(read().toString().contains(key)));
  }

  private NodeSettings read(String... overrides) throws ConfigurationException, IOException {
    List<String> words = List.of(overrides);
    List<String> keys = words.stream().map(word -> word.replaceFirst("^--", "")).toList();
    return NodeSettings.of(Configuration.read(file, keys, NodeSettings.KEYS), false);
  }

  private String refused(String... overrides) {
    return assertThrows(ConfigurationException.class, () -> read(overrides)).getMessage();
  }
}
