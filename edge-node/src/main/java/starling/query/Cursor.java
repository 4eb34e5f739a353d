package starling.query;

import java.math.BigDecimal;
import java.util.Locale;

/** Where a parser is in a query, and what it says of what is not as it should be. */
final class Cursor {
  private static final int NESTED_MAX = 32;
  private static final int TERMS_MAX = 96;

  private final String text;
  private final Lexer lexer;
  private Token token;
  private int nested;
  private int terms;

  Cursor(String text) throws QueryException {
    this.text = text;
    this.lexer = new Lexer(text);
    this.token = lexer.next();
  }

  String text() {
    return text;
  }

  /** What comes next. */
  Token token() {
    return token;
  }

  boolean at(String word) {
    return token.is(word);
  }

  boolean atAny(String... words) {
    for (String word : words) {
      if (at(word)) {
        return true;
      }
    }
    return false;
  }

  boolean at(Token.Kind kind) {
    return token.kind() == kind;
  }

  /** Goes on, and answers what was here. */
  Token take() throws QueryException {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  /** Goes on if this is here. */
  boolean skip(String word) throws QueryException {
    boolean here = at(word);
    if (here) {
      take();
    }
    return here;
  }

  /** Goes on if this is here, else throws the rule. */
  void expect(String word, String rule) throws QueryException {
    if (!skip(word)) {
      throw wrong(token, rule + ", not " + token.quoted());
    }
  }

  void close(String rule) throws QueryException {
    if (!skip(")")) {
      throw wrong(token, "expected ), not " + token.quoted() + "; " + rule);
    }
  }

  /** A whole number within limits. */
  int whole(int low, int high, String what) throws QueryException {
    Token number = token;
    if (number.kind() == Token.Kind.NUMBER && number.text().matches("[0-9]{1,9}")) {
      int value = Integer.parseInt(number.text());
      if (value >= low && value <= high) {
        take();
        return value;
      }
    }
    throw wrong(
        number,
        what + " are a whole number from " + low + " to " + high + ", not " + number.quoted());
  }

  /** A number as it is written, up to fifteen digits. */
  BigDecimal number() throws QueryException {
    Token number = token;
    if (!number.text().matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
      throw wrong(
          number,
          "numbers have up to 9 digits and 6 decimals, such as 20.5, not " + number.quoted());
    }
    take();
    BigDecimal value = new BigDecimal(number.text()).stripTrailingZeros();
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  /** One level deeper into parentheses; {@link #leave} it again. */
  void enter() throws QueryException {
    if (++nested > NESTED_MAX) {
      throw wrong(token, "nested more than " + NESTED_MAX + " deep");
    }
  }

  void leave() {
    nested--;
  }

  /** One more thing to compute. */
  void count() throws QueryException {
    if (++terms > TERMS_MAX) {
      throw wrong(token, "more than " + TERMS_MAX + " channels, numbers and functions");
    }
  }

  QueryException wrong(Token at, String problem) {
    return new QueryException(text, at.column(), problem);
  }

  static String lower(Token token) {
    return token.text().toLowerCase(Locale.ROOT);
  }
}
