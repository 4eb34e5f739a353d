package starling.query;

import java.util.Set;

/** Cuts a query's text into tokens. */
final class Lexer {
  /** Signs of this language, and those that others have in their place. */
  private static final String SIGNS = "(),*+-/%<>=!;";

  private static final Set<String> PAIRS = Set.of("<=", ">=", "!=", "<>");

  private final String text;
  private int at;

  Lexer(String text) throws QueryException {
    if (text.length() > Query.TEXT_MAX) {
      throw new QueryException(
          text,
          Query.TEXT_MAX + 1,
          "a query has at most " + Query.TEXT_MAX + " characters, not " + text.length());
    }
    this.text = text;
  }

  Token next() throws QueryException {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int start = at;
    if (at == text.length()) {
      return new Token(Token.Kind.END, "", start + 1);
    }
    char first = text.charAt(at);
    if (isLetter(first)) {
      skipWord();
      return token(Token.Kind.WORD, start);
    }
    if (isDigit(first)) {
      skipNumber();
      return token(Token.Kind.NUMBER, start);
    }
    if (first == '\'') {
      return quoted(start);
    }
    if (SIGNS.indexOf(first) >= 0) {
      boolean pair = at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2));
      at += pair ? 2 : 1;
      return token(Token.Kind.SIGN, start);
    }
    throw new QueryException(text, start + 1, "no query has " + named(first) + " in it");
  }

  private Token quoted(int start) throws QueryException {
    int end = text.indexOf('\'', start + 1);
    if (end < 0) {
      throw new QueryException(text, start + 1, "a text begins here and has no ' at its end");
    }
    at = end + 1;
    return new Token(Token.Kind.TEXT, text.substring(start + 1, end), start + 1);
  }

  private Token token(Token.Kind kind, int start) {
    return new Token(kind, text.substring(start, at), start + 1);
  }

  private void skipWord() {
    while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
      at++;
    }
  }

  private void skipNumber() {
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
  }

  private static String named(char sign) {
    return sign > ' ' && sign <= '~' ? "'" + sign + "'" : String.format("U+%04X", (int) sign);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
