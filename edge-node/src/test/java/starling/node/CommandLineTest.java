package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final Path USUAL = Path.of("/etc/starling/node.toml");

  @Test
  void withoutWordsTheUsualConfigurationIsTaken() {
    CommandLine line = parse();
    assertEquals(USUAL, line.config(USUAL));
    assertEquals(List.of(), line.overrides());
    assertEquals("", line.wrong());
    assertFalse(line.help() || line.template() || line.exitWithStdin());
  }

  @Test
  void theConfigurationIsNamedInEitherWay() {
    assertEquals(Path.of("a.toml"), parse("--config", "a.toml").config(USUAL));
    assertEquals(Path.of("a.toml"), parse("--config=a.toml").config(USUAL));
  }

  @Test
  void eachWordIsUnderstood() {
    assertTrue(parse("--help").help());
    assertTrue(parse("-h").help());
    assertTrue(parse("--template").template());
    assertTrue(parse("--check").check());
    assertTrue(parse("--show").show());
    assertTrue(parse("--config", "x", "--exit-with-stdin").exitWithStdin());
  }

  @Test
  void dottedWordsSetKeys() {
    assertEquals(
        List.of("link.radio.port=/dev/ttyUSB1", "node.state="),
        parse("--link.radio.port=/dev/ttyUSB1", "--node.state=").overrides());
  }

  @ParameterizedTest
  @CsvSource({
    "--config, --config wants a file",
    "start, unknown word start",
    "--verbose, unknown word --verbose",
    "--verbose=1.5, unknown word --verbose=...",
    "--password=hunter2, unknown word --password=...",
    "'', 'unknown word '"
  })
  void whatIsNotUnderstoodIsNamed(String word, String wrong) {
    assertEquals(wrong, parse(word).wrong());
  }

  private static CommandLine parse(String... words) {
    return CommandLine.parse(words);
  }
}
