package starling.sensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A driver's configuration table, read key by key; what is missing or impossible is named. */
final class Settings {
  private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  private final String kind;
  private final Map<String, String> table;

  Settings(String kind, Map<String, String> table) {
    this.kind = kind;
    this.table = table;
  }

  String text(String key) {
    String value = table.get(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("sensor " + kind + " needs " + key);
    }
    return value;
  }

  String text(String key, String otherwise) {
    return table.containsKey(key) ? text(key) : otherwise;
  }

  /** The name of a {@link starling.model.Channel}, or how one begins. */
  String channel(String key, @Nullable String otherwise) {
    String name = otherwise == null ? text(key) : text(key, otherwise);
    if (!CHANNEL.matcher(name).matches()) {
      throw wrong(key, name, "lower-case letters, digits and underscores, up to 32");
    }
    return name;
  }

  /** A whole number, decimal or {@code 0x} hexadecimal. */
  int whole(String key, int otherwise, int min, int max) {
    String text = text(key, Integer.toString(otherwise));
    try {
      int value = Integer.decode(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(key, text, "a whole number from " + min + " to " + max);
  }

  double number(String key, double otherwise, double min, double max) {
    String text = text(key, Double.toString(otherwise));
    try {
      double value = Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(key, text, "a number from " + min + " to " + max);
  }

  /** One of an enum's names, in lower case. */
  <E extends Enum<E>> E choice(String key, E otherwise) {
    String text = text(key, otherwise.name().toLowerCase(Locale.ROOT));
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    for (E one : all) {
      if (one.name().toLowerCase(Locale.ROOT).equals(text)) {
        return one;
      }
    }
    throw wrong(key, text, "one of " + Arrays.toString(all).toLowerCase(Locale.ROOT));
  }

  IllegalArgumentException wrong(String key, String value, String possible) {
    return new IllegalArgumentException(
        "sensor " + kind + ": " + key + " is " + possible + ", not '" + value + "'");
  }
}
