package starling.boards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import starling.Eventually;
import starling.Mosquitto;
import starling.Repository;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.link.air.PtyAir;

/**
 * A site as its operator makes it, in a directory: keys, a charter, cards, one radio channel, a
 * gateway on this machine with a radio of its own, and somebody who subscribes to all that it
 * publishes.
 */
final class Field implements AutoCloseable {
  static final String CELL = "/orchard/north";
  private static final Presets RADIO = Presets.SIK_64K;
  private static final String GATE = CELL + "/gate";
  private static final int WINDOW_S = 60;
  private static final double LOSS = 0.02;
  private static final long SEED = 7;
  private static final int START_S = 120;

  /** One message: where, and what. */
  record Message(String topic, JsonObject payload) {}

  private final Path directory;
  private final Path image;
  private final Path key;
  private final int port = Mosquitto.freePort();
  private final PtyAir air;
  private final Map<String, Guest> guests = new LinkedHashMap<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
  private final List<Message> messages = new CopyOnWriteArrayList<>();

  /**
   * Makes a site without nodes, and the key by which its boards are logged in to.
   *
   * @param directory an empty one
   * @param image the stock image that cards are made from
   * @param names of the nodes that it will have
   */
  Field(Path directory, Path image, List<String> names) throws Exception {
    this.directory = directory;
    this.image = image;
    key = directory.resolve("id");
    Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    starling("keys", "new", "--site", "orchard", "--window", "" + WINDOW_S);
    starling("keys", "schema", "1", "load:1:2:0:1000", "memory:%:1:0:100");
    starling("keys", "cell", CELL, "--medium", RADIO.profile().name());
    starling("keys", "add", GATE, "--gateway", "--mains");
    starling(
        "query", "install", "climate", "SELECT AVG(load), MAX(memory), COUNT(*) FROM readings");
    List<String> stations = new ArrayList<>(names);
    stations.add("gate");
    air =
        PtyAir.open(
            directory.resolve("air"), stations, RADIO.profile(), new Loss.Independent(LOSS), SEED);
  }

  PtyAir air() {
    return air;
  }

  /** Runs a verb as a person does, in the site's directory. */
  String starling(String... words) throws Exception {
    Path site = Files.createDirectories(directory.resolve("orchard"));
    List<String> command = launcher(words);
    command.addAll(List.of("--dir", site.toString()));
    return Shell.run(command.toArray(String[]::new));
  }

  private static List<String> launcher(String... words) {
    List<String> command = new ArrayList<>(List.of("env", "STARLING_NO_BUILD=1"));
    command.add("JAVA_HOME=" + System.getProperty("java.home"));
    command.add(Repository.root().resolve("tools/starling").toString());
    command.addAll(List.of(words));
    return command;
  }

  /** Flashes a card for a node, as a person does. */
  String flash(String name) throws Exception {
    return starling(
        "flash",
        card(name).toString(),
        "--image",
        image.toString(),
        "--node",
        CELL + "/" + name,
        "--radio",
        RADIO.profile().name() + ":/dev/ttyUSB0",
        "--ssh-key",
        key + ".pub");
  }

  private Path card(String name) {
    return directory.resolve(name + ".img");
  }

  /** Starts the gateway with the charter as it is now, and a subscriber. */
  void startGateway() throws Exception {
    Path bundle = directory.resolve("gate");
    String radio = RADIO.profile().name() + ":" + air.port("gate");
    String broker = "tcp://127.0.0.1:" + port;
    starling(
        "keys", "bundle", GATE, "--to", bundle.toString(), "--radio", radio, "--broker", broker);
    Path configuration =
        Files.writeString(
            bundle.resolve("gateway.toml"),
            Files.readString(bundle.resolve("node.toml")).replaceFirst("(?s)\\[sensor.*", "")
                + "\n[clock]\nroot = true\n\n[broker]\nlisten = \"127.0.0.1:"
                + port
                + "\"\n");
    processes.add(
        new ProcessBuilder(
                launcher("gateway", "--config", configuration.toString(), "--exit-with-stdin"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("gateway.log").toFile())
            .start());
    Eventually.within(START_S, "a subscriber hears the gateway", this::subscribe);
  }

  /** Listens to the channel from now on, at a station that is no node's. */
  void listen(String station) throws Exception {
    List<String> command = launcher("sniff", air.port(station).toString(), "--json");
    command.addAll(List.of("--modem", RADIO.profile().name()));
    command.addAll(List.of("--dir", directory.resolve("orchard").toString()));
    Process listener =
        new ProcessBuilder(command).redirectError(directory.resolve("ear.log").toFile()).start();
    processes.add(listener);
    Thread.ofPlatform()
        .name("listener")
        .daemon()
        .start(() ->
            listener
                .inputReader(UTF_8)
                .lines()
                .forEach(line -> heard.add(JsonParser.parseString(line).getAsJsonObject())));
  }

  /** All frames that were heard, in order, as {@code sniff} says them. */
  List<JsonObject> heard() {
    return List.copyOf(heard);
  }

  private boolean subscribe() throws Exception {
    Process subscriber =
        new ProcessBuilder(
                "mosquitto_sub",
                "-h",
                "127.0.0.1",
                "-p",
                "" + port,
                "-q",
                "1",
                "-v",
                "-t",
                "starling/#")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader in = subscriber.inputReader(UTF_8);
    String first = in.readLine();
    if (first == null) {
      return false;
    }
    processes.add(subscriber);
    Thread.ofPlatform().name("subscriber").daemon().start(() -> listen(first, in));
    return true;
  }

  private void listen(String first, BufferedReader in) {
    try {
      for (String line = first; line != null; line = in.readLine()) {
        int at = line.indexOf(' ');
        String payload = line.substring(at + 1);
        if (payload.startsWith("{")) {
          JsonObject object = JsonParser.parseString(payload).getAsJsonObject();
          messages.add(new Message(line.substring(0, at), object));
        }
      }
    } catch (IOException e) {
      // It was told to stop.
    }
  }

  /** What was published under a topic so far, in order. */
  List<JsonObject> published(String topic) {
    return messages.stream()
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .toList();
  }

  /** The newest answer of the cell's query that so many nodes are in, if there is one. */
  boolean hasAnswerOf(int reported, long afterMillis) {
    return published("starling/orchard/zone/north/climate").stream()
        .filter(answer -> answer.get("ts").getAsLong() > afterMillis)
        .anyMatch(answer ->
            answer.getAsJsonObject("coverage").get("reported").getAsInt() >= reported
                && answer.getAsJsonObject("values").get("count").getAsInt() >= reported);
  }

  /** Puts a node's card into a board, and switches it on. */
  Guest switchOn(String name) throws Exception {
    Guest guest = Guest.on(card(name), air.port(name), key);
    guests.put(name, guest);
    return guest;
  }

  @Override
  public void close() {
    guests.values().forEach(Guest::close);
    processes.forEach(Process::destroy);
    processes.forEach(process -> process.onExit().join());
    air.close();
  }
}
