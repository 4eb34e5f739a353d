package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import starling.Mosquitto;
import starling.Repository;
import starling.link.air.PtyAir;

/** A small site of real processes, run as the demo runs its own, and all that it publishes. */
final class RunningSite implements AutoCloseable {
  /** A radio on every channel that no node has. */
  static final String SPARE = "spare";

  private static final double LOSS = 0.05;
  private static final long SEED = 7;
  private static final int SPEED = 900;

  final Site site;
  final URI broker;
  final Workspace files;
  private final Cleanup cleanup = new Cleanup();
  private final Recorded recorded;
  private final Installation installation;
  private final Map<String, Long> pids = new HashMap<>();
  private final Map<String, String> states = new TreeMap<>();
  private final List<Heard.Aggregate> aggregates = new ArrayList<>();
  private final List<Heard.Warning> warnings = new ArrayList<>();
  private final Findings findings = new Findings();
  private final Subscriber subscriber;
  private final Thread listener;

  /** Makes keys, channels and configurations in an empty directory; nothing runs yet. */
  RunningSite(Site site, Path directory) throws IOException {
    this.site = site;
    broker = URI.create("tcp://127.0.0.1:" + Mosquitto.freePort());
    files = new Workspace(directory, false);
    Installation.writeKeys(site, files);
    Configuration configuration =
        new Configuration(
            site,
            files,
            files.keys().operatorHex(),
            broker,
            Repository.root().resolve(Site.RECORDING),
            System.currentTimeMillis(),
            SPEED);
    installation = new Installation(configuration, launcher(), LOSS, SEED, List.of(SPARE), cleanup);
    recorded = installation.recorded();
    subscriber = cleanup.add(new Subscriber(broker, "starling/" + site.name() + "/#"));
    listener = Thread.ofPlatform().name("listener").daemon().start(this::listen);
  }

  /** The tests run what is built: a build inside of a build would be none. */
  static List<String> launcher() {
    return List.of(
        "env",
        "STARLING_NO_BUILD=1",
        "JAVA_HOME=" + System.getProperty("java.home"),
        Repository.root().resolve("tools/starling").toString());
  }

  Site.Node node(String path) {
    return site.nodes().stream().filter(one -> one.path().equals(path)).findFirst().orElseThrow();
  }

  void startAll() throws IOException {
    startGateway();
    for (Site.Node node : site.nodes()) {
      start(node.path());
    }
  }

  void startGateway(String... settings) throws IOException {
    pids.put(site.gateway(), installation.startGateway(settings));
  }

  void start(String path, String... settings) throws IOException {
    pids.put(path, installation.startNode(node(path), settings));
  }

  /** Starts a node once more, beside the one that runs. */
  void startAgain(String path, String name, String... settings) throws IOException {
    pids.put(name, installation.startNode(node(path), name, settings));
  }

  long pid(String path) {
    return pids.getOrDefault(path, -1L);
  }

  boolean isRunning(String path) {
    return ProcessHandle.of(pid(path)).map(ProcessHandle::isAlive).orElse(false);
  }

  /** As a power cut ends it. */
  void kill(String path) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid(path)).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  PtyAir air(String cell) {
    return installation.air(cell);
  }

  /** What a process keeps in memory, in KiB. */
  long residentKib(String path) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid(path) + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** The lines of a program's log that hold a text. */
  List<String> logged(String path, String text) throws IOException {
    Path log = installation.processes().log(path);
    if (Files.notExists(log)) {
      return List.of();
    }
    // Bytes of a line that is being written may not be text yet.
    return new String(Files.readAllBytes(log), UTF_8)
        .lines()
        .filter(line -> line.contains(text))
        .toList();
  }

  /** What a node measured in the window that ended then. */
  double measured(String station, long endMillis) {
    return recorded.airTemperature(station, endMillis).orElseThrow();
  }

  /** The last that was said of a node: {@code up}, {@code suspect}, {@code gone}. */
  synchronized String state(String path) {
    return states.getOrDefault(path, "unheard");
  }

  /** All answers for a zone's windows that ended after some time, as they came. */
  synchronized List<Heard.Aggregate> answers(String zone, long afterMillis) {
    return aggregates.stream()
        .filter(one -> one.zone().equals(zone) && one.endMillis() > afterMillis)
        .toList();
  }

  /** The best answer for each window that ended after some time, oldest first. */
  List<Heard.Aggregate> windows(String zone, long afterMillis) {
    TreeMap<Long, Heard.Aggregate> best = new TreeMap<>();
    for (Heard.Aggregate one : answers(zone, afterMillis)) {
      best.merge(
          one.endMillis(), one, (held, next) -> next.reported() >= held.reported() ? next : held);
    }
    return List.copyOf(best.values());
  }

  /** The first window that ended after some time and covers so many nodes. */
  Optional<Heard.Aggregate> first(String zone, long afterMillis, int reported) {
    return windows(zone, afterMillis).stream()
        .filter(one -> one.reported() == reported)
        .findFirst();
  }

  /** Whether each zone had a window that ended after some time and covers all. */
  boolean isComplete(long afterMillis) {
    return site.zones().stream()
        .allMatch(zone -> first(zone, afterMillis, site.nodesOf(zone).size()).isPresent());
  }

  synchronized List<Heard.Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** Every answer so far against the direct fold. */
  synchronized Verdict verdict() {
    return findings.verdict();
  }

  @Override
  public void close() {
    listener.interrupt();
    cleanup.close();
  }

  private void listen() {
    Reader reader = new Reader(site.name());
    Comparison comparison = new Comparison(site, recorded);
    try {
      while (true) {
        Optional<Subscriber.Message> message = subscriber.next(1_000);
        if (message.isPresent()) {
          hear(reader.read(message.get().topic(), message.get().payload()), comparison);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private synchronized void hear(Heard heard, Comparison comparison) {
    switch (heard) {
      case Heard.Aggregate aggregate -> {
        aggregates.add(aggregate);
        comparison.compare(aggregate, findings);
      }
      case Heard.NodeState node -> states.put(node.path(), node.state());
      case Heard.Warning warning -> warnings.add(warning);
      case Heard.Unreadable unreadable ->
          findings.problem(unreadable.topic() + " is unreadable: " + unreadable.why());
      case Heard.Timing _, Heard.Other _ -> {}
    }
  }
}
