package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;
import starling.frame.Keyring;
import starling.node.KeyFile;

/**
 * What a whole site does when its parts fail: twelve nodes and a gateway, each a process of its
 * own, on two emulated radio channels and a network. All tests share the one site, as starting it
 * takes longest; each leaves it whole, the last one aside.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SiteProcessesTest {
  private static final long NOISE_MS = 60_000;
  private static final long WINDOW_MS = 3_000;
  private static final long START_S = 120;

  /** For what takes a few windows on a machine that has other things to do. */
  private static final long SOON_S = 60;

  private static final String ROOT = "/spree";
  private static final String NORTH = "/spree/north";
  private static final String EAST = "/spree/east";
  private static final String CITY = "/spree/city";
  private static final int ALL = 12;

  private final Site berlin =
      new Site(
          "spree",
          WINDOW_MS,
          List.of(
              Site.radio(NORTH, "buch", "airporttxl", "spandauer", "berge"),
              Site.radio(EAST, "marzahn", "koepenick", "kaniswall", "lindenberg"),
              Site.network(CITY, "tiergarten", "dessauer", "bamberger", "albrecht")));

  private RunningSite site;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    site = new RunningSite(berlin, directory);
    site.startAll();
    Eventually.within(START_S, "every zone complete", () -> site.isComplete(0));
  }

  @AfterAll
  void end() {
    site.close();
  }

  @BeforeEach
  void theSiteIsWhole() throws Exception {
    long now = System.currentTimeMillis();
    Eventually.within(SOON_S, "every zone complete", () -> site.isComplete(now));
  }

  @AfterEach
  void everyAnswerEqualsTheFold() {
    assertEquals(List.of(), site.verdict().problems());
  }

  @Test
  @Order(1)
  void aSubscriberOfAnotherMakeHearsTheDocumentedTopicsAtOnce() throws Exception {
    Map<String, String> retained = retained();
    String number = "-?\\d+(\\.\\d+)?";
    String instant = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"";
    String values = "\\{(\"\\w+\":" + number + ",?)*\\}";
    String units = "\\{(\"\\w+\":\"[\\w%]+\",?)*\\}";
    for (String zone : berlin.zones()) {
      String topic = "starling/spree/zone" + zone.substring(ROOT.length()) + "/climate";
      assertMatches(
          "\\{\"v\":1,\"zone\":\"%s\",\"query\":\"climate\",\"window\":\\{\"start\":%s,\"end\":%s\\},\"ts\":\\d+,\"values\":%s,\"units\":%s,\"coverage\":\\{\"reported\":\\d+,\"expected\":%d\\},\"oldest_s\":%s,\"revision\":\\d+,\"id\":\"[0-9a-f]{16}\"\\}"
              .formatted(
                  zone, instant, instant, values, units, berlin.nodesOf(zone).size(), number),
          retained,
          topic);
    }
    for (Site.Node node : berlin.nodesOf(CITY)) {
      String topic = "starling/spree/node" + node.path().substring(ROOT.length());
      assertMatches("online", retained, topic + "/status");
      assertMatches(
          "\\{\"v\":1,\"node\":\"%s\",\"time\":%s,\"ts\":\\d+,\"values\":%s,\"units\":%s\\}"
              .formatted(node.path(), instant, values, units),
          retained,
          topic + "/latest");
      assertMatches(
          "\\{\"v\":1,\"node\":\"%s\",\"time\":%s,\"ts\":\\d+,\"state\":\"up\",\"generation\":\\d+,\"heard\":\\{\"ago_s\":%s,\"promise_s\":%s\\}\\}"
              .formatted(node.path(), instant, number, number),
          retained,
          topic + "/health");
    }
    assertMatches("online", retained, "starling/spree/gateway/gate/status");
    assertMatches(
        "\\{\"v\":1,\"gateway\":\"gate\",\"version\":\"[^\"]+\",\"started\":%s,\"ts\":\\d+,\"publishes\":\\[\"/spree\"(,\"/spree/[a-z]+\")+\\],\"stands_by\":\\[\\]\\}"
            .formatted(instant),
        retained,
        "starling/spree/gateway/gate/info");
    for (String topic : retained.keySet()) {
      assertTrue(
          topic.matches(
              "starling/spree/(zone/([a-z]+/)?climate|node/[a-z]+/\\w+/(latest|status|health)|gateway/gate/(status|info))"),
          topic);
    }
  }

  @Test
  @Order(1)
  void anyOfItsProcessesSaysWhatIsInsideAnyZone() throws Exception {
    for (String node : List.of("/spree/city/gate", EAST + "/lindenberg")) {
      List<String> rows = zones(node, ROOT);
      assertEquals(berlin.cells().size(), rows.size(), rows.toString());
      for (Site.Cell cell : berlin.cells()) {
        assertTrue(
            rows.stream().anyMatch(row -> row.contains("\"zone\":\"" + cell.path() + "\"")),
            rows.toString());
      }
      rows = zones(node, NORTH);
      assertEquals(4, rows.size(), rows.toString());
      assertTrue(rows.getFirst().contains("\"node\":\"/spree/north/buch\""), rows.toString());
    }
  }

  /** What {@code starling zones --json} prints. */
  private List<String> zones(String node, String zone) throws Exception {
    // Not by the launcher: while tests run, the jar that it would start is not made yet.
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "starling.cli.Main"));
    String state = site.files.state(node).toString();
    command.addAll(List.of("zones", zone, "--state", state, "--timeout", "60", "--json"));
    List<String> said = new ArrayList<>();
    Eventually.within( // a process that just started knows no rows yet, and says so
        SOON_S,
        "the rows inside " + zone + ", asked of " + node,
        () -> {
          Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
          said.clear();
          new String(process.getInputStream().readAllBytes(), UTF_8).lines().forEach(said::add);
          return process.waitFor() == 0;
        });
    return said;
  }

  @Test
  @Order(2)
  void deadNodesAreMissedAndNotMadeUpAndComeBackAsNewBoots() throws Exception {
    List<String> dead = List.of(NORTH + "/buch", NORTH + "/berge", EAST + "/kaniswall");
    for (String node : dead) {
      site.kill(node);
    }
    long killed = System.currentTimeMillis();
    // A window's readings may have been said just before its node died.
    long after = killed + WINDOW_MS;
    Eventually.within(
        SOON_S,
        "nine of twelve",
        () ->
            site.first(ROOT, after, ALL - 3).isPresent()
                && site.first(NORTH, after, 2).isPresent()
                && site.first(EAST, after, 3).isPresent());
    long firstEnd = site.first(ROOT, after, ALL - 3).orElseThrow().endMillis();
    assertTrue(
        firstEnd < killed + 6 * WINDOW_MS, "counted nine only " + (firstEnd - killed) + " ms on");
    Eventually.within(
        SOON_S, "missed", () -> dead.stream().noneMatch(node -> site.state(node).equals("up")));
    for (Heard.Aggregate window : site.answers(ROOT, after)) {
      assertTrue(window.reported() <= ALL - 3, window.payload().toString());
    }
    for (Heard.Aggregate window : site.windows(ROOT, after)) {
      if (window.reported() == ALL - 3) {
        assertFoldOf(window, dead);
      }
    }
    long settled = System.currentTimeMillis() - 2 * WINDOW_MS - 2_000;
    for (Heard.Aggregate window : site.windows(CITY, killed - WINDOW_MS)) {
      assertTrue(window.isComplete() || window.endMillis() > settled, window.payload().toString());
    }
    for (String node : dead) {
      site.start(node);
    }
    long restarted = System.currentTimeMillis();
    Eventually.within(SOON_S, "all twelve again", () -> site.isComplete(restarted));
    for (String node : dead) {
      Eventually.holds(
          "a new boot of " + node,
          () -> berlin.nodes().stream().anyMatch(other -> saysUp(other.path(), node, 2)));
    }
  }

  private boolean saysUp(String witness, String node, int generation) {
    try {
      return !site.logged(witness, node + " is up, generation " + generation).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(3)
  void aKilledGatewayKnowsTheSiteAgainAndPublishesNothingOlder() throws Exception {
    site.kill(berlin.gateway());
    long newest = newestEnd();
    site.startGateway();
    long restarted = System.currentTimeMillis();
    Eventually.within(SOON_S, "whole again", () -> site.isComplete(restarted));
    for (Map.Entry<String, String> one : retained().entrySet()) {
      if (one.getKey().contains("/zone/")) {
        Heard heard = new Reader("spree").read(one.getKey(), one.getValue().getBytes(UTF_8));
        assertTrue(((Heard.Aggregate) heard).endMillis() > newest, one.getValue());
      }
    }
  }

  @Test
  @Order(4)
  void aPulledRadioIsMissedAndWorksAgainOncePluggedIn() throws Exception {
    site.air(EAST).unplug("lindenberg");
    long pulled = System.currentTimeMillis() + WINDOW_MS;
    Eventually.within(SOON_S, "missed", () -> site.first(EAST, pulled, 3).isPresent());
    assertTrue(site.first(EAST, pulled, 4).isEmpty());
    site.air(EAST).plug("lindenberg");
    long plugged = System.currentTimeMillis();
    Eventually.within(SOON_S, "back", () -> site.first(EAST, plugged, 4).isPresent());
    assertTrue(site.isRunning(EAST + "/lindenberg"));
  }

  @Test
  @Order(5)
  void randomBytesOnTheLineAreOnlyNoise() throws Exception {
    List<String> nodes = berlin.nodesOf(NORTH).stream().map(Site.Node::path).toList();
    Map<String, Long> before = new HashMap<>();
    for (String node : nodes) {
      before.put(node, site.residentKib(node));
    }
    long began = System.currentTimeMillis();
    site.air(NORTH).noise(2_000, NOISE_MS);
    Eventually.within(
        2 * NOISE_MS / 1_000, "noise is over", () -> System.currentTimeMillis() > began + NOISE_MS);
    long over = System.currentTimeMillis();
    Eventually.within(SOON_S, "whole again", () -> site.isComplete(over));
    for (String node : nodes) {
      assertTrue(site.isRunning(node), node);
      long grown = site.residentKib(node) - before.get(node);
      assertTrue(grown < 12_288, node + " grew by " + grown + " KiB");
      assertEquals(List.of(), site.logged(node, "WARNING malformed"));
      assertEquals(List.of(), site.logged(node, "WARNING key"));
    }
  }

  @Test
  @Order(6)
  void repeatedFramesAreNotCountedTwice() throws Exception {
    List<byte[]> captured = new CopyOnWriteArrayList<>();
    site.air(NORTH).capture((_, packet) -> captured.add(packet));
    Eventually.within(SOON_S, "frames", () -> captured.size() >= 20);
    site.air(NORTH).capture((_, _) -> {});
    long from = System.currentTimeMillis();
    for (int i = 0; i < 3; i++) {
      for (byte[] packet : captured) {
        for (Site.Node node : berlin.nodesOf(NORTH)) {
          site.air(NORTH).replay(packet, node.station());
        }
      }
    }
    Eventually.within(
        SOON_S, "a warning", () -> !site.logged(NORTH + "/berge", "WARNING replay").isEmpty());
    Eventually.within(SOON_S, "whole", () -> site.isComplete(from + WINDOW_MS));
    for (Site.Node node : berlin.nodesOf(NORTH)) {
      assertOnce(site.logged(node.path(), "WARNING replay"));
    }
  }

  @Test
  @Order(7)
  void aNodeWithAnotherSiteKeyIsNotCounted() throws Exception {
    String node = EAST + "/lindenberg";
    Path other = site.files.root().resolve("other.key");
    byte[] key = new byte[Keyring.KEY_BYTES];
    Arrays.fill(key, (byte) 7);
    KeyFile.writeSite(other, Map.of(0, key));
    site.kill(node);
    long killed = System.currentTimeMillis() + WINDOW_MS;
    site.start(node, "--node.site_key=" + other, "--node.state=" + site.files.state("stranger"));
    Eventually.within(
        SOON_S, "a warning", () -> !site.logged(EAST + "/kaniswall", "WARNING key").isEmpty());
    Eventually.within(SOON_S, "three", () -> site.first(EAST, killed, 3).isPresent());
    assertTrue(site.first(EAST, killed, 4).isEmpty());
    for (String neighbour : List.of("marzahn", "koepenick", "kaniswall")) {
      assertOnce(site.logged(EAST + "/" + neighbour, "WARNING key"));
    }
    site.kill(node);
    site.start(node);
  }

  @Test
  @Order(8)
  void aClonedCardCountsOnceAndIsTold() throws Exception {
    String node = EAST + "/kaniswall";
    Path copy = site.files.state("clone");
    Files.createDirectories(copy);
    try (Stream<Path> state = Files.list(site.files.state(node))) {
      for (Path file : state.filter(Files::isRegularFile).toList()) { // no card has a socket on it
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    long cloned = System.currentTimeMillis();
    site.startAgain(
        node,
        "clone",
        "--node.state=" + copy,
        "--link.radio.port=" + site.air(EAST).port(RunningSite.SPARE));
    Eventually.within(SOON_S, "a warning", () -> !cloneWarnings().isEmpty());
    Eventually.within(
        SOON_S, "windows since", () -> site.windows(ROOT, cloned + WINDOW_MS).size() >= 3);
    for (String path : everybody()) {
      assertOnce(site.logged(path, "WARNING clone"));
    }
    for (Heard.Aggregate window : site.answers(EAST, cloned)) {
      assertTrue(window.reported() <= window.expected(), window.payload().toString());
    }
    site.kill("clone");
  }

  private List<String> cloneWarnings() throws IOException {
    List<String> found = new ArrayList<>();
    for (String path : everybody()) {
      found.addAll(site.logged(path, "WARNING clone"));
    }
    return found;
  }

  private Collection<String> everybody() {
    return Stream.concat(berlin.nodesOf(EAST).stream().map(Site.Node::path), Stream.of("clone"))
        .toList();
  }

  private long newestEnd() {
    return site.answers(ROOT, 0).stream().mapToLong(Heard.Aggregate::endMillis).max().orElseThrow();
  }

  private void assertFoldOf(Heard.Aggregate window, List<String> dead) {
    double[] values =
        berlin.nodesOf(window.zone()).stream()
            .filter(node -> !dead.contains(node.path()))
            .mapToDouble(node -> site.measured(node.station(), window.endMillis()))
            .toArray();
    new Fold(values)
        .columns(Site.WEATHER.name())
        .forEach((column, value) ->
            assertEquals(
                value,
                window.values().getOrDefault(column, Double.NaN),
                Site.WEATHER.resolution(),
                column + " in " + window.payload()));
  }

  /** Of one subject, a thing is told once. */
  private static void assertOnce(List<String> warnings) {
    Map<String, String> bySubject = new HashMap<>();
    for (String warning : warnings) {
      String subject = warning.replaceFirst(".*WARNING (\\w+ [^:]+):.*", "$1");
      assertEquals(null, bySubject.put(subject, warning), warnings.toString());
    }
  }

  private static void assertMatches(String pattern, Map<String, String> retained, String topic) {
    String payload = retained.getOrDefault(topic, "not retained");
    assertTrue(payload.matches(pattern), topic + " " + payload + "\nis not " + pattern);
  }

  /** What a late subscriber hears at once: all that is retained, until the first live message. */
  private Map<String, String> retained() throws Exception {
    Process subscriber =
        new ProcessBuilder(
                "mosquitto_sub",
                "-h",
                "127.0.0.1",
                "-p",
                "" + site.broker.getPort(),
                "-t",
                "starling/#",
                "-q",
                "1",
                "--retained-only",
                "-W",
                "30",
                "-F",
                "%r %t %p")
            .redirectErrorStream(true)
            .start();
    Map<String, String> retained = new TreeMap<>();
    try (Stream<String> lines = subscriber.inputReader(UTF_8).lines()) {
      lines.forEach(line -> {
        String[] parts = line.split(" ", 3);
        assertEquals("1", parts[0], line);
        retained.put(parts[1], parts[2]);
      });
    }
    return retained;
  }
}
