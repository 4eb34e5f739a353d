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

  private final Process process;
  private final Map<String, String> payloads = new HashMap<>(); // by id
  private final Map<String, List<Integer>> windows = new HashMap<>(); // by topic, as they came
  private long messages;
  private boolean subscribed;

  private Tally(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
    Eventually.until("mosquitto_sub has subscribed", this::isSubscribed);
  }

  static Tally of(int port) throws IOException {
    return new Tally(
        new ProcessBuilder(
                ("stdbuf -oL mosquitto_sub -d -q 1 -h 127.0.0.1 -F %r_%t_%p"
                        + " -t starling/berlin/zone/# -p "
                        + port)
                    .replace('_', '\u0001')
                    .replace("mosquitto\u0001sub", "mosquitto_sub")
                    .split(" "))
            .redirectErrorStream(true)
            .start());
  }

  private synchronized boolean isSubscribed() {
    return subscribed;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line.replace('\u0001', ' '));
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
      throw new AssertionError("one id, two payloads: " + before + " and " + answer.group(3));
    }
    long end = Long.parseLong(answer.group(4));
    int window = (int) ((end - Samples.NOON_MILLIS) / Samples.WINDOW_MILLIS) - 1;
    windows.computeIfAbsent(answer.group(2), _ -> new ArrayList<>()).add(window);
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
  synchronized List<Integer> windows(String zone) {
    Set<Integer> seen = new HashSet<>();
    List<Integer> first =
        new ArrayList<>(
            windows.getOrDefault("starling/berlin/zone/" + zone + "/climate", List.of()));
    first.removeIf(window -> !seen.add(window));
    return first;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
