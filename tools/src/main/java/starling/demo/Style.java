package starling.demo;

import java.util.Map;

/**
 * Emphasis on a terminal.
 *
 * @param colour whether to use any
 */
record Style(boolean colour) {
  private static final char ESCAPE = 27;

  /** No emphasis: for files, pipes, {@code NO_COLOR} and dumb terminals. */
  static final Style PLAIN = new Style(false);

  /** What the environment wants, for output that goes to a terminal. */
  static Style of(Map<String, String> environment) {
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Style(!refused && !"dumb".equals(environment.get("TERM")));
  }

  String strong(String text) {
    return wrap("1", text);
  }

  String faint(String text) {
    return wrap("2", text);
  }

  String good(String text) {
    return wrap("32", text);
  }

  String fair(String text) {
    return wrap("33", text);
  }

  String bad(String text) {
    return wrap("31", text);
  }

  private String wrap(String code, String text) {
    return colour ? ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m" : text;
  }
}
