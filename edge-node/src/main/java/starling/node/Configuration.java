package starling.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import starling.query.Nearest;

/**
 * The values of one process: from a TOML file, overridden by {@code --table.key=value} on the
 * command line. Unknown keys and impossible values are refused with line, reason and suggestion,
 * all of them at once.
 */
public final class Configuration {
  private static final int FILE_MAX_BYTES = 64 * 1024;
  private static final int PROBLEMS_MAX = 20;
  private static final String COMMAND_LINE = "command line";

  /** A key of at least 128 bits, perhaps put where its file should be named. */
  private static final Pattern SECRET = Pattern.compile("[0-9A-Fa-f]{32,}");

  private final Path file;
  private final Map<String, Value> values;

  private record Value(String text, String origin) {}

  /**
   * A key that may be set.
   *
   * @param pattern such as {@code link.*.port}, where {@code *} is a name that the owner chooses; a
   *     trailing {@code **} takes all
   * @param help one line
   * @param form what may be under it: answers why a text may not, and nothing if it may
   */
  public record Key(String pattern, String help, UnaryOperator<String> form) {
    /** A key for any text. */
    public Key(String pattern, String help) {
      this(pattern, help, _ -> "");
    }

    /** A key for whole numbers between two bounds. */
    public static Key number(String pattern, long min, long max, String help) {
      return new Key(
          pattern,
          help,
          text -> {
            try {
              long number = Long.parseLong(text);
              return number >= min && number <= max ? "" : "must be " + min + " to " + max;
            } catch (NumberFormatException e) {
              return "must be a whole number from " + min + " to " + max;
            }
          });
    }

    /** A key for one of some words. */
    public static Key oneOf(String pattern, List<String> words, String help) {
      return new Key(
          pattern,
          help,
          text -> words.contains(text) ? "" : "must be one of " + String.join(", ", words));
    }

    /** A key for true or false. */
    public static Key flag(String pattern, String help) {
      return oneOf(pattern, List.of("true", "false"), help);
    }

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

    /** Which key was perhaps meant, as the end of a sentence; of two as near, that of its table. */
    static String hint(String key, List<Key> keys) {
      String word = last(key);
      int least = 2 * (1 + word.length() / 3) + 2;
      String hint = "";
      for (Key known : keys) {
        boolean sameTable =
            key.startsWith(known.pattern.substring(0, known.pattern.indexOf('.') + 1));
        int distance = 2 * Nearest.edits(word, last(known.pattern)) + (sameTable ? 0 : 1);
        if (distance < least && !known.pattern.endsWith("*")) {
          least = distance;
          hint = "; did you mean " + known.pattern + "?";
        }
      }
      return hint;
    }

    private static String last(String key) {
      return key.substring(key.lastIndexOf('.') + 1);
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
   * @throws IOException if the file can't be read
   */
  public static Configuration read(Path file, List<String> overrides, List<Key> keys)
      throws ConfigurationException, IOException {
    List<String> wrong = new ArrayList<>();
    Map<String, Value> values = new LinkedHashMap<>();
    Toml.Parsed parsed =
        Toml.parse(new String(SmallFile.read(file, FILE_MAX_BYTES), StandardCharsets.UTF_8));
    parsed.problems().forEach(p -> wrong.add(file + ":" + p.line() + ": " + p.text()));
    parsed
        .items()
        .forEach(item -> values.put(item.key(), new Value(item.text(), file + ":" + item.line())));
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        wrong.add("--" + override + ": write --table.key=value");
      } else {
        String text = override.substring(equals + 1);
        values.put(override.substring(0, equals), new Value(text, COMMAND_LINE));
      }
    }
    values.forEach((key, value) -> refusal(key, value, keys).ifPresent(wrong::add));
    if (!wrong.isEmpty()) {
      throw new ConfigurationException(lines(wrong));
    }
    return new Configuration(file, values);
  }

  private static Optional<String> refusal(String key, Value value, List<Key> keys) {
    for (Key known : keys) {
      if (known.matches(key)) {
        String why = known.form().apply(value.text());
        return why.isEmpty() ? Optional.empty() : Optional.of(refusal(key, value, why));
      }
    }
    return Optional.of(value.origin() + ": unknown key " + key + Key.hint(key, keys));
  }

  private static String refusal(String key, Value value, String why) {
    String shown = SECRET.matcher(value.text()).matches() ? "(not shown)" : value.text();
    String what = shown.isEmpty() ? " " : " = \"" + shown + "\": ";
    return value.origin() + ": " + key + what + why;
  }

  private static String lines(List<String> wrong) {
    if (wrong.size() > PROBLEMS_MAX) {
      int more = wrong.size() - PROBLEMS_MAX;
      wrong.subList(PROBLEMS_MAX, wrong.size()).clear();
      wrong.add("and " + more + " more");
    }
    return String.join(System.lineSeparator(), wrong);
  }

  /**
   * What is configured, as TOML: each key that is set, with where it comes from, and behind them
   * those that are not, with what they are for. A text that may be a key of a cipher is not shown.
   *
   * @param keys what may be set
   */
  public String show(List<Key> keys) {
    StringBuilder shown = new StringBuilder();
    values.forEach((key, value) -> {
      String line = key + " = " + quoted(key, value.text());
      shown.append(String.format("%-56s # %s%n", line, value.origin()));
    });
    for (Key key : keys) {
      if (!key.pattern().contains("*") && !values.containsKey(key.pattern())) {
        shown.append(String.format("# %-54s # not set: %s%n", key.pattern(), key.help()));
      }
    }
    return shown.toString();
  }

  /** The operator's key is public, and all that looks like it is not. */
  private static String quoted(String key, String text) {
    boolean secret = SECRET.matcher(text).matches() && !key.equals("node.operator");
    return secret ? "(not shown)" : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The keys that are set to something else in another configuration, or in one of them only. */
  public Set<String> differences(Configuration other) {
    Set<String> keys = new TreeSet<>(values.keySet());
    keys.addAll(other.values.keySet());
    keys.removeIf(key -> text(key).equals(other.text(key)));
    return keys;
  }

  /** The text under a key, if it is set. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(Value::text);
  }

  /** The text under a key that must be set. */
  public String required(String key) throws ConfigurationException {
    Value value = values.get(key);
    if (value == null || value.text().isEmpty()) {
      throw refused(key, "is missing");
    }
    return value.text();
  }

  /** The whole number under a {@link Key#number}, or {@code otherwise} if it is not set. */
  public long number(String key, long otherwise) throws ConfigurationException {
    try {
      return text(key).map(Long::parseLong).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw refused(key, "must be a whole number");
    }
  }

  /** The answer under a {@link Key#flag}, or {@code otherwise} if it is not set. */
  public boolean flag(String key, boolean otherwise) {
    return text(key).map("true"::equals).orElse(otherwise);
  }

  /**
   * A file or directory under a key that must be set: one in the configuration file is taken from
   * where that file stands, one on the command line from the working directory.
   */
  public Path path(String key) throws ConfigurationException {
    Path path = Path.of(required(key));
    Value value = Objects.requireNonNull(values.get(key));
    return value.origin().equals(COMMAND_LINE) ? path : file.toAbsolutePath().resolveSibling(path);
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
    return new ConfigurationException(
        value == null ? file + ": " + key + " " + why : refusal(key, value, why));
  }
}
