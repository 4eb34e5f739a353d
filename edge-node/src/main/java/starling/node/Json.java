package starling.node;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As much of JSON (RFC 8259) as a control socket speaks: objects are written in order, and read if
 * they are flat. Numbers are spelt as gateways publish them.
 */
final class Json {
  private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);
  private static final int DECIMALS_MAX = 9;

  private final StringBuilder text = new StringBuilder(256);
  private boolean first = true;

  // ---- writing

  Json begin(char bracket) {
    separate();
    text.append(bracket);
    first = true;
    return this;
  }

  Json end(char bracket) {
    text.append(bracket);
    first = false;
    return this;
  }

  Json name(String name) {
    separate();
    quote(name);
    text.append(':');
    first = true;
    return this;
  }

  Json text(String value) {
    separate();
    quote(value);
    return this;
  }

  Json number(long value) {
    return raw(Long.toString(value));
  }

  /** The shortest plain spelling. */
  Json number(double value) {
    BigDecimal decimal = new BigDecimal(value).round(DIGITS);
    BigDecimal scaled = decimal.setScale(DECIMALS_MAX, RoundingMode.HALF_EVEN);
    return raw(scaled.stripTrailingZeros().toPlainString());
  }

  Json flag(boolean value) {
    return raw(Boolean.toString(value));
  }

  /** An instant in RFC 3339, UTC. */
  Json time(long unixMillis) {
    return text(Instant.ofEpochMilli(unixMillis).toString());
  }

  private Json raw(String value) {
    separate();
    text.append(value);
    return this;
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 15, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text.toString();
  }

  // ---- reading

  /**
   * The members of a flat object, numbers and words as their text.
   *
   * @throws IllegalArgumentException it is none
   */
  static Map<String, String> flat(String line) {
    Reader from = new Reader(line);
    Map<String, String> members = new LinkedHashMap<>();
    from.expect('{');
    boolean more = !from.accept('}');
    while (more) {
      String name = from.string();
      from.expect(':');
      if (members.put(name, from.value()) != null) {
        throw new IllegalArgumentException("two members are called " + name);
      }
      more = from.accept(',');
      if (!more) {
        from.expect('}');
      }
    }
    from.end();
    return members;
  }

  private static final class Reader {
    private final String line;
    private int at;

    Reader(String line) {
      this.line = line;
    }

    private char peek() {
      while (at < line.length() && " \t\r".indexOf(line.charAt(at)) >= 0) {
        at++;
      }
      if (at == line.length()) {
        throw new IllegalArgumentException("it ends early");
      }
      return line.charAt(at);
    }

    boolean accept(char wanted) {
      boolean there = peek() == wanted;
      at += there ? 1 : 0;
      return there;
    }

    void expect(char wanted) {
      if (!accept(wanted)) {
        throw new IllegalArgumentException("at character " + (at + 1) + " there is no " + wanted);
      }
    }

    String value() {
      if (peek() == '"') {
        return string();
      }
      int from = at;
      while (at < line.length() && Character.toString(line.charAt(at)).matches("[-+.0-9a-zA-Z]")) {
        at++;
      }
      if (at == from) {
        throw new IllegalArgumentException("only texts, numbers, true and false are read");
      }
      return line.substring(from, at);
    }

    String string() {
      expect('"');
      StringBuilder text = new StringBuilder();
      while (at < line.length() && line.charAt(at) != '"') {
        char c = line.charAt(at++);
        text.append(c == '\\' ? escaped() : c);
      }
      if (at == line.length()) {
        throw new IllegalArgumentException("a text does not end");
      }
      at++;
      return text.toString();
    }

    private char escaped() {
      char c = at < line.length() ? line.charAt(at++) : '?';
      if (c != 'u') {
        int place = "\"\\/bfnrt".indexOf(c);
        if (place < 0) {
          throw new IllegalArgumentException("an escape that there is not");
        }
        return "\"\\/\b\f\n\r\t".charAt(place);
      }
      if (at + 4 > line.length()) {
        throw new IllegalArgumentException("an escape that does not end");
      }
      at += 4;
      return (char) Integer.parseInt(line, at - 4, at, 16); // says what is wrong if it is
    }

    void end() {
      if (!line.substring(at).isBlank()) {
        throw new IllegalArgumentException("more follows the object");
      }
    }
  }
}
