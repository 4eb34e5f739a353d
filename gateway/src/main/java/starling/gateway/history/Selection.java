package starling.gateway.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of the history.
 *
 * @param path a zone or node, and all below it; empty for all
 * @param query answers to this query only; empty for all, and nodes' readings
 * @param name this column or channel only; empty for all
 * @param fromMillis later than this, Unix time
 * @param toMillis not later than this
 */
public record Selection(String path, String query, String name, long fromMillis, long toMillis) {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhdw])");

  /**
   * A time as people write it: RFC 3339, or how long ago ({@code 90m}, {@code 24h}, {@code 7d}).
   *
   * @throws IllegalArgumentException which says how to write one
   */
  public static long time(String text, long nowMillis) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long seconds =
          switch (ago.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 7 * 86_400;
          };
      return nowMillis - Long.parseLong(ago.group(1)) * seconds * 1000;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "a time is 2026-06-01T12:00:00Z, or how long ago: 90m, 24h, 7d; not '" + text + "'", e);
    }
  }
}
