package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import starling.link.mqtt.Eventually;

/** Counts what mosquitto's own subscriber gets of zones' answers, however many there are. */
final class Tally implements AutoCloseable {
  private static final Pattern ANSWER =
      Pattern.compile("(\\d) (\\S+) (\\{.*\"ts\":(\\d+),.*\"id\":\"([0-9a-f]{16})\"})");

  private final List<String> options;
  private Process process;
  private final Map<String, String> payloads = new HashMap<>(); // by id
  private final Map<String, List<Coming>> comings = new HashMap<>(); // by topic
  private long messages;
  private boolean subscribed;
  private String conflict = "";

  /** A window, by its end, and when it came. */
  record Coming(long endMillis, long nanos) {}

  private Tally(int port, String... options) throws IOException {
    this.options = List.of(options);
    process = subscribe(port);
  }

  static Tally of(int port) throws IOException {
    return new Tally(port);
  }

  /** With a session that a broker, or the nodes of a cluster, keep while it is away. */
  static Tally lasting(int port) throws IOException {
    return new Tally(port, "-c", "-i", "tally");
  }

  /** Goes on with its session at another node. */
  void moveTo(int port) throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    process = subscribe(port);
  }

  private Process subscribe(int port) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("stdbuf", "-oL", "mosquitto_sub", "-d", "-q", "1", "-h", "127.0.0.1"));
    command.addAll(List.of("-p", "" + port, "-t", "starling/berlin/zone/#", "-F", "%r %t %p"));
    command.addAll(options);
    begin();
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(() -> read(started));
    Eventually.until("mosquitto_sub has subscribed", this::isSubscribed);
    return started;
  }

  private synchronized void begin() {
    subscribed = false;
  }

  private synchronized boolean isSubscribed() {
    return subscribed;
  }

  private void read(Process from) {
    try (BufferedReader lines = from.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      // Ended.
    }
  }

  private synchronized void take(String line) {
    subscribed |= line.startsWith("Subscribed");
    Matcher answer = ANSWER.matcher(line);
    if (!answer.matches()) {
      return;
    }
    messages++;
    String before = payloads.put(answer.group(5), answer.group(3));
    if (before != null && !before.equals(answer.group(3))) {
      conflict = "one id, two payloads: " + before + " and " + answer.group(3);
    }
    comings
        .computeIfAbsent(answer.group(2), _ -> new ArrayList<>())
        .add(new Coming(Long.parseLong(answer.group(4)), System.nanoTime()));
  }

  /** Messages, some of them perhaps twice. */
  synchronized long messages() {
    return messages;
  }

  /** Different messages, by id. */
  synchronized int different() {
    return payloads.size();
  }

  /** The windows of a zone in the order in which they came, each at its first coming. */
  synchronized List<Coming> comings(String zone) {
    Set<Long> seen = new HashSet<>();
    List<Coming> first =
        new ArrayList<>(
            comings.getOrDefault("starling/berlin/zone/" + zone + "/climate", List.of()));
    first.removeIf(coming -> !seen.add(coming.endMillis));
    return first;
  }

  /** The same by their numbers, if they are {@link Samples}. */
  List<Integer> windows(String zone) {
    return comings(zone).stream()
        .map(c -> (int) ((c.endMillis - Samples.NOON_MILLIS) / Samples.WINDOW_MILLIS) - 1)
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    if (!conflict.isEmpty()) {
      throw new AssertionError(conflict);
    }
  }
}
