package starling.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import starling.node.Configuration;
import starling.node.ConfigurationException;

/** Which running process to ask, by its state directory. */
final class Whom {
  private static final String SOCKET = "control";
  private static final List<Path> CONFIGURATIONS =
      List.of(Path.of("/etc/starling/gateway.toml"), Path.of("/etc/starling/node.toml"));
  private static final Path STATE = Path.of("/var/lib/starling");
  private static final String DEMO = "starling-demo-";
  private static final String DEMO_GATEWAY = "state/gate";
  private static final List<Configuration.Key> ANY =
      List.of(new Configuration.Key("**", "whatever a node or a gateway takes"));

  private Whom() {}

  /** The socket of the process that a configuration file starts. */
  static Path configured(Path file) throws IOException {
    try {
      return Configuration.read(file, List.of(), ANY).path("node.state").resolve(SOCKET);
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The socket in a state directory. */
  static Path in(Path state) {
    return state.resolve(SOCKET);
  }

  /**
   * The socket of the process that a person means who says nothing: this machine's gateway or node
   * as it is installed, else the gateway of the demo that was started last.
   */
  static Path likeliest() throws IOException {
    for (Path file : CONFIGURATIONS) {
      if (Files.isReadable(file)) {
        return configured(file);
      }
    }
    if (Files.exists(in(STATE))) {
      return in(STATE);
    }
    return newestDemo()
        .orElseThrow(() ->
            new IOException(
                "nothing of Starling runs here: there is no "
                    + CONFIGURATIONS.get(0)
                    + " or "
                    + CONFIGURATIONS.get(1)
                    + ", and no demo; say whom to ask with --config FILE or --state DIR"));
  }

  private static Optional<Path> newestDemo() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(one -> one.getFileName().toString().startsWith(DEMO))
          .map(demo -> in(demo.resolve(DEMO_GATEWAY)))
          .filter(Files::exists)
          .max(Comparator.comparing(Whom::modified));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static java.nio.file.attribute.FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return java.nio.file.attribute.FileTime.fromMillis(0); // it ended just now
    }
  }
}
