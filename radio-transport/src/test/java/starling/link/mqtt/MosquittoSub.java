package starling.link.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** mosquitto's own subscriber: what an outsider sees of a broker. */
public final class MosquittoSub implements AutoCloseable {
  private static final String MARK = "message ";

  /** One message as printed. */
  public record Seen(boolean retained, String topic, String payload) {}

  private final Process process;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile boolean subscribed;

  private MosquittoSub(int port, String filter, String... options) {
    String[] base = {
      // It would keep what it prints to a pipe until it ends.
      Mosquitto.program("stdbuf"),
      "-oL",
      Mosquitto.program("mosquitto_sub"),
      "-d",
      "-h",
      "127.0.0.1",
      "-p",
      Integer.toString(port),
      "-q",
      "1",
      "-F",
      MARK + "%r %t %p",
      "-t",
      filter
    };
    String[] command = Arrays.copyOf(base, base.length + options.length);
    System.arraycopy(options, 0, command, base.length, options.length);
    process = Mosquitto.run(command);
    Thread.ofVirtual().start(this::read);
    Eventually.until("mosquitto_sub has subscribed", () -> subscribed);
  }

  /** Subscribes, and returns when the broker has confirmed it. */
  public static MosquittoSub to(int port, String filter, String... options) {
    return new MosquittoSub(port, filter, options);
  }

  /** What a subscriber who comes now is given first on a topic; empty if nothing within 1 s. */
  public static String retained(int port, String topic) {
    String[] command = {
      Mosquitto.program("mosquitto_sub"),
      "-h",
      "127.0.0.1",
      "-p",
      Integer.toString(port),
      "-q",
      "1",
      "-t",
      topic,
      "--retained-only",
      "-C",
      "1",
      "-W",
      "1"
    };
    try (BufferedReader lines = Mosquitto.run(command).inputReader()) {
      String line = lines.readLine();
      return line == null || line.equals("Timed out") ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes one message as somebody else would. */
  public static void publish(int port, String topic, String payload) {
    Mosquitto.run(
            Mosquitto.program("mosquitto_pub"),
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(port),
            "-t",
            topic,
            "-m",
            payload)
        .onExit()
        .join();
  }

  /** All messages so far. */
  public List<Seen> seen() {
    return seen;
  }

  /** The first message that fits, waiting for it. */
  public Seen await(String what, Predicate<Seen> fits) {
    try {
      Eventually.until(what, () -> seen.stream().anyMatch(fits));
    } catch (AssertionError e) {
      throw new AssertionError(what + " was not among " + seen, e);
    }
    return seen.stream().filter(fits).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          String[] parts = line.substring(MARK.length()).split(" ", 3);
          seen.add(new Seen(parts[0].equals("1"), parts[1], parts.length < 3 ? "" : parts[2]));
        } else if (line.startsWith("Subscribed")) {
          subscribed = true;
        }
      }
    } catch (IOException e) {
      // Ended.
    }
  }
}
