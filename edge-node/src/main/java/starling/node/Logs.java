package starling.node;

/** One line a message, on standard error: the journal and a person can both read it. */
public final class Logs {
  private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

  private Logs() {}

  /** Call before the first message. */
  public static void setUp() {
    if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
      System.setProperty("java.util.logging.SimpleFormatter.format", FORMAT);
    }
  }
}
