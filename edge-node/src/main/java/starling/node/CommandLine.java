package starling.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The few words that the two long-running programs take; everything else is configuration.
 *
 * @param configFile where the configuration is, null for the default place
 * @param overrides keys set on the command line, {@code table.key=value}
 * @param exitWithStdin whether to stop when standard input ends
 * @param template whether the commented example of a configuration was asked for
 * @param check whether only to say if the configuration is in order
 * @param show whether only to show what is configured, and where
 * @param help whether help was asked for
 * @param wrong what is wrong with the words, empty if nothing
 */
public record CommandLine(
    @Nullable Path configFile,
    List<String> overrides,
    boolean exitWithStdin,
    boolean template,
    boolean check,
    boolean show,
    boolean help,
    String wrong) {
  private static final String CONFIG = "--config";

  /** Reads the words. */
  public static CommandLine parse(String[] args) {
    Path config = null;
    List<String> overrides = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    String wrong = "";
    for (int i = 0; i < args.length && wrong.isEmpty(); i++) {
      String word = args[i];
      switch (word) {
        case "--exit-with-stdin", "--template", "--check", "--show", "--help" -> flags.add(word);
        case "-h" -> flags.add("--help");
        default -> {
          if (word.equals(CONFIG) && i + 1 < args.length) {
            config = Path.of(args[++i]);
          } else if (word.startsWith(CONFIG + "=")) {
            config = Path.of(word.substring(CONFIG.length() + 1));
          } else if (word.matches("--[^=.]+\\.[^=]*=.*")) {
            overrides.add(word.substring(2));
          } else {
            wrong =
                word.equals(CONFIG)
                    ? CONFIG + " wants a file"
                    : "unknown word " + word.replaceFirst("=.*", "=...");
          }
        }
      }
    }
    return new CommandLine(
        config,
        List.copyOf(overrides),
        flags.contains("--exit-with-stdin"),
        flags.contains("--template"),
        flags.contains("--check"),
        flags.contains("--show"),
        flags.contains("--help"),
        wrong);
  }

  /** The configuration file, or the usual one. */
  public Path config(Path usual) {
    return configFile == null ? usual : configFile;
  }
}
