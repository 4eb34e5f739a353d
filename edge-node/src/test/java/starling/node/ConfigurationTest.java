package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.node.Configuration.Key;

class ConfigurationTest {
  private static final List<Key> KEYS =
      List.of(
          new Key("node.state", "a directory"),
          new Key("node.site_key", "a file"),
          Key.flag("clock.root", "a flag"),
          Key.oneOf("link.*.kind", List.of("serial", "mqtt"), "a word"),
          Key.number("link.*.baud", 300, 4_000_000, "a number"),
          new Key("link.*.port", "a text"),
          new Key("sensor.*.**", "anything"));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("node.toml");
  }

  @Test
  void valuesAreFoundByTheirKeys() throws Exception {
    Configuration from = read("[link.radio]\nkind = 'serial'\nbaud = 9600\n[clock]\nroot = true");
    assertEquals(Optional.of("serial"), from.text("link.radio.kind"));
    assertEquals("serial", from.required("link.radio.kind"));
    assertEquals(9600, from.number("link.radio.baud", 57_600));
    assertEquals(57_600, from.number("link.other.baud", 57_600));
    assertTrue(from.flag("clock.root", false));
    assertTrue(from.flag("clock.other", true));
    assertEquals(Optional.empty(), from.text("node.state"));
  }

  @Test
  void tablesThatTheOwnerNamesAreListed() throws Exception {
    Configuration from =
        read(
            "[sensor.b]\n"
                + "kind = 'linux'\n"
                + "[sensor.a]\n"
                + "kind = 'digital'\n"
                + "pin = 17\n"
                + "[link.x]\n"
                + "port='p'");
    assertEquals(List.of("a", "b"), from.names("sensor"));
    assertEquals(Map.of("kind", "digital", "pin", "17"), from.table("sensor.a"));
  }

  @Test
  void theCommandLineOverridesTheFile() throws Exception {
    Configuration from = read("[link.radio]\nport = '/dev/a'", "link.radio.port=/dev/b=c");
    assertEquals("/dev/b=c", from.required("link.radio.port"));
  }

  @Test
  void pathsAreTakenFromWhereTheyWereWritten() throws Exception {
    Configuration from = read("[node]\nstate = 'state'\nsite_key = '/etc/site.key'");
    assertEquals(directory.resolve("state"), from.path("node.state"));
    assertEquals(Path.of("/etc/site.key"), from.path("node.site_key"));
    assertEquals(Path.of("here"), read("", "node.state=here").path("node.state"));
  }

  @Test
  void anUnknownKeyIsRefusedWithItsLineAndWhatWasPerhapsMeant() {
    assertEquals(
        file + ":3: unknown key link.radio.prot; did you mean link.*.port?",
        refused("[link.radio]\nkind = 'serial'\nprot = '/dev/ttyUSB0'"));
  }

  @Test
  void aKeyThatIsLikeNoneIsRefusedWithoutAGuess() {
    assertEquals(file + ":1: unknown key colour", refused("colour = 'blue'"));
  }

  @Test
  void aKeyInAnUnknownTableIsRefused() {
    String refusal = refused("[lnik.radio]\nport = 'x'");
    assertTrue(refusal.contains("unknown key lnik.radio.port; did you mean link.*.port?"), refusal);
  }

  @Test
  void valuesOfTheWrongSortAreRefusedWithWhatIsPossible() {
    assertEquals(
        String.join(
            System.lineSeparator(),
            file + ":2: clock.root = \"1\": must be one of true, false",
            file + ":4: link.a.kind = \"smoke\": must be one of serial, mqtt",
            file + ":5: link.a.baud = \"fast\": must be a whole number from 300 to 4000000",
            "command line: link.b.baud = \"299\": must be 300 to 4000000"),
        refused("[clock]\nroot = 1\n[link.a]\nkind = 'smoke'\nbaud = 'fast'", "link.b.baud=299"));
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    String refusal =
        refused("[node\nstat = 'x'\n[clock]\nroot = maybe\nroof = true", "=x", "link.a.baud=0");
    for (String part : List.of(":1: ", ":2: ", ":4: ", ":5: ", "--=x", "link.a.baud")) {
      assertTrue(refusal.contains(part), part + " in " + refusal);
    }
    assertEquals(6, refusal.lines().count(), refusal);
  }

  @Test
  void aFlawedFileIsNotToldWithoutEnd() {
    String refusal = refused("nonsense\n".repeat(1000));
    assertEquals(21, refusal.lines().count());
    assertTrue(refusal.endsWith("and 980 more"), refusal);
  }

  @Test
  void aMissingValueNamesTheFile() throws Exception {
    Configuration from = read("[node]\nsite_key = ''");
    for (String key : List.of("node.state", "node.site_key")) {
      var refusal = assertThrows(ConfigurationException.class, () -> from.required(key));
      assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
      assertTrue(refusal.getMessage().endsWith("is missing"), refusal.getMessage());
    }
  }

  @Test
  void secretsInTheWrongPlaceAreNotPrinted() throws Exception {
    String secret = "5ec2e7".repeat(11).substring(0, 64);
    assertFalse(refused("[link.a]\nbaud = '" + secret + "'").contains(secret));
    assertFalse(refused("[link.a]\npassword = '" + secret + "'").contains(secret));
    assertFalse(refused("", "link.a.password=hunter2").contains("hunter2"));
    Configuration from = read("[node]\nsite_key = '" + secret + "'");
    assertFalse(from.refused("node.site_key", "no").getMessage().contains(secret));
    assertFalse(from.toString().contains(secret));
  }

  @Test
  void aFileThatIsNoConfigurationIsRefusedBeforeItIsRead() throws Exception {
    Files.write(file, new byte[70_000]);
    IOException refusal =
        assertThrows(IOException.class, () -> Configuration.read(file, List.of(), KEYS));
    assertTrue(refusal.getMessage().contains("65536"), refusal.getMessage());
  }

  private Configuration read(String text, String... overrides) throws Exception {
    Files.writeString(file, text);
    return Configuration.read(file, List.of(overrides), KEYS);
  }

  private String refused(String text, String... overrides) {
    return assertThrows(ConfigurationException.class, () -> read(text, overrides)).getMessage();
  }
}
