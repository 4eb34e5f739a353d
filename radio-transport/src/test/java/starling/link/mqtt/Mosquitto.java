package starling.link.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A real mosquitto broker on 127.0.0.1, with its own configuration and a free port that stays the
 * same over restarts.
 */
public final class Mosquitto implements AutoCloseable {
  private static final int LOWEST_PORT = 10_240;
  private static final int HIGHEST_PORT = 32_768; // Linux gives clients those from here up

  private final Path directory;
  private final int port;
  private Process process;

  private Mosquitto(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** A broker that is not started yet. */
  public static Mosquitto at(Path directory, String... furtherConfiguration) {
    Mosquitto broker = new Mosquitto(directory, freePort());
    List<String> base =
        List.of(
            "listener " + broker.port + " 127.0.0.1",
            "user " + System.getProperty("user.name"),
            "log_dest none");
    List<String> anonymous =
        furtherConfiguration.length == 0 ? List.of("allow_anonymous true") : List.of();
    try {
      Files.write(
          directory.resolve("mosquitto.conf"),
          Stream.of(base, anonymous, List.of(furtherConfiguration)).flatMap(List::stream).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return broker;
  }

  /** A broker with TLS that is not started yet. */
  public static Mosquitto secured(
      Path directory, Tls.Identity identity, String... furtherConfiguration) {
    return at(
        directory,
        Stream.concat(
                Stream.of("certfile " + identity.certificate(), "keyfile " + identity.key()),
                Stream.of(furtherConfiguration))
            .toArray(String[]::new));
  }

  /** A started broker that lets everybody in and keeps nothing over a restart. */
  public static Mosquitto start(Path directory) {
    return at(directory).start();
  }

  /** Starts (again), and returns when connections are taken. */
  public Mosquitto start() {
    process = run(program("mosquitto"), "-c", directory.resolve("mosquitto.conf").toString());
    Eventually.until("mosquitto takes connections", this::answers);
    return this;
  }

  /** Kills it as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Sends a signal, such as STOP or CONT. */
  public void signal(String name) {
    run("/bin/kill", "-" + name, Long.toString(process.pid())).onExit().join();
  }

  public URI secureUri() {
    return URI.create("mqtts://127.0.0.1:" + port);
  }

  public URI uri() {
    return URI.create("mqtt://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new AssertionError("mosquitto ended with status " + process.exitValue());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A port of 127.0.0.1 that nobody listens to: none of those that clients are given, of whom one
   * may come before whoever asks here has bound it, and drawn, as other tests run beside this one.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        // Somebody has it: another one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static Process run(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String program(String name) {
    return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                name
                    + " is not installed: tools/verify installs it,"
                    + " or apt-get install mosquitto mosquitto-clients"))
        .toString();
  }
}
