package starling.query;

/**
 * A word, number or sign of a query.
 *
 * @param column where it begins, from 1
 */
record Token(Kind kind, String text, int column) {
  enum Kind {
    WORD,
    NUMBER,
    SIGN,
    END
  }

  boolean is(String word) {
    return kind != Kind.END && text.equalsIgnoreCase(word);
  }

  /** How an error names it. */
  String quoted() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}
