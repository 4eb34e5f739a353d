package starling.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.node.Configuration;
import starling.node.ConfigurationException;

class GatewayTemplateTest {
  /** What is a value behind a comment, and not a sentence. */
  private static final Pattern COMMENTED = Pattern.compile("(?m)^# (?=\\[|[a-z_]+ = )");

  @TempDir Path directory;

  @Test
  void itHasEachKeyOfAGatewayAndNoOther() throws Exception {
    Set<String> named = new TreeSet<>();
    String table = "";
    for (String line : COMMENTED.matcher(Main.template()).replaceAll("").split("\n")) {
      if (line.startsWith("[")) {
        table = line.substring(1, line.indexOf(']'));
      } else if (line.matches("[a-z_0-9]+ = .*")) {
        named.add(table + "." + line.substring(0, line.indexOf(' ')));
      }
    }
    for (Configuration.Key key : GatewaySettings.KEYS) {
      String pattern = key.pattern().replace("**", ".+").replaceAll("(?<!\\+)\\*", "[a-z]+");
      assertTrue(named.removeIf(name -> name.matches(pattern)), key.pattern() + " is missing");
    }
    assertEquals(Set.of(), named);
  }

  @Test
  void whatItSaysIsPossibleAndShownWithWhereItWasSet() throws Exception {
    Path file = Files.writeString(directory.resolve("gateway.toml"), Main.template());
    Configuration from =
        Configuration.read(file, List.of("gateway.name=gw7"), GatewaySettings.KEYS);
    String shown = from.show(GatewaySettings.KEYS);
    assertTrue(
        shown.matches("(?s).*broker.listen = \"127.0.0.1:1883\" +# .*gateway.toml:\\d+\n.*"));
    assertTrue(shown.matches("(?s).*gateway.name = \"gw7\" +# command line\n.*"), shown);
    assertTrue(shown.matches("(?s).*# outbox.max_mb +# not set: .*256 if not set\n.*"), shown);
    assertEquals(
        Set.of("gateway.name"),
        from.differences(Configuration.read(file, List.of(), GatewaySettings.KEYS)));
  }

  @Test
  void whatLooksLikeASecretIsNotShown() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("gateway.toml"),
            "[influx]\ntoken_file = \"0123456789abcdef0123456789abcdef\"\n");
    String shown =
        Configuration.read(file, List.of(), GatewaySettings.KEYS).show(GatewaySettings.KEYS);
    assertTrue(shown.contains("influx.token_file = (not shown)"), shown);
  }

  @Test
  void anUnknownKeyIsRefusedWithLineAndSuggestion() throws Exception {
    Path file = Files.writeString(directory.resolve("gateway.toml"), "[history]\nmax_mbs = 12\n");
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> Configuration.read(file, List.of(), GatewaySettings.KEYS));
    assertEquals(
        file + ":2: unknown key history.max_mbs; did you mean history.max_mb?",
        refused.getMessage());
  }
}
