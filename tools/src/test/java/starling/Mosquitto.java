package starling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Somebody else's broker and clients, on this machine only. */
public final class Mosquitto implements AutoCloseable {
  private final int port;
  private final Process process;

  /** Starts a broker on this port. */
  public Mosquitto(int port) throws IOException {
    this.port = port;
    ProcessBuilder builder =
        new ProcessBuilder("/usr/sbin/mosquitto", "-p", Integer.toString(port));
    process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    return starling.link.mqtt.Mosquitto.freePort();
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("tcp://127.0.0.1:" + port);
  }

  /** Publishes each line with mosquitto_pub; tells whether that worked. */
  public boolean publish(String topic, String lines) throws Exception {
    Process client =
        new ProcessBuilder(
                "mosquitto_pub", "-h", "127.0.0.1", "-p", "" + port, "-q", "1", "-t", topic, "-l")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var in = client.getOutputStream()) {
      in.write((lines + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      // It gave up before it read everything: its status tells.
    }
    return client.waitFor() == 0;
  }

  /** Ends it outright. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
