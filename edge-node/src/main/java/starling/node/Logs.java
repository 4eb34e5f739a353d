package starling.node;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/**
 * One line a message, on standard error: the journal and a person can both read it.
 *
 * <pre>
 * 2026-06-01T12:00:00.123Z WARNING link radio is down: /dev/ttyUSB0 is gone
 * </pre>
 *
 * <p>The Java runtime's own formatter loads locales and time zones for that, and drops apostrophes.
 */
public final class Logs {
  private static final String CONFIGURED = "java.util.logging.config.file";

  private Logs() {}

  /** Call before the first message. */
  public static void setUp() {
    if (System.getProperty(CONFIGURED) == null) {
      for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
        handler.setFormatter(new Line());
      }
    }
  }

  static final class Line extends Formatter {
    @Override
    public String format(LogRecord entry) {
      StringBuilder line = new StringBuilder(128);
      time(Instant.ofEpochMilli(entry.getMillis()).atOffset(ZoneOffset.UTC), line);
      line.append(entry.getLevel().equals(Level.SEVERE) ? "ERROR" : entry.getLevel().getName());
      line.append(' ').append(message(entry)).append('\n');
      if (entry.getThrown() != null) {
        StringWriter trace = new StringWriter();
        entry.getThrown().printStackTrace(new PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }

    /** RFC 3339, to the millisecond, always as long. */
    private static void time(OffsetDateTime time, StringBuilder to) {
      digits(time.getYear(), 4, to).append('-');
      digits(time.getMonthValue(), 2, to).append('-');
      digits(time.getDayOfMonth(), 2, to).append('T');
      digits(time.getHour(), 2, to).append(':');
      digits(time.getMinute(), 2, to).append(':');
      digits(time.getSecond(), 2, to).append('.');
      digits(time.getNano() / 1_000_000, 3, to).append("Z ");
    }

    private static StringBuilder digits(int number, int width, StringBuilder to) {
      String digits = Integer.toString(number);
      return to.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    /** The message with its parameters in place, without control characters from outside. */
    private static String message(LogRecord entry) {
      String message = String.valueOf(entry.getMessage());
      Object[] parameters = entry.getParameters();
      for (int i = 0; parameters != null && i < parameters.length; i++) {
        message = message.replace("{" + i + "}", String.valueOf(parameters[i]));
      }
      StringBuilder clean = new StringBuilder(message);
      for (int i = 0; i < clean.length(); i++) {
        if (Character.isISOControl(clean.charAt(i))) {
          clean.setCharAt(i, ' ');
        }
      }
      return clean.toString();
    }
  }
}
