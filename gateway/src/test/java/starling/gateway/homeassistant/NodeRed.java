package starling.gateway.homeassistant;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.MosquittoSub;

/**
 * A real Node-RED, with a flow that makes of device discovery what Home Assistant makes of it: it
 * subscribes where configurations say, evaluates their templates, and tells what has become of each
 * entity below {@code node-red/}.
 */
final class NodeRed implements AutoCloseable {
  private static final Path FLOW = Path.of("src/test/npm/node-red").toAbsolutePath();
  private static final Path PACKAGES = Path.of("target/npm/node_modules").toAbsolutePath();

  private final Process process;
  private final MosquittoSub entities;

  NodeRed(Mosquitto broker, Path directory) throws IOException {
    Path program = PACKAGES.resolve("node-red/red.js");
    if (!Files.isRegularFile(program)) {
      throw new AssertionError(
          "Node-RED is not in " + PACKAGES + ": tools/verify installs it with npm");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            "node",
            program.toString(),
            "--userDir",
            Files.createDirectory(directory.resolve("node-red")).toString(),
            "--settings",
            FLOW.resolve("settings.js").toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "NODE_PATH",
                PACKAGES.toString(),
                "BROKER_PORT",
                "" + broker.port(),
                "UI_PORT",
                "" + Mosquitto.freePort()));
    process =
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    entities = MosquittoSub.to(broker.port(), "node-red/#");
  }

  /** What became of an entity last, whose unique id ends so; {@code gone} is null. */
  Optional<JsonObject> entity(String suffix) {
    return entities.seen().reversed().stream()
        .filter(seen -> seen.topic().endsWith(suffix))
        .findFirst()
        .filter(seen -> !seen.payload().equals("gone"))
        .map(seen -> JsonParser.parseString(seen.payload()).getAsJsonObject());
  }

  /** Whether an entity was there and is gone. */
  boolean isGone(String suffix) {
    return entities.seen().stream()
        .anyMatch(seen -> seen.topic().endsWith(suffix) && seen.payload().equals("gone"));
  }

  @Override
  public void close() {
    entities.close();
    process.destroyForcibly();
    process.onExit().join();
  }
}
