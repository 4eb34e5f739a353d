package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogsTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00.005Z");

  @Test
  void aMessageIsOneLineWithItsTimeAndParameters() {
    assertEquals(
        "2026-06-01T12:00:00.005Z WARNING can't read {2}: a file, not 7\n",
        line(Level.WARNING, "can't read {2}: {0}, not {1}", "a file", 7));
  }

  @Test
  void whatOthersSayCanNotForgeALine() {
    String line = line(Level.INFO, "{0}", "x\n2026-06-01T12:00:00.000Z ERROR y\u001b[31m");
    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertTrue(line.indexOf('\u001b') < 0);
  }

  @Test
  void aFaultIsShownWithWhereItHappened() {
    LogRecord entry = entry(Level.SEVERE, "stopping");
    entry.setThrown(new IllegalStateException("here"));
    String text = new Logs.Line().format(entry);
    assertTrue(text.startsWith("2026-06-01T12:00:00.005Z ERROR stopping\n"), text);
    assertTrue(text.contains("IllegalStateException: here\n\tat "), text);
  }

  private static String line(Level level, String message, Object... parameters) {
    LogRecord entry = entry(level, message);
    entry.setParameters(parameters);
    return new Logs.Line().format(entry);
  }

  private static LogRecord entry(Level level, String message) {
    LogRecord entry = new LogRecord(level, message);
    entry.setInstant(NOON);
    return entry;
  }
}
