package starling.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * The values of one process: from a TOML file, overridden by {@code --table.key=value} on the
 * command line. Unknown keys and impossible values are refused with line, reason and suggestion,
 * all of them at once.
 */
public final class Configuration {
  private final Path file;
  private final Map<String, Value> values;

  private record Value(String text, String origin) {}

  /**
   * A key that may be set.
   *
   * @param pattern such as {@code link.*.port}, where {@code *} is a name that the owner chooses; a
   *     trailing {@code **} takes all
   * @param help one line
   */
  public record Key(String pattern, String help) {
    boolean matches(String key) {
      String[] parts = key.split("\\.", -1);
      String[] wants = pattern.split("\\.", -1);
      for (int i = 0; i < wants.length; i++) {
        if (wants[i].equals("**")) {
          return i < parts.length;
        }
        if (i >= parts.length || !wants[i].equals("*") && !wants[i].equals(parts[i])) {
          return false;
        }
      }
      return parts.length == wants.length;
    }
  }

  private Configuration(Path file, Map<String, Value> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * Reads a configuration.
   *
   * @param overrides {@code table.key=value} each
   * @param keys what may be set
   */
  public static Configuration read(Path file, List<String> overrides, List<Key> keys)
      throws ConfigurationException, IOException {
    TomlParseResult toml = Toml.parse(Files.readString(file));
    List<String> wrong = new ArrayList<>();
    toml.errors().forEach(e -> wrong.add(file + ":" + e.position().line() + ": " + e.getMessage()));
    Map<String, Value> values = new LinkedHashMap<>();
    if (wrong.isEmpty()) {
      flatten(toml, "", toml, file, values, wrong);
    }
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        wrong.add("--" + override + ": write --table.key=value");
      } else {
        values.put(
            override.substring(0, equals),
            new Value(override.substring(equals + 1), "command line"));
      }
    }
    values.forEach((key, value) -> {
      if (keys.stream().noneMatch(known -> known.matches(key))) {
        wrong.add(value.origin() + ": unknown key " + key + suggestion(key, keys));
      }
    });
    if (!wrong.isEmpty()) {
      throw new ConfigurationException(String.join(System.lineSeparator(), wrong));
    }
    return new Configuration(file, values);
  }

  private static void flatten(
      TomlParseResult root,
      String prefix,
      TomlTable table,
      Path file,
      Map<String, Value> values,
      List<String> wrong) {
    for (String key : new TreeSet<>(table.keySet())) {
      String path = prefix.isEmpty() ? key : prefix + "." + key;
      var position = table.inputPositionOf(List.of(key));
      String origin = file + ":" + (position == null ? 0 : position.line());
      Object value = table.get(List.of(key));
      switch (value) {
        case TomlTable inner -> flatten(root, path, inner, file, values, wrong);
        case String text -> values.put(path, new Value(text, origin));
        case Long number -> values.put(path, new Value(number.toString(), origin));
        case Double number -> values.put(path, new Value(number.toString(), origin));
        case Boolean flag -> values.put(path, new Value(flag.toString(), origin));
        case null -> wrong.add(origin + ": " + path + " has no value");
        default -> wrong.add(origin + ": " + path + " must be text, a number, true or false");
      }
    }
  }

  private static String suggestion(String key, List<Key> keys) {
    String best = "";
    int least = Integer.MAX_VALUE;
    String last = key.substring(key.lastIndexOf('.') + 1);
    for (Key known : keys) {
      String candidate = known.pattern().substring(known.pattern().lastIndexOf('.') + 1);
      int distance = distance(last, candidate);
      if (distance < least && !candidate.contains("*")) {
        least = distance;
        best = known.pattern();
      }
    }
    return least <= 3 ? "; did you mean " + best + "?" : "";
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  /** The text under a key, if it is set. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(Value::text);
  }

  /** The text under a key that must be set. */
  public String required(String key) throws ConfigurationException {
    Value value = values.get(key);
    if (value == null) {
      throw new ConfigurationException(file + ": " + key + " is missing");
    }
    return value.text();
  }

  /** A whole number between two bounds, or {@code otherwise} if it is not set. */
  public long number(String key, long min, long max, long otherwise) throws ConfigurationException {
    Value value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value.text().strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with what is possible
    }
    throw refused(key, "must be a whole number from " + min + " to " + max);
  }

  /** True or false, or {@code otherwise} if it is not set. */
  public boolean flag(String key, boolean otherwise) throws ConfigurationException {
    Value value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    return switch (value.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(key, "must be true or false");
    };
  }

  /** A path, taken from where the configuration file stands if it is relative. */
  public Path path(String key) throws ConfigurationException {
    Path path = Path.of(required(key));
    return file.toAbsolutePath().resolveSibling(path);
  }

  /**
   * The names under a table: {@code names("link")} of {@code link.radio.port} has {@code radio}.
   */
  public List<String> names(String table) {
    TreeSet<String> names = new TreeSet<>();
    for (String key : values.keySet()) {
      String[] parts = key.split("\\.", -1);
      if (parts.length > 2 && parts[0].equals(table)) {
        names.add(parts[1]);
      }
    }
    return List.copyOf(names);
  }

  /** All keys and values of one table, without its prefix. */
  public Map<String, String> table(String prefix) {
    Map<String, String> table = new TreeMap<>();
    values.forEach((key, value) -> {
      if (key.startsWith(prefix + ".")) {
        table.put(key.substring(prefix.length() + 1), value.text());
      }
    });
    return table;
  }

  /** The refusal of a value, with where it came from. */
  public ConfigurationException refused(String key, String why) {
    Value value = values.get(key);
    String where = value == null ? file.toString() : value.origin();
    String what = value == null ? "" : " = \"" + value.text() + "\"";
    return new ConfigurationException(where + ": " + key + what + ": " + why);
  }
}
