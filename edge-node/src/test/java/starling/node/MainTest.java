package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.pty.Pty;

/** A node as its supervisor sees it: words, exit statuses, signals, what it leaves behind. */
class MainTest {
  private static final String RUNNING = "first frame after ";

  @TempDir Path directory;

  @Test
  void helpNamesEveryKeyAndExample() throws Exception {
    Program help = Program.node("--help");
    assertEquals(0, help.await());
    for (Configuration.Key key : NodeSettings.KEYS) {
      assertTrue(help.output().contains("  " + key.pattern() + " "), key.pattern());
    }
    assertTrue(help.output().contains("Example"), help.output());
  }

  @Test
  void theTemplateIsTheReference() throws Exception {
    Program template = Program.node("--template");
    assertEquals(0, template.await());
    assertEquals(Main.template(), template.output());
  }

  @Test
  void wrongWordsAreWrongUsage() throws Exception {
    Program wrong = Program.node("--confg", "x");
    assertEquals(2, wrong.await());
    assertEquals(
        "starling node: unknown word --confg; see: starling node --help\n", wrong.output());
  }

  @Test
  void aWrongConfigurationIsWrongUsage() throws Exception {
    Path file = Solo.write(directory, Path.of("/dev/null"));
    Program wrong = Program.node("--config", file.toString(), "--link.radio.bauds=1");
    assertEquals(2, wrong.await());
    assertTrue(wrong.output().contains("did you mean link.*.baud?"), wrong.output());
  }

  @Test
  void aMissingFileIsAFailureThatNamesIt() throws Exception {
    Path file = directory.resolve("nowhere.toml");
    Program missing = Program.node("--config", file.toString());
    assertEquals(1, missing.await());
    assertEquals("starling node: " + file + " does not exist\n", missing.output());
  }

  @Test
  void aSignalStopsItCleanlyWithStatus0() throws Exception {
    for (String signal : List.of("TERM", "INT")) {
      Path home = Files.createDirectory(directory.resolve(signal));
      try (Pty radio = Pty.open();
          Program node = Program.node("--config", Solo.write(home, radio.slave()).toString())) {
        node.awaitSaid(RUNNING, 1);
        node.signal(signal);
        assertEquals(0, node.await(), node.output());
        assertClean(home, node);
        assertEquals(List.of(), node.temporaryFiles());
      }
    }
  }

  @Test
  void theEndOfStandardInputStopsItIfAsked() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    try (Program node = Program.node("--config", file.toString(), "--exit-with-stdin")) {
      node.awaitSaid("link radio is down", 1);
      node.stdin().close();
      assertEquals(0, node.await(), node.output());
      assertClean(directory, node);
    }
  }

  @Test
  void aSecondNodeOfTheSameStateIsRefused() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    try (Program node = Program.node("--config", file.toString())) {
      node.awaitSaid("link radio is down", 1);
      Program twin = Program.node("--config", file.toString());
      assertEquals(1, twin.await());
      assertTrue(twin.output().contains("is this node running already?"), twin.output());
      assertTrue(node.alive());
    }
  }

  @Test
  void aLogThatCanNotBeWrittenEndsItAsFailed() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    Files.createSymbolicLink(
        Files.createDirectory(directory.resolve("state")).resolve(Journal.FILE),
        Path.of("/dev/full"));
    Program node = Program.node("--config", file.toString());
    assertEquals(1, node.await());
    assertTrue(node.output().contains("ERROR stopping: the log can't be written"), node.output());
  }

  /** Its log is whole, and it said nothing of trouble. */
  private static void assertClean(Path home, Program node) throws IOException {
    try (Journal journal = Journal.open(home.resolve("state"))) {
      assertEquals(0, journal.tornBytes());
      assertFalse(journal.entries().isEmpty());
    }
    assertFalse(node.output().contains("ERROR"), node.output());
    assertFalse(node.output().contains("while stopping"), node.output());
  }
}
