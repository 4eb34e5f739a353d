package starling.flash;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a board's firmware and kernel are told: config.txt and cmdline.txt, edited so that doing it
 * again changes nothing.
 */
final class BootConfig {
  static final String CMDLINE = "cmdline.txt";
  static final String CONFIG = "config.txt";

  private static final String BEGIN = "# starling: begin";
  private static final String END = "# starling: end";

  private BootConfig() {}

  /**
   * The kernel's command line, which is one line.
   *
   * @param onBoardRadio whether a console on the board's serial port must leave it to the radio: it
   *     would speak on the air
   */
  static String cmdline(String before, boolean onBoardRadio, List<String> add) {
    List<String> words = new ArrayList<>(List.of(before.strip().split("\\s+", -1)));
    Predicate<String> old =
        word -> word.startsWith("systemd.run") || word.startsWith("systemd.unit=");
    words.removeIf(old.or(word -> word.startsWith("transparent_hugepage=")));
    if (onBoardRadio) {
      words.removeIf(
          word -> word.matches("(console|kgdboc)=(serial\\d|ttyAMA\\d+|ttyS\\d+)(,.*)?"));
    }
    // A small Java process takes an eighth more memory with huge pages.
    words.add("transparent_hugepage=never");
    words.addAll(add);
    return String.join(" ", words) + "\n";
  }

  /** The firmware's configuration: the buses that sensors are on, and the radio's serial port. */
  static String config(String before, boolean onBoardRadio) {
    StringBuilder text = new StringBuilder(without(before));
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    text.append(BEGIN).append("\n[all]\ndtparam=i2c_arm=on\ndtparam=spi=on\ndtoverlay=w1-gpio\n");
    if (onBoardRadio) {
      // The good serial port is Bluetooth's otherwise; the other one's speed follows the clock.
      text.append("enable_uart=1\ndtoverlay=disable-bt\n");
    }
    return text.append(END).append('\n').toString();
  }

  private static String without(String text) {
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END, Math.max(from, 0));
    if (from < 0 || to < 0) {
      return text;
    }
    String rest = text.substring(to + END.length());
    return text.substring(0, from) + (rest.startsWith("\n") ? rest.substring(1) : rest);
  }
}
