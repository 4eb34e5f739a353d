package starling.gateway.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;

/**
 * A real PostgreSQL server on 127.0.0.1 with one user and a password. It refuses to be root's, so
 * as root it is started as the user that its package makes.
 */
final class PostgresServer implements AutoCloseable {
  static final String USER = "field";
  static final String PASSWORD = "only-in-tests";

  private final int port = Mosquitto.freePort();
  private final Path bin = bin();
  private final Path directory;
  private Process process;

  PostgresServer() throws IOException {
    directory = Path.of(run("mktemp", "-d", "/tmp/starling-postgres-XXXXXX").strip());
    run("sh", "-c", "echo " + PASSWORD + " >" + directory + "/password");
    run(
        bin.resolve("initdb").toString(),
        "-N",
        "--auth=scram-sha-256",
        "-U",
        USER,
        "--pwfile=" + directory + "/password",
        "-D",
        directory + "/data");
    start();
  }

  /** Starts it (again). */
  void start() throws IOException {
    process =
        new ProcessBuilder(
                words(
                    bin.resolve("postgres").toString(),
                    "-D",
                    directory + "/data",
                    "-p",
                    "" + port,
                    "-k",
                    directory.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path pid = directory.resolve("data/postmaster.pid");
    Eventually.until("PostgreSQL is ready", () -> ready(pid));
  }

  private static boolean ready(Path pid) {
    try {
      return Files.readString(pid).contains("ready");
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it as a power cut would. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  String url() {
    return "postgresql://127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() throws IOException {
    kill();
    run("rm", "-rf", directory.toString());
  }

  private String run(String... command) throws IOException {
    Process run = new ProcessBuilder(words(command)).redirectErrorStream(true).start();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    if (run.onExit().join().exitValue() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  private static List<String> words(String... command) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    words.addAll(List.of(command));
    return words;
  }

  private static Path bin() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> all = Files.list(versions)) {
        List<Path> found =
            all.map(version -> version.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .sorted(Comparator.reverseOrder())
                .toList();
        if (!found.isEmpty()) {
          return found.getFirst();
        }
      }
    }
    throw new AssertionError(
        "PostgreSQL is not installed: tools/verify installs it, or apt-get install postgresql");
  }
}
