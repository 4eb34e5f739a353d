package starling.node;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** {@code starling-node status}: how the node on this machine is, without asking it. */
final class StatusCommand {
  private static final int FILE_MAX_BYTES = 64 * 1024;
  private static final String HELP =
      """
      Usage: starling-node status [--json] [--file FILE]

      Says how the node on this machine is: its place, its id, its media and why one is down, its clock, whom it hears; or,
      of a board that waits to join, the fingerprint to compare. Anybody may ask.

        --json        one JSON object
        --file FILE   what the node writes (node.status); /run/starling/status.json if not said
        --help        this text

      Exit status: 0 it runs and has a medium, 1 it does not, 2 wrong usage.

      Example:
        starling-node status --json | jq .neighbours
      """;

  private StatusCommand() {}

  /** Answers the exit status. */
  static int run(String[] words, PrintStream out, PrintStream err) {
    Path file = StatusFile.USUAL;
    boolean json = false;
    for (int i = 1; i < words.length; i++) {
      switch (words[i]) {
        case "--json" -> json = true;
        case "--help", "-h" -> {
          out.print(HELP);
          return 0;
        }
        case "--file" -> {
          if (++i == words.length) {
            err.println("starling-node status: --file wants a file");
            return 2;
          }
          file = Path.of(words[i]);
        }
        default -> {
          err.println(
              "starling-node status: unknown word "
                  + words[i]
                  + "; see starling-node status --help");
          return 2;
        }
      }
    }
    return show(file, json, out, err);
  }

  private static int show(Path file, boolean json, PrintStream out, PrintStream err) {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
      String object = text(file);
      if (age > StatusFile.OLD_MILLIS) {
        err.println(
            "no node runs here: "
                + file
                + " was last written "
                + Portrait.span(age / 1000)
                + " ago; see journalctl -u starling-node");
        return 1;
      }
      out.print(json ? object : text(StatusFile.text(file)));
      return object.contains("\"state\":\"joined\"") ? 0 : 1;
    } catch (NoSuchFileException e) {
      err.println(
          "no node runs here, or it has no node.status: there is no "
              + e.getFile()
              + "; see journalctl -u starling-node");
      return 1;
    } catch (IOException e) {
      err.println("starling-node status: " + Refusals.describe(e));
      return 1;
    }
  }

  private static String text(Path file) throws IOException {
    return new String(SmallFile.read(file, FILE_MAX_BYTES), StandardCharsets.UTF_8);
  }
}
