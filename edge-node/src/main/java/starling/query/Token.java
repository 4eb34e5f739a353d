package starling.query;

/**
 * A word, number, text or sign of a query.
 *
 * @param text of a quoted text what is between the quotes
 * @param column where it begins, from 1
 */
record Token(Kind kind, String text, int column) {
  enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  boolean is(String word) {
    return kind != Kind.END && kind != Kind.TEXT && text.equalsIgnoreCase(word);
  }

  /** How an error names it. */
  String quoted() {
    return switch (kind) {
      case END -> "the end";
      case TEXT -> "a text";
      case WORD, NUMBER, SIGN -> "'" + text + "'";
    };
  }
}
