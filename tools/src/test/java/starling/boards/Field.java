package starling.boards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import starling.Eventually;
import starling.Mosquitto;
import starling.Repository;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.node.KeyFile;

/**
 * A site as its operator makes it, in a directory: keys, a charter, cards, one radio channel, a
 * gateway on this machine with a radio of its own, and somebody who subscribes to all that it
 * publishes.
 */
final class Field implements AutoCloseable {
  static final String CELL = "/orchard/north";
  private static final Presets RADIO = Presets.SIK_64K;
  private static final String GATE = CELL + "/gate";
  private static final double LOSS = 0.02;
  private static final long SEED = 7;
  private static final int START_S = 120;

  /** A program beside the boards, and what it has said. */
  private record Running(String name, Process process, Path log) {
    void check() throws IOException {
      if (!process.isAlive()) {
        throw new AssertionError(
            "the %s has ended with status %d:%n%s"
                .formatted(name, process.exitValue(), Files.readString(log)));
      }
    }
  }

  /** One message: where, and what. */
  record Message(String topic, JsonObject payload) {}

  private final Path directory;
  private final Path image;
  private final int windowSeconds;
  private final Path key;
  private final int port = Mosquitto.freePort();
  private final PtyAir air;
  private final Map<String, Guest> guests = new ConcurrentHashMap<>();
  private final List<Running> programs = new ArrayList<>();
  private final List<Message> messages = new CopyOnWriteArrayList<>();

  /**
   * Makes a site without nodes, and the key by which its boards are logged in to.
   *
   * @param directory an empty one
   * @param image the stock image that cards are made from
   * @param names of the nodes that it will have
   * @param windowSeconds how long a window is
   */
  Field(Path directory, Path image, List<String> names, int windowSeconds) throws Exception {
    this.directory = directory;
    this.image = image;
    this.windowSeconds = windowSeconds;
    key = directory.resolve("id");
    Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    starling("keys", "new", "--site", "orchard", "--window", "" + windowSeconds);
    starling(
        "keys",
        "schema",
        "1",
        "load:1:2:0:1000",
        "memory:%:1:0:100",
        "air_temperature:Cel:2:-40:85");
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
    return flash(name, "/dev/ttyUSB0");
  }

  /** The same with what is wired to the board. */
  String flash(String name, String port, String... more) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("flash", card(name).toString(), "--image", image.toString()));
    words.addAll(List.of("--node", CELL + "/" + name, "--ssh-key", key + ".pub"));
    words.addAll(List.of("--radio", RADIO.profile().name() + ":" + port));
    words.addAll(List.of(more));
    return starling(words.toArray(String[]::new));
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
    List<String> command =
        launcher("gateway", "--config", configuration.toString(), "--exit-with-stdin");
    start("gateway", new ProcessBuilder(command));
    Eventually.within(START_S, "a subscriber hears the gateway", this::subscribe);
  }

  /** Hears all that is on the channel from now on. */
  Witness witness() throws IOException {
    byte[] key = KeyFile.siteKeys(directory.resolve("orchard/site.key")).get(0);
    Witness witness = new Witness(Objects.requireNonNull(key), windowSeconds * 1000L);
    air.capture(witness::hear);
    return witness;
  }

  private void start(String name, ProcessBuilder builder) throws IOException {
    Path log = directory.resolve(name + ".log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    programs.add(new Running(name, builder.start(), log));
  }

  /** Fails, with what they have said, if one of the programs beside the boards has ended. */
  void check() throws IOException {
    for (Running program : programs) {
      program.check();
    }
    for (Map.Entry<String, Guest> guest : guests.entrySet()) {
      if (guest.getValue().hasStopped()) {
        throw new AssertionError(guest.getKey() + " has stopped: " + guest.getValue().said());
      }
    }
  }

  private boolean subscribe() throws Exception {
    ProcessBuilder subscriber =
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
            "starling/#");
    Process process =
        subscriber.redirectError(directory.resolve("subscriber.log").toFile()).start();
    BufferedReader in = process.inputReader(UTF_8);
    String first = in.readLine();
    if (first == null) {
      check();
      return false;
    }
    programs.add(new Running("subscriber", process, directory.resolve("subscriber.log")));
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

  /** Whether so many nodes are in an answer of the cell's query; fails as {@link #check}. */
  boolean hasAnswerOf(int reported, long afterMillis) throws IOException {
    check();
    return published("starling/orchard/zone/north/climate").stream()
        .filter(answer -> answer.get("ts").getAsLong() > afterMillis)
        .anyMatch(answer ->
            answer.getAsJsonObject("coverage").get("reported").getAsInt() >= reported
                && answer.getAsJsonObject("values").get("count").getAsInt() >= reported);
  }

  /** Puts a node's card into a board, and switches it on. */
  Guest switchOn(String name) throws Exception {
    return switchOn(name, Board.VIRT);
  }

  /** Puts it into a board of that make. */
  Guest switchOn(String name, Board board) throws Exception {
    Guest guest = Guest.on(board, card(name), air.port(name), key);
    guests.put(name, guest);
    return guest;
  }

  @Override
  public void close() {
    guests.values().forEach(Guest::close);
    programs.forEach(program -> program.process().destroy());
    programs.forEach(program -> program.process().onExit().join());
    air.close();
  }
}
