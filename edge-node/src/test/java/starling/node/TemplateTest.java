package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.sensor.SensorDriver;

/** The example configuration is the reference: it names what there is, and nothing else. */
class TemplateTest {
  private static final Pattern COMMENTED = Pattern.compile("(?m)^# (?=\\[|\\w+ = )");

  @Test
  void itNamesExactlyTheKeysThatThereAre() throws Exception {
    Set<String> named = new TreeSet<>();
    for (Toml.Item item : whole().items()) {
      named.add(
          item.key()
              .replaceFirst("^link\\.\\w+\\.", "link.*.")
              .replaceFirst("^sensor\\..*", "sensor.*.**"));
    }
    Set<String> known = new TreeSet<>();
    NodeSettings.KEYS.forEach(key -> known.add(key.pattern()));
    assertEquals(known, named);
  }

  @Test
  void itShowsEachSortOfSensorWithExactlyItsKeys() throws Exception {
    Map<String, Set<String>> shown = new TreeMap<>();
    Map<String, String> kinds = new TreeMap<>();
    for (Toml.Item item : whole().items()) {
      String[] parts = item.key().split("\\.");
      if (parts[0].equals("sensor") && parts[2].equals("kind")) {
        kinds.put(parts[1], item.text());
      } else if (parts[0].equals("sensor")) {
        shown.computeIfAbsent(kinds.get(parts[1]), _ -> new TreeSet<>()).add(parts[2]);
      }
    }
    Map<String, Set<String>> known = new TreeMap<>();
    for (SensorDriver driver : ServiceLoader.load(SensorDriver.class)) {
      known.put(driver.kind(), new TreeSet<>(driver.keys().keySet()));
    }
    assertEquals(known, shown);
  }

  @Test
  void everyValueInItIsPossible(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("node.toml");
    Files.writeString(file, COMMENTED.matcher(Main.template()).replaceAll(""));
    Configuration.read(file, java.util.List.of(), NodeSettings.KEYS);
    Files.writeString(file, Main.template());
    Configuration from = Configuration.read(file, java.util.List.of(), NodeSettings.KEYS);
    assertEquals(java.util.List.of("radio"), from.names("link"));
  }

  @Test
  void everyKeyInItIsExplained() throws Exception {
    String before = "";
    for (String line : Main.template().split("\n")) {
      boolean value = line.matches("(# )?\\w+ = .*");
      assertTrue(!value || !before.isBlank(), line + " stands alone");
      assertTrue(line.length() <= 100, line);
      before = line;
    }
  }

  /** The example with all that is commented out in it. */
  private static Toml.Parsed whole() throws Exception {
    Toml.Parsed parsed = Toml.parse(COMMENTED.matcher(Main.template()).replaceAll(""));
    assertEquals(java.util.List.of(), parsed.problems());
    return parsed;
  }
}
