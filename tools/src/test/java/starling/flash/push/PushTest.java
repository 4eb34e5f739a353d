package starling.flash.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.charter.Draft;
import starling.gateway.broker.EmbeddedBroker;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SiteDirectory;
import starling.link.mqtt.Eventually;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;
import starling.progress.Progress;

/** Pushes over a real sshd to a board that is a directory here, where a real node runs. */
class PushTest {
  private static final String NODE = "/orchard/barn/n1";

  @TempDir Path directory;
  private Path root;
  private SiteDirectory site;
  private Sshd sshd;
  private EmbeddedBroker broker;

  @BeforeEach
  void startAll() throws Exception {
    Assumptions.assumeTrue(Sshd.isThere(), "there is no sshd here: apt install openssh-server");
    root = Files.createDirectories(directory.resolve("board"));
    broker =
        EmbeddedBroker.start(
            new EmbeddedBroker.Settings("127.0.0.1", 0, directory.resolve("journal"), List.of()));
    Draft draft =
        new Draft("orchard", 1_000)
            .schema(new Schema(1, List.of(new Channel("load", "1", 2, 0, 1000))))
            .cell("/orchard/barn", Page.Medium.ADDRESSED);
    site = SiteDirectory.create(directory.resolve("site"), draft);
    sshd = Sshd.start(directory.resolve("ssh"));
  }

  @AfterEach
  void stopAll() throws Exception {
    Path pid = root == null ? Path.of("none") : root.resolve("run/starling/pid");
    if (Files.exists(pid)) {
      ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
          .ifPresent(ProcessHandle::destroy);
    }
    if (sshd != null) {
      sshd.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** A release as boards have it, with this machine's Java. */
  private Path release(String name, String launcher) throws Exception {
    Path stage = directory.resolve("stage-" + name);
    Path java = Files.createDirectories(stage.resolve("runtime/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        path=
        for word; do
          shift
          [ -z "$path" ] || word='%s'
          path=
          [ "$word" != -cp ] || path=next
          set -- "$@" "$word"
        done
        exec '%s' "$@"
        """
            .formatted(
                System.getProperty("java.class.path"),
                Path.of(System.getProperty("java.home"), "bin/java")));
    Path packaging = Path.of("../edge-node/src/packaging");
    Files.createDirectories(stage.resolve("lib/libs"));
    Files.copy(packaging.resolve("jvm.options"), stage.resolve("lib/jvm.options"));
    Files.createDirectories(stage.resolve("system"));
    Files.writeString(stage.resolve("RELEASE"), name + "\n");
    Path start = Files.createDirectories(stage.resolve("bin")).resolve("starling-node");
    Files.writeString(start, launcher);
    for (Path program : List.of(java, start)) {
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path archive = directory.resolve("starling-node-" + name + "-any.tar.gz");
    Process tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), "-C", stage.toString(), ".")
            .inheritIO()
            .start();
    assertEquals(0, tar.waitFor());
    return archive;
  }

  private static String launcher() throws IOException {
    return Files.readString(Path.of("../edge-node/src/packaging/starling-node"));
  }

  private Push.Done push(Path archive, String name, int seconds) throws Exception {
    Bundle bundle =
        new Bundle(NODE, Optional.empty(), Optional.of("tcp://127.0.0.1:" + broker.port()));
    return new Push(sshd.board(), archive, name, root.toString(), new Push.Trial(100, seconds))
        .run(
            () -> Enrolment.of(site, bundle, new Enrolment.Terms(1, Set.of(), false)),
            0,
            "",
            Progress.NONE);
  }

  private String current() throws IOException {
    return Files.readSymbolicLink(root.resolve("opt/starling/current")).toString();
  }

  private void awaitStatus(String what) throws Exception {
    Path status = root.resolve("run/starling/status.json");
    for (int i = 0; i < 1200; i++) {
      if (Files.exists(status) && Files.readString(status).contains(what)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(what + ": " + Files.readString(root.resolve("run/starling/log")));
  }

  @Test
  void aBoardBecomesANodeIsUpdatedAndComesBackFromProgramsThatDoNotWork() throws Exception {
    String before = leftovers();
    assertEquals(Push.Done.INSTALLED, push(release("r1", launcher()), "r1", 600));
    awaitStatus("\"state\":\"joined\"");
    assertEquals("releases/r1", current());
    assertFalse(site.holds(NODE), "its identity is on the board alone");
    Path key = root.resolve("etc/starling/node.key");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(key));
    byte[] identity = Files.readAllBytes(key);
    Path same = directory.resolve("starling-node-r1-any.tar.gz");
    assertEquals(Push.Done.SAME, push(same, "r1", 600));

    assertEquals(Push.Done.UPDATED, push(release("r2", launcher()), "r2", 600));
    assertEquals("releases/r2", current());
    awaitStatus("\"version\":\"r2\"");

    String broken =
        "#!/bin/sh\ntouch \"${0%/*}/../../../../../var/lib/starling/spoilt\"\nexec sleep 60\n";
    IOException failed =
        assertThrows(IOException.class, () -> push(release("r3", broken), "r3", 3));
    assertTrue(
        failed
            .getMessage()
            .contains("r3 did not work within 100 rounds or 3 s, and r2 runs again"));
    assertEquals("releases/r2", current());
    awaitStatus("\"version\":\"r2\"");
    assertFalse(Files.exists(root.resolve("var/lib/starling/spoilt")), "another version's state");
    assertTrue(Files.exists(root.resolve("var/lib/starling-failed/spoilt")));
    assertFalse(Files.exists(root.resolve("opt/starling/trial"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(java.util.Arrays.equals(identity, Files.readAllBytes(key)));
    assertEquals(before, leftovers());
  }

  /** What pushes left in the board's temporary directory, which is everybody's. */
  private String leftovers() throws Exception {
    return sshd.board().run("ls -d /tmp/tmp.*/push.sh 2>/dev/null || true");
  }

  @Test
  void aPowerCutInATrialLeadsBackToTheOldProgramsAndTheirState() throws Exception {
    Path home = Files.createDirectories(root.resolve("opt/starling"));
    for (String name : List.of("r1", "r2")) {
      Files.createDirectories(home.resolve("releases/" + name));
      Files.writeString(home.resolve("releases/" + name + "/RELEASE"), name + "\n");
    }
    Files.createSymbolicLink(home.resolve("current"), Path.of("releases/r2"));
    Files.writeString(home.resolve("trial"), "r1\n");
    for (String name : List.of("starling", "starling-before")) {
      Files.createDirectories(root.resolve("var/lib/" + name));
      Files.writeString(root.resolve("var/lib/" + name + "/log"), name);
    }
    Process run = process("return");
    assertEquals(0, run.waitFor());
    assertEquals("releases/r1", current());
    assertEquals("starling-before", Files.readString(root.resolve("var/lib/starling/log")));
    assertEquals("starling", Files.readString(root.resolve("var/lib/starling-failed/log")));
    assertEquals(0, process("return").waitFor(), "a second time nothing is left to be done");
    assertEquals("releases/r1", current());
  }

  /** Programs whose status is written by hand, in place of a node's. */
  private void pretend(String name, String status) throws IOException {
    Path release = root.resolve("opt/starling/releases/" + name);
    Path start = Files.createDirectories(release.resolve("bin")).resolve("starling-node");
    Files.writeString(release.resolve("RELEASE"), name + "\n");
    Path file = root.resolve("run/starling/status.json");
    String json = "{\"version\":\"" + name + "\",\"state\":\"joined\"," + status + "}";
    Files.writeString(start, "#!/bin/sh\necho '" + json + "' >" + file + "\nexec sleep 20\n");
    Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void newProgramsAreOnTrialForSoManyRoundsOfTheirCell() throws Exception {
    String heard = "\"rounds\":2,\"neighbours\":[{\"hears_us\":%s}],\"frames\":{\"heard\":%d}";
    pretend("r1", heard.formatted(true, 9));
    pretend("r2", heard.formatted(true, 1));
    pretend("r3", heard.formatted(false, 1));
    pretend("r4", heard.formatted(true, 0));
    Files.createDirectories(root.resolve("run/starling"));
    Files.createDirectories(root.resolve("var/lib/starling"));
    Path home = root.resolve("opt/starling");
    Files.createSymbolicLink(home.resolve("current"), Path.of("releases/r1"));
    Files.writeString(root.resolve("run/starling/status.json"), heard.formatted(true, 9));
    String from = Files.createDirectory(directory.resolve("from")).toString();
    long beganNanos = System.nanoTime();
    for (String deaf : List.of("r3", "r4")) {
      assertEquals(1, process("update", from, deaf, "2", "600").waitFor(), deaf);
      assertEquals("releases/r1", current());
      Eventually.until("r1 says how it is", () -> status().contains("\"r1\""));
    }
    assertEquals(0, process("update", from, "r2", "2", "600").waitFor());
    assertEquals("releases/r2", current());
    assertTrue(System.nanoTime() - beganNanos < 300_000_000_000L, "and not for so many seconds");
  }

  private String status() {
    try {
      return Files.readString(root.resolve("run/starling/status.json"));
    } catch (IOException e) {
      return ""; // not yet
    }
  }

  private Process process(String... words) throws IOException {
    List<String> all = new java.util.ArrayList<>(List.of("sh", script().toString()));
    all.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
    builder.environment().put("STARLING_ROOT", root.toString());
    return builder.start();
  }

  private static java.io.File script() {
    return Path.of("src/main/resources/starling/flash/push/push.sh").toFile();
  }

  @Test
  void whatCanNotBeIsSaidAndNothingIsChanged() throws Exception {
    Path archive = release("r1", launcher());
    Push toNobody =
        new Push(
            new Ssh("nobody@127.0.0.1", List.of("Port=1")),
            archive,
            "r1",
            "",
            new Push.Trial(1, 1));
    IOException away =
        assertThrows(IOException.class, () -> toNobody.run(this::unasked, 0, "", Progress.NONE));
    assertTrue(away.getMessage().contains("is not reached"), away.getMessage());
    Push push = new Push(sshd.board(), archive, "r1", root.toString(), new Push.Trial(1, 1));
    IOException other =
        assertThrows(IOException.class, () -> push.run(this::unasked, 0, "riscv64", Progress.NONE));
    assertTrue(other.getMessage().contains("the programs are for riscv64"), other.getMessage());
    IOException old =
        assertThrows(IOException.class, () -> push.run(this::unasked, 999, "", Progress.NONE));
    assertTrue(old.getMessage().contains("C library"), old.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Ssh("-oProxyCommand=x", List.of()));
    try (var there = Files.list(root)) {
      assertEquals(0, there.count());
    }
    assertTrue(
        site.charter().pages().values().stream()
            .noneMatch(page -> page instanceof Page.Cell cell && !cell.members().isEmpty()));
  }

  private Enrolment unasked() {
    throw new AssertionError("nobody is enrolled for that");
  }
}
