package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.broker.EmbeddedBroker;
import starling.keys.Guest;
import starling.keys.SiteDirectory;
import starling.link.mqtt.Authority;
import starling.link.mqtt.Mosquitto;
import starling.model.Page;

/** Boards that are invited: real nodes, a real broker, and the operator's verbs. */
class JoinVerbsTest {
  @TempDir Path temporary;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Process> boards = new ArrayList<>();
  private EmbeddedBroker broker;

  @BeforeEach
  void makeASite() throws Exception {
    broker =
        EmbeddedBroker.start(
            new EmbeddedBroker.Settings("127.0.0.1", 0, temporary.resolve("journal"), List.of()));
    done("new", "--site", "orchard", "--window", "1");
    done("schema", "1", "load:1:2:0:1000");
    done("cell", "/orchard/barn", "--medium", "mqtt");
  }

  @AfterEach
  void stopAll() throws Exception {
    for (Process board : boards) {
      board.destroy();
      board.waitFor(20, TimeUnit.SECONDS);
    }
    broker.close();
  }

  @Test
  void aBoardAsksIsApprovedByItsFingerprintAndRuns() throws Exception {
    Path invite = invite("n1");
    assertEquals("rw-------", mode(invite));
    String text = Files.readString(invite);
    Process board = board("n1", text);
    String fingerprint = await("n1", "\"fingerprint\":\"([0-9a-f-]+)\"");
    done("pending", "--broker", url(), "--wait", "120", "--json");
    var pending = JsonParser.parseString(out.toString().strip()).getAsJsonObject();
    assertEquals(fingerprint, pending.get("fingerprint").getAsString());
    assertEquals("/orchard/barn/n1", pending.get("node").getAsString());
    failed("approve", "0000-0000-0000-0000-0000", "--broker", url(), "--wait", "1");
    assertTrue(err.toString().contains("no board with the fingerprint"), err.toString());
    assertEquals(0, members());
    done("approve", fingerprint, "--broker", url(), "--wait", "120");
    assertTrue(out.toString().startsWith("approved /orchard/barn/n1"), out.toString());
    assertEquals(1, members());
    await("n1", "(\"state\":\"joined\")");
    assertTrue(board.isAlive());
    assertEquals("rw-------", mode(state("n1").resolve("node.key")));
    assertEquals("rw-------", mode(state("n1").resolve("site.key")));
    assertFalse(Files.exists(state("n1").resolveSibling("n1/invite")), "it is used up");

    board("thief", text);
    String second = await("thief", "\"fingerprint\":\"([0-9a-f-]+)\"");
    wrong("approve", second, "--broker", url(), "--wait", "120");
    assertTrue(err.toString().contains("is node"), err.toString());
    done("retire", "/orchard/barn/n1");
    wrong("approve", second, "--broker", url(), "--wait", "120");
    assertTrue(err.toString().contains("this invite was used"), err.toString());
    assertEquals(0, members());
  }

  @Test
  void aBoardAsksAtABrokerThatOnlyTheInvitersAuthorityCertifies() throws Exception {
    Authority authority = Authority.create(temporary, "authority");
    Authority stranger = Authority.create(temporary, "stranger");
    var identity = authority.certify("broker", 1);
    Path ca = authority.certificate();
    try (Mosquitto secured =
        Mosquitto.secured(temporary, identity, "allow_anonymous true").start()) {
      String url = secured.secureUri().toString();
      board("n1", Files.readString(invite("n1")), url, Optional.of(ca));
      String fingerprint = await("n1", "\"fingerprint\":\"([0-9a-f-]+)\"");
      String wrong = stranger.certificate().toString();
      failed("pending", "--broker", url, "--broker-ca", wrong, "--wait", "2");
      done("approve", fingerprint, "--broker", url, "--broker-ca", ca.toString(), "--wait", "120");
      await("n1", "(\"state\":\"joined\")");
      await("n1", "(\"up\":true)");
      board("n2", Files.readString(invite("n2")), url, Optional.of(stranger.certificate()));
      await("n2", "\"broker\":\"(down[^\"]*certif[^\"]*)\"");
    }
    IllegalArgumentException plain =
        assertThrows(
            IllegalArgumentException.class,
            () -> board("n3", Files.readString(invite("n3")), url(), Optional.of(ca)));
    assertTrue(plain.getMessage().contains("mqtts://"), plain.getMessage());
    Path none = Files.writeString(temporary.resolve("none.pem"), "none");
    assertThrows(
        IOException.class,
        () -> board("n4", Files.readString(invite("n4")), "mqtts://x", Optional.of(none)));
  }

  @Test
  void aBoardThatIsDeniedEndsAndSaysWhy() throws Exception {
    Process board = board("n1", Files.readString(invite("n1")));
    String fingerprint = await("n1", "\"fingerprint\":\"([0-9a-f-]+)\"");
    done("deny", fingerprint, "--broker", url(), "--wait", "120");
    assertTrue(board.waitFor(120, TimeUnit.SECONDS));
    assertEquals(2, board.exitValue(), "it is not to be started again");
    assertTrue(log("n1").contains("who denied this board"), log("n1"));
    assertEquals(0, members());
    assertFalse(Files.exists(state("n1").resolve("site.key")));
  }

  @Test
  void aGatewaysDeskDoesTheSameAndItsSiteLearnsTheCharter() throws Exception {
    int web = starling.Mosquitto.freePort();
    done("add", "/orchard/barn/gate", "--gateway");
    Path gate = temporary.resolve("gate");
    done("bundle", "/orchard/barn/gate", "--to", gate.toString(), "--broker", url());
    Files.writeString(
        gate.resolve("node.toml"),
        Files.readString(gate.resolve("node.toml"))
            + "\n[broker]\nurl = \""
            + url().replace("tcp", "mqtt")
            + "\"\n\n[web]\nlisten = \"127.0.0.1:"
            + web
            + "\"\n");
    start("gate", "starling.gateway.Main", "--config", gate.resolve("node.toml").toString());
    board("n1", Files.readString(invite("n1")));
    String fingerprint = await("n1", "\"fingerprint\":\"([0-9a-f-]+)\"");
    String at = "http://127.0.0.1:" + web;
    awaitLog("gate", "link uplink is up");
    done("pending", "--gateway", at, "--wait", "120");
    assertTrue(out.toString().startsWith(fingerprint + "\t/orchard/barn/n1\t"), out.toString());
    done("approve", fingerprint, "--gateway", at);
    assertTrue(out.toString().contains("signed, and given to the gateway"), out.toString());
    await("n1", "(\"state\":\"joined\")");
    awaitLog("gate", "/orchard/barn: page version 3 holds");
    wrong("pending", "--gateway", at, "--broker", url());
    wrong("pending");
    assertTrue(err.toString().contains("say where boards ask"), err.toString());
  }

  private void awaitLog(String name, String what) throws Exception {
    for (int i = 0; i < 2400; i++) {
      if (log(name).contains(what)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(what + ": " + log(name));
  }

  @Test
  void whatCanNotBeInvitedIsRefused() throws Exception {
    done("add", "/orchard/barn/n9");
    for (List<String> words :
        List.of(
            List.of("/orchard/barn/n9", "in the roster already"),
            List.of("/orchard/barn/N8", "lower-case"),
            List.of("/orchard/nowhere/n8", "is not a cell"),
            List.of("n8", "path"))) {
      wrong("invite", words.getFirst(), "--to", temporary.resolve("x").toString());
      assertTrue(err.toString().contains(words.getLast()), err.toString());
    }
    wrong("invite", "/orchard/barn/n8", "--to", temporary.resolve("x").toString(), "--hours", "0");
    assertTrue(err.toString().contains("1 to 720 hours"), err.toString());
    assertFalse(Files.exists(temporary.resolve("x")));
    Path taken = invite("n8");
    failed("invite", "/orchard/barn/n7", "--to", taken.toString());
    assertTrue(err.toString().contains("exists"), err.toString());
    failed("pending", "--broker", url(), "--wait", "1");
    assertTrue(err.toString().contains("nobody asked within 1 s ("), err.toString());
  }

  // ---- boards

  private Path invite(String name) {
    Path file = temporary.resolve(name + ".invite");
    done("invite", "/orchard/barn/" + name, "--to", file.toString());
    return file;
  }

  private Process board(String name, String invite) throws Exception {
    return board(name, invite, url(), Optional.empty());
  }

  private Process board(String name, String invite, String url, Optional<Path> ca)
      throws Exception {
    Path directory = temporary.resolve(name);
    Guest guest =
        Guest.of(invite, Optional.empty(), Optional.of(url), ca, List.of(), Instant.now());
    Files.createDirectories(state(name));
    guest.write(directory, state(name).toString());
    return start(
        name,
        "starling.node.Main",
        "--config",
        directory.resolve("node.toml").toString(),
        "--node.status=" + status(name));
  }

  private Process start(String name, String program, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve(name + ".log").toFile())
            .start();
    boards.add(process);
    return process;
  }

  private Path state(String name) {
    return temporary.resolve(name + "-state");
  }

  private Path status(String name) {
    return state(name).resolve("status.json");
  }

  private String log(String name) throws IOException {
    return Files.readString(temporary.resolve(name + ".log"));
  }

  /** Waits for a board's status to have something, and answers the first group of it. */
  private String await(String name, String pattern) throws Exception {
    var wanted = java.util.regex.Pattern.compile(pattern);
    for (int i = 0; i < 2400; i++) {
      if (Files.exists(status(name))) {
        var found = wanted.matcher(Files.readString(status(name)));
        if (found.find()) {
          return found.group(1);
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError(pattern + ": " + log(name));
  }

  // ---- verbs

  private String url() {
    return "tcp://127.0.0.1:" + broker.port();
  }

  private long members() throws IOException {
    return new SiteDirectory(directory())
        .charter().pages().values().stream()
            .filter(Page.Cell.class::isInstance)
            .mapToLong(page -> ((Page.Cell) page).members().size())
            .sum();
  }

  private Path directory() {
    return temporary.resolve("site");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void done(String... words) {
    assertEquals(0, keys(words), err.toString());
  }

  private void failed(String... words) {
    assertEquals(1, keys(words), err.toString());
  }

  private void wrong(String... words) {
    assertEquals(2, keys(words), err.toString());
  }

  private int keys(String... words) {
    List<String> all = new ArrayList<>(List.of("keys", "--dir", directory().toString()));
    all.addAll(List.of(words));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }
}
