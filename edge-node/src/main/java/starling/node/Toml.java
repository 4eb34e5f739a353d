package starling.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the part of TOML 1.0 (toml.io) that a configuration of single values needs: tables, dotted
 * keys, strings on one line, whole and decimal numbers, {@code true} and {@code false}. The rest of
 * the language is refused, so no valid file is taken for something that it does not say.
 */
final class Toml {
  private static final int NUMBER_MAX_CHARS = 40;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(0|[1-9](_?[0-9])*)(\\.[0-9](_?[0-9])*)?([eE][+-]?[0-9]+)?");
  private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]{1,15}");
  private static final char END = '\0';

  private final List<Item> items = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private String table = "";
  private String line = "";
  private int number;
  private int at;

  /**
   * One value.
   *
   * @param key its tables' names and its own, joined by dots
   * @param text without quotes and escapes; whole numbers in decimal
   * @param line where it stands, from 1
   */
  record Item(String key, String text, int line) {}

  /** What can't be read, and how to write it. */
  record Problem(String text, int line) {}

  /** What a file says, and what is wrong with it. */
  record Parsed(List<Item> items, List<Problem> problems) {}

  private Toml() {}

  static Parsed parse(String text) {
    Toml toml = new Toml();
    for (String line : text.split("\n", -1)) {
      toml.line = line.strip();
      toml.number++;
      toml.at = 0;
      try {
        toml.readLine();
      } catch (IllegalArgumentException e) {
        toml.problems.add(new Problem(String.valueOf(e.getMessage()), toml.number));
      }
    }
    return new Parsed(toml.items, toml.problems);
  }

  private void readLine() {
    if (peek() == '[') {
      at++;
      refuseIf(peek() == '[', "arrays of tables are not used here");
      table = key();
      refuseIf(take() != ']', "a table is [name] or [name.name]");
      end();
      once("[" + table + "]");
    } else if (peek() != END && peek() != '#') {
      String key = table.isEmpty() ? key() : table + "." + key();
      refuseIf(take() != '=', "write: key = value");
      blanks();
      String value = value();
      end();
      once(key);
      items.add(new Item(key, value, number));
    }
  }

  private char peek() {
    return at < line.length() ? line.charAt(at) : END;
  }

  private char take() {
    char next = peek();
    at++;
    return next;
  }

  private void blanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private static void refuseIf(boolean wrong, String why) {
    if (wrong) {
      throw new IllegalArgumentException(why);
    }
  }

  private void end() {
    blanks();
    refuseIf(peek() != END && peek() != '#', "one value a line, text in quotes");
  }

  private void once(String what) {
    Integer before = seen.putIfAbsent(what, number);
    refuseIf(before != null, what + " stands in line " + before + " already");
  }

  /** A bare or dotted key, and the blanks after it. */
  private String key() {
    StringBuilder key = new StringBuilder();
    do {
      blanks();
      int from = at;
      while (Character.isLetterOrDigit(peek()) && peek() < 128 || peek() == '_' || peek() == '-') {
        at++;
      }
      refuseIf(at == from, "keys are letters, digits, '_' and '-', without quotes");
      key.append(line, from, at);
      blanks();
    } while (peek() == '.' && key.append(take()) != null);
    return key.toString();
  }

  private String value() {
    boolean multiline = line.startsWith("\"\"\"", at) || line.startsWith("'''", at);
    refuseIf(multiline, "text of several lines is not used here");
    return switch (peek()) {
      case END, '#' -> throw new IllegalArgumentException("the value is missing");
      case '[', '{' -> throw new IllegalArgumentException("lists are not used here");
      case '"', '\'' -> quoted(take());
      default -> bare();
    };
  }

  private String quoted(char quote) {
    StringBuilder text = new StringBuilder();
    for (char next = take(); next != quote; next = take()) {
      refuseIf(at > line.length(), "the quote at the end is missing");
      if (next == '\\' && quote == '"') {
        escape(take(), text);
      } else {
        text.append(next);
      }
    }
    return text.toString();
  }

  private void escape(char letter, StringBuilder to) {
    switch (letter) {
      case '"', '\\' -> to.append(letter);
      case 'b' -> to.append('\b');
      case 't' -> to.append('\t');
      case 'n' -> to.append('\n');
      case 'f' -> to.append('\f');
      case 'r' -> to.append('\r');
      case 'u' -> to.appendCodePoint(codePoint(4));
      case 'U' -> to.appendCodePoint(codePoint(8));
      default -> throw new IllegalArgumentException("a backslash is written \\\\, or use '...'");
    }
  }

  private int codePoint(int digits) {
    int from = at;
    at += digits;
    try {
      int codePoint = Integer.parseInt(line, from, at, 16);
      if (Character.isValidCodePoint(codePoint)) {
        return codePoint;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // told below
    }
    throw new IllegalArgumentException("a code point has " + digits + " hexadecimal digits");
  }

  private String bare() {
    int from = at;
    while (peek() != END && peek() != '#' && peek() != ' ' && peek() != '\t') {
      at++;
    }
    String word = line.substring(from, at);
    if (word.equals("true") || word.equals("false")) {
      return word;
    }
    refuseIf(word.length() > NUMBER_MAX_CHARS, "write text in quotes");
    if (HEX.matcher(word).matches()) {
      return Long.toString(Long.parseLong(word, 2, word.length(), 16));
    }
    refuseIf(!NUMBER.matcher(word).matches(), "write text in quotes: \"" + word + "\"");
    return word.replace("_", "").replace("+", "");
  }
}
