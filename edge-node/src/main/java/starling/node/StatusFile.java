package starling.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * How a node is, for everybody on its machine to read: a JSON object in a file, and the same for
 * people in {@code status.txt} beside it, each replaced in one step. What of it does not change by
 * itself is in {@code prompt.txt}, which is only replaced when it changes: a login prompt shows it.
 * They belong on a file system in memory, as {@code /run} is, and have no secret in them.
 */
final class StatusFile {
  /** Where a board's is. */
  static final Path USUAL = Path.of("/run/starling/status.json");

  /** How often it is written while nothing happens. */
  static final long EVERY_NANOS = 5_000_000_000L;

  /** Whoever reads an older one takes the node for stopped. */
  static final long OLD_MILLIS = 30_000;

  private static final Logger LOG = System.getLogger(StatusFile.class.getName());

  private final Path file;
  private boolean failed;
  private String shown = "";

  StatusFile(Path file) {
    this.file = file;
  }

  /** The one that a configuration names. */
  static Optional<StatusFile> of(Configuration from) throws ConfigurationException {
    return from.text("node.status").isEmpty()
        ? Optional.empty()
        : Optional.of(new StatusFile(from.path("node.status")));
  }

  /**
   * One state.
   *
   * @param json an object
   * @param text lines
   * @param prompt those of them that stay the same while nothing happens
   */
  record Status(Json json, String text, String prompt) {}

  /** Puts it there; without it if that fails, which is said once. */
  void write(Status now) {
    try {
      replace(file, now.json + "\n");
      replace(text(file), now.text);
      if (!now.prompt.equals(shown)) {
        replace(prompt(file), now.prompt);
        shown = now.prompt;
      }
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        LOG.log(Level.WARNING, "nobody can read this node''s status: {0}", Refusals.describe(e));
      }
    }
  }

  private static void replace(Path file, String with) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, with.getBytes(UTF_8));
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The file for people beside the one for programs. */
  static Path text(Path json) {
    return json.resolveSibling("status.txt");
  }

  private static Path prompt(Path json) {
    return json.resolveSibling("prompt.txt");
  }

  /** The node has stopped, as it was told. */
  void delete() {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(text(file));
      Files.deleteIfExists(prompt(file));
    } catch (IOException e) {
      // an old one says as much
    }
  }

  /** What every status begins with. */
  static Json begin(String state, String path, String id) {
    long now = System.currentTimeMillis();
    Json json = new Json().begin('{').name("v").number(1).name("time").time(now);
    json.name("ts").number(now).name("pid").number(ProcessHandle.current().pid());
    json.name("version").text(version()).name("state").text(state).name("node").text(path);
    json.name("id").text(id);
    return json.name("uptime_s").number(ProcessAge.millis() / 1000);
  }

  /** Which version of the programs this is: a release's name on a board. */
  static String version() {
    String release = System.getProperty("starling.release", "");
    String built = StatusFile.class.getPackage().getImplementationVersion();
    return release.isEmpty() ? built == null ? "unpackaged" : built : release;
  }
}
