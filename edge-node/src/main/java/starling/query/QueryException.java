package starling.query;

/** A query that can't be answered, with the place in its text that is to blame. */
public final class QueryException extends Exception {
  private static final long serialVersionUID = 1;

  /** How much of a long query is shown around the column. */
  private static final int SHOWN_COLUMNS_MAX = 76;

  private final String problem;
  private final String text;
  private final int column;

  QueryException(String text, int column, String problem) {
    super("column " + column + ": " + problem);
    this.problem = problem;
    this.text = text;
    this.column = column;
  }

  /**
   * Where in the text, counted from 1 in UTF-16 units; one past the end if something is missing.
   */
  public int column() {
    return column;
  }

  /** What is wrong and what is possible instead, without the place. */
  public String problem() {
    return problem;
  }

  /**
   * Three lines for a terminal: the message, the query (control characters and whatever is not
   * ASCII shown as {@code ?}; of a long query the part around the column), and a caret below the
   * column.
   */
  public String render() {
    int from =
        Math.max(
            0, Math.min(column - SHOWN_COLUMNS_MAX / 2, text.length() + 1 - SHOWN_COLUMNS_MAX));
    int to = Math.min(text.length(), from + SHOWN_COLUMNS_MAX);
    String shown = text.substring(from, to).replaceAll("\\s", " ").replaceAll("[^ -~]", "?");
    return getMessage() + "\n  " + shown + "\n  " + " ".repeat(column - 1 - from) + "^";
  }
}
