package starling.progress;

import java.io.PrintWriter;

/** A bar on a terminal, drawn over itself and gone at the end. */
public final class ProgressBar implements Progress {
  private static final int WIDTH = 30;
  private static final String CLEAR_LINE = "\u001b[K";

  private final PrintWriter out;
  private String drawn = "";

  public ProgressBar(PrintWriter out) {
    this.out = out;
  }

  /** A bar, if a person looks at the terminal that this is; nothing for a script. */
  public static Progress on(PrintWriter out) {
    return Terminal.isThere() ? new ProgressBar(out) : Progress.NONE;
  }

  @Override
  public void at(double share, String doing) {
    int full = (int) (share * WIDTH);
    String bar =
        share >= 1
            ? ""
            : "[%s%s] %3d %%  %s"
                .formatted("#".repeat(full), "-".repeat(WIDTH - full), (int) (100 * share), doing);
    if (!bar.equals(drawn)) {
      out.print("\r" + bar + CLEAR_LINE);
      out.flush();
      drawn = bar;
    }
  }
}
