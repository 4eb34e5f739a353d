package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlTest {
  @Test
  void keysCarryTheirTablesAndLines() {
    Toml.Parsed parsed = Toml.parse("a = 1\n\n[b.c] # so\nd.e = 'x'\r\n [ f ]\n\tg-1 = true # yes");
    assertEquals(
        List.of(
            new Toml.Item("a", "1", 1),
            new Toml.Item("b.c.d.e", "x", 4),
            new Toml.Item("f.g-1", "true", 6)),
        parsed.items());
    assertEquals(List.of(), parsed.problems());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a # b\" # c       | a # b",
        "'C:\\new'           | C:\\new",
        "\"C:\\\\new\"       | C:\\new",
        "\"\\u00b0C\"        | °C",
        "\"\\\"\"            | \"",
        "''                  | ``",
        "57_600              | 57600",
        "+5                  | 5",
        "-0.5e-3             | -0.5e-3",
        "0x76                | 118",
        "false#no            | false"
      })
  void valuesAreReadAsTomlSays(String written, String meant) {
    Toml.Parsed parsed = Toml.parse("k = " + written);
    assertEquals(List.of(), parsed.problems());
    assertEquals(meant, parsed.items().getFirst().text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "k = word            | in quotes",
        "k = /dev/ttyUSB0    | in quotes: \"/dev/ttyUSB0\"",
        "k =                 | missing",
        "k = # nothing       | missing",
        "k                   | key = value",
        "= 1                 | keys are",
        "k k = 1             | key = value",
        "k = 1 2             | one value a line",
        "k = \"a\" b         | one value a line",
        "k = \"a             | quote at the end",
        "k = 'a              | quote at the end",
        "k = \"a\\           | backslash",
        "k = \"C:\\dev\"     | backslash",
        "k = \"\\u12\"       | 4 hexadecimal digits",
        "k = [1]             | lists",
        "k = { a = 1 }       | lists",
        "k = \"\"\"          | several lines",
        "k = 007             | in quotes",
        "k = 2026-01-01      | in quotes",
        "k = inf             | in quotes",
        "\"k\" = 1           | without quotes",
        "k. = 1              | keys are",
        "ключ = 1            | keys are",
        "[[k]]               | arrays of tables",
        "[k                  | a table is",
        "[]                  | keys are",
        "[k] x               | one value a line"
      })
  void whatIsNotUsedHereIsRefusedWithAHint(String line, String hint) {
    Toml.Parsed parsed = Toml.parse("# first\n" + line);
    assertEquals(List.of(), parsed.items());
    assertEquals(1, parsed.problems().size());
    assertEquals(2, parsed.problems().getFirst().line());
    String text = parsed.problems().getFirst().text();
    assertTrue(text.contains(hint), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a = 1\na = 2", "[t]\n[t]", "[t]\na = 1\n[u]\n[t]\na = 2", "a.b=1\n[a]\nb=2"})
  void nothingMayBeSaidTwice(String text) {
    List<Toml.Problem> problems = Toml.parse(text).problems();
    assertTrue(problems.getFirst().text().contains("already"), problems.toString());
  }

  @Test
  void everyProblemIsFoundWithItsLine() {
    assertEquals(
        List.of(1, 3),
        Toml.parse("a = b\nc = 1\nd = e").problems().stream().map(Toml.Problem::line).toList());
  }

  @Test
  void longAndDeepTextIsOnlyText() {
    String deep = "a.".repeat(20_000) + "a = 1";
    String large = "b = \"" + "\\\\".repeat(20_000) + "\"";
    String number = "c = " + "1".repeat(20_000);
    Toml.Parsed parsed = Toml.parse(deep + "\n" + large + "\n" + number);
    assertEquals(2, parsed.items().size());
    assertEquals(20_000, parsed.items().getLast().text().length());
    assertTrue(parsed.problems().getFirst().text().length() < 100);
  }

  @Test
  void randomTextNeitherFailsNorHangs() {
    SplittableRandom random = new SplittableRandom(1);
    String alphabet = "[]={}\"'\\.#-_ \n\tabutx019é";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Toml.parse(text.toString());
    }
  }
}
