package starling.gateway.sparkplug;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import starling.link.mqtt.Mosquitto;

/**
 * Everything that is said below {@code spBv1.0/}, as mosquitto_sub hears it and the npm package
 * sparkplug-payload reads it.
 */
final class Overheard implements AutoCloseable {
  private static final Path SCRIPTS = Path.of("src/test/npm").toAbsolutePath();
  private static final Path PACKAGES = Path.of("target/npm/node_modules").toAbsolutePath();

  private final List<JsonObject> messages = new CopyOnWriteArrayList<>();
  private final Process subscriber;
  private final Process reader;

  Overheard(Mosquitto broker) throws IOException {
    if (!Files.isDirectory(PACKAGES.resolve("sparkplug-payload"))) {
      throw new AssertionError(
          "sparkplug-payload is not in " + PACKAGES + ": tools/verify installs it with npm");
    }
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(
                    "mosquitto_sub",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "" + broker.port(),
                    "-q",
                    "1",
                    "-t",
                    "spBv1.0/#",
                    "-F",
                    "%t %x"),
                node("decode.js")));
    subscriber = both.getFirst();
    reader = both.getLast();
    Thread.ofVirtual().start(this::read);
  }

  private static ProcessBuilder node(String script) {
    ProcessBuilder builder = new ProcessBuilder("node", SCRIPTS.resolve(script).toString());
    builder.environment().put("NODE_PATH", PACKAGES.toString());
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(reader.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        messages.add(JsonParser.parseString(line).getAsJsonObject());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So far, in the order in which they came; each has {@code topic} and {@code payload}. */
  List<JsonObject> messages() {
    return List.copyOf(messages);
  }

  /** Those of one type, such as NBIRTH. */
  List<JsonObject> of(String type) {
    return messages.stream().filter(m -> topic(m).split("/")[2].equals(type)).toList();
  }

  static String topic(JsonObject message) {
    return message.get("topic").getAsString();
  }

  static JsonObject payload(JsonObject message) {
    return message.getAsJsonObject("payload");
  }

  /** A command that wants a rebirth, in the package's own encoding. */
  static byte[] rebirth() throws IOException {
    Process process = node("rebirth.js").start();
    String hex = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    return java.util.HexFormat.of().parseHex(hex);
  }

  @Override
  public void close() {
    subscriber.destroyForcibly();
    reader.destroyForcibly();
  }
}
