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
 * @param train whether to only exercise the program
 * @param help whether help was asked for
 * @param wrong what is wrong with the words, empty if nothing
 */
public record CommandLine(
    @Nullable Path configFile,
    List<String> overrides,
    boolean exitWithStdin,
    boolean train,
    boolean help,
    String wrong) {

  /** Reads the words. */
  public static CommandLine parse(String[] args) {
    Path config = null;
    List<String> overrides = new ArrayList<>();
    boolean exitWithStdin = false;
    boolean train = false;
    boolean help = false;
    String wrong = "";
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--config" -> {
          if (i + 1 < args.length) {
            config = Path.of(args[++i]);
          } else {
            wrong = "--config wants a file";
          }
        }
        case "--exit-with-stdin" -> exitWithStdin = true;
        case "--train" -> train = true;
        case "--help", "-h" -> help = true;
        default -> {
          if (args[i].startsWith("--") && args[i].contains("=") && args[i].contains(".")) {
            overrides.add(args[i].substring(2));
          } else {
            wrong = "unknown word " + args[i];
          }
        }
      }
    }
    return new CommandLine(config, overrides, exitWithStdin, train, help, wrong);
  }

  /** The configuration file, or the usual one. */
  public Path config(Path usual) {
    return configFile == null ? usual : configFile;
  }
}
