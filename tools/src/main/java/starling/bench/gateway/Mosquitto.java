package starling.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A mosquitto of its own, on a free port of this machine, that takes as much as it is given and
 * passes it on at once.
 */
final class Mosquitto implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LOOK_MILLIS = 20;

  private final Process process;
  private final int port;

  private Mosquitto(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @throws IOException when it is not installed, or does not start
   */
  static Mosquitto start(Path directory) throws IOException, InterruptedException {
    int port = freePort();
    List<String> settings =
        List.of(
            "listener " + port + " 127.0.0.1",
            "allow_anonymous true",
            "user " + System.getProperty("user.name"),
            "max_inflight_messages 0",
            "max_queued_messages 0",
            "set_tcp_nodelay true", // or each latency is that of a delayed acknowledgement
            "log_dest none");
    Path file = Files.write(directory.resolve("mosquitto.conf"), settings);
    Process process =
        new ProcessBuilder(program(), "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Mosquitto broker = new Mosquitto(process, port);
    long since = System.nanoTime();
    while (!broker.answers()) {
      if (!process.isAlive() || System.nanoTime() - since > START_NANOS) {
        process.destroyForcibly();
        throw new IOException("mosquitto did not start on port " + port);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return broker;
  }

  URI uri() {
    return URI.create("mqtt://127.0.0.1:" + port);
  }

  /** A port of 127.0.0.1 that nobody listens to. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String program() throws IOException {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IOException(
                "mosquitto is not installed: apt-get install mosquitto, or run tools/verify once"))
        .toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
