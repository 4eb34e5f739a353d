package starling.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import starling.flash.disk.Progress;

/** A bar for a person who waits; nothing for a script. */
final class ProgressBar implements Progress {
  private static final int BAR = 30;

  private final PrintWriter err;
  private int shown = -1;

  private ProgressBar(PrintWriter err) {
    this.err = err;
  }

  /** On standard error, if that is a terminal. */
  static Progress on(PrintWriter err) {
    return isTerminal() ? new ProgressBar(err) : Progress.NONE;
  }

  @SuppressWarnings("SystemConsoleNull") // On Java 25 it is null again where there is no terminal.
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public void at(String step, long done, long total) {
    int percent = total <= 0 ? 100 : (int) (100.0 * done / total);
    if (percent == shown) {
      return;
    }
    shown = done >= total ? -1 : percent;
    int full = percent * BAR / 100;
    err.printf(
        Locale.ROOT,
        "\r[%s%s] %3d %%  %-14s",
        "#".repeat(full),
        " ".repeat(BAR - full),
        percent,
        step);
    if (done >= total) {
      err.println();
    }
    err.flush();
  }
}
