package starling.progress;

import java.io.Console;

/** The terminal of this process, if it has one. */
public final class Terminal {
  private Terminal() {}

  /** Whether a person looks: a script gets no bars, colours or questions. */
  @SuppressWarnings("SystemConsoleNull") // On Java 25 it is null again where there is no terminal.
  public static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
