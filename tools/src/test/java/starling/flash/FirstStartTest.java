package starling.flash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import starling.charter.Draft;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SiteDirectory;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;
import starling.progress.Progress;

/** The script that a board runs at its first start, in a root directory of its own. */
class FirstStartTest {
  private static final String NODE = "/orchard/north/n17";
  private static final String SCRIPT = "starling/first-start.sh";
  private static final String WANTS = "etc/systemd/system/multi-user.target.wants";
  private static final String NOTES = "var/lib/cloud/instances/i1/sem";
  private static final String WANTED = WANTS + "/starling-node.service";

  @TempDir Path directory;
  private Path root;
  private Path boot;

  @BeforeEach
  void makeARoot() throws IOException {
    root = directory.resolve("root");
    boot = Files.createDirectories(root.resolve("boot/firmware"));
  }

  private void flash(Scheme scheme) throws Exception {
    for (Map.Entry<String, String> one : StockImage.files(scheme).entrySet()) {
      Files.writeString(boot.resolve(one.getKey()), one.getValue());
    }
    Draft draft =
        new Draft("orchard", 60_000)
            .schema(new Schema(1, List.of(new Channel("load", "1", 2, 0, 1000))))
            .cell("/orchard/north", Page.Medium.BROADCAST);
    SiteDirectory site = SiteDirectory.create(directory.resolve("site"), draft);
    Settings settings =
        new Settings(
            "n17",
            "pi",
            List.of(),
            Optional.of(Wifi.of("barn", "correct horse", "DE")),
            Optional.empty(),
            true);
    Bundle bundle =
        new Bundle(NODE, Optional.of(Bundle.Radio.of("sik-64k:/dev/serial0")), Optional.empty());
    new Flash(
            boot,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            settings,
            Optional.of(software()),
            LocalDateTime.of(2026, 6, 1, 12, 0))
        .run(site, bundle, new Enrolment.Terms(1, Set.of(), false), Progress.NONE);
  }

  /** An archive with the shape of the real one. */
  private Path software() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("software/system/etc/systemd/system"));
    Files.writeString(tree.resolve("starling-node.service"), "[Service]\n");
    Files.writeString(directory.resolve("software/RELEASE"), "r1\n");
    Path archive = directory.resolve("software.tar.gz");
    StockImage.run(List.of("tar", "-czf", archive.toString(), "-C", directory + "/software", "."));
    return archive;
  }

  private record Outcome(int status, String said) {}

  private Outcome run(
      Map<String, String> environment, String shell, Path script, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(shell, script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("STARLING_ROOT", root.toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), said);
  }

  private String start(int status) throws Exception {
    Outcome outcome = run(Map.of(), "sh", boot.resolve(SCRIPT));
    assertEquals(status, outcome.status(), outcome.said());
    return outcome.said();
  }

  @ParameterizedTest
  @EnumSource
  void aFlashedBoardBecomesTheNodeAndNoSecretStaysOnTheBootPartition(Scheme scheme)
      throws Exception {
    flash(scheme);
    String key = Wifi.of("barn", "correct horse", "DE").keyHex();
    byte[] tar = Files.readAllBytes(boot.resolve("starling/node.tar"));
    assertTrue(new String(tar, UTF_8).contains("private"));
    start(0);
    Path etc = root.resolve("etc/starling");
    assertEquals(List.of("charter.bin", "node.key", "node.toml", "site.key"), names(etc));
    assertEquals("rwx------", mode(etc));
    for (String name : names(etc)) {
      assertEquals("rw-------", mode(etc.resolve(name)), name);
    }
    assertTrue(Files.exists(root.resolve("opt/starling/current/RELEASE")));
    assertTrue(Files.isRegularFile(root.resolve(WANTED)), "enabled");
    String units = content(root.resolve("etc/systemd"));
    assertFalse(units.contains("first-start") || units.contains("begin-anew"), units);
    assertFalse(text(boot, "cmdline.txt").contains("systemd."));
    assertTrue(text(boot, "cmdline.txt").contains("transparent_hugepage=never"));
    try (Stream<Path> files = Files.walk(boot)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), UTF_8);
        assertFalse(text.contains(key), file + " has the Wi-Fi key");
        assertFalse(text.contains("private "), file + " has a private key");
      }
    }
  }

  /** As after a power cut: everything up to the end was done once before. */
  @Test
  void itCanBeDoneTwice() throws Exception {
    flash(Scheme.CLOUD_INIT);
    Path kept = Files.createDirectory(directory.resolve("kept"));
    for (String name : names(boot.resolve("starling"))) {
      Files.copy(boot.resolve("starling").resolve(name), kept.resolve(name));
    }
    start(0);
    for (String name : names(kept)) {
      Files.copy(kept.resolve(name), boot.resolve("starling").resolve(name));
    }
    start(0);
    assertEquals(4, names(root.resolve("etc/starling")).size());
    assertEquals(List.of("r1"), names(root.resolve("opt/starling/releases")));
  }

  /**
   * Before each command of the script the power is cut: what was written since the last {@code
   * sync} is there, or is lost, or is there on the boot partition alone.
   */
  @ParameterizedTest
  @EnumSource(names = {"CLOUD_INIT", "FIRSTRUN"})
  void whereverThePowerIsCutTheNextStartMakesItANode(Scheme scheme) throws Exception {
    flash(scheme);
    if (scheme == Scheme.CLOUD_INIT) {
      assertEquals(0, run(Map.of(), "sh", boot.resolve(SCRIPT), "arm").status());
      Files.createFile(Files.createDirectories(root.resolve(NOTES)).resolve("scripts_user"));
    }
    Path cuts = cutEverywhere();
    Set<String> seen = new TreeSet<>();
    for (String cut : names(cuts)) {
      Path now = cuts.resolve(cut).resolve("root");
      Path synced = cuts.resolve(cut).resolve("synced");
      for (List<Path> left :
          List.of(List.of(now, now), List.of(synced, synced), List.of(synced, now))) {
        Path files = left.get(0);
        Path partition = left.get(1).resolve("boot");
        if (seen.add(content(files) + content(partition))) {
          copy(files, root);
          copy(partition, root.resolve("boot"));
          String where = left.toString();
          nextStart(scheme, where);
          assertEquals(4, names(root.resolve("etc/starling")).size(), where);
          assertTrue(Files.exists(root.resolve(WANTED)), where);
          assertTrue(Files.exists(root.resolve("opt/starling/current/RELEASE")), where);
          assertFalse(Files.exists(boot.resolve("starling/node.tar")), where);
          assertFalse(Files.exists(boot.resolve("starling/FAILED.txt")), where);
          assertFalse(text(boot, "cmdline.txt").contains("systemd."), where);
          assertTrue(text(boot, "cmdline.txt").contains(" rootwait"), where);
        }
      }
    }
    assertTrue(seen.size() > 20, seen.size() + " states");
  }

  /** Runs the script once, and keeps what there is, and what is synced, before each command. */
  private Path cutEverywhere() throws Exception {
    Path cuts = Files.createDirectory(directory.resolve("cuts"));
    Path synced = directory.resolve("synced");
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Path sync = bin.resolve("sync");
    Files.writeString(sync, "#!/bin/sh\nrm -rf " + synced + " && cp -a " + root + " " + synced);
    Files.setPosixFilePermissions(sync, PosixFilePermissions.fromString("rwx------"));
    copy(root, synced);
    Path before =
        Files.writeString(
            directory.resolve("before"),
            """
            PATH=%s:$PATH
            keep() {
              to=%s/$BASHPID.$((++cut))
              mkdir $to && cp -a %s %s $to
            }
            set -T
            trap keep DEBUG
            """
                .formatted(bin, cuts, root, synced));
    Outcome outcome = run(Map.of("BASH_ENV", before.toString()), "bash", boot.resolve(SCRIPT));
    assertEquals(0, outcome.status(), outcome.said());
    return cuts;
  }

  /** As systemd and the scheme do it, with what they have noted before the power was cut. */
  private void nextStart(Scheme scheme, String where) throws Exception {
    boolean isThere = Files.exists(boot.resolve(SCRIPT));
    if (scheme == Scheme.CLOUD_INIT) {
      beginAnew();
      boolean isInstalled = Files.exists(root.resolve("usr/local/lib/starling/installed"));
      assertTrue(isInstalled || !isNoted(), where + ": users and networks are half made");
      if (isThere) {
        assertEquals(0, run(Map.of(), "sh", boot.resolve(SCRIPT), "arm").status(), where);
      }
    }
    if (text(boot, "cmdline.txt").contains("systemd.run=")) {
      assertTrue(isThere, where + ": it is started again for ever");
      start(0);
      return; // and the board starts again, with what the command line says now
    }
    boolean again = Files.exists(root.resolve(WANTS).resolve("starling-first-start.service"));
    if (again && Files.exists(boot.resolve("starling/node.tar"))) {
      Path copy = root.resolve("usr/local/lib/starling/first-start.sh");
      assertEquals(0, run(Map.of(), "sh", copy).status(), where);
    }
    if (scheme == Scheme.CLOUD_INIT && !isNoted() && Files.exists(boot.resolve(SCRIPT))) {
      start(0);
    }
  }

  private boolean isNoted() {
    return Files.exists(root.resolve(NOTES).resolve("scripts_user"));
  }

  /** Before cloud-init, if that was seen to. */
  private void beginAnew() throws IOException {
    Path unit = root.resolve("etc/systemd/system/sysinit.target.wants/starling-begin-anew.service");
    if (Files.exists(unit) && Files.exists(boot.resolve("starling/node.tar"))) {
      String command =
          Files.readString(unit)
              .lines()
              .filter(line -> line.startsWith("ExecStart=/bin/rm -rf "))
              .findFirst()
              .orElse("");
      if (command.contains(" /var/lib/cloud/instances ")) {
        Files.deleteIfExists(root.resolve(NOTES).resolve("scripts_user"));
      }
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    StockImage.run(List.of("rm", "-rf", to.toString()));
    StockImage.run(List.of("cp", "-a", from.toString(), to.toString()));
  }

  /** All files below a directory, and what is in them. */
  private static String content(Path directory) throws IOException {
    StringBuilder content = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted().toList()) {
        content.append(directory.relativize(file)).append('\n');
        if (Files.isRegularFile(file)) {
          content.append(new String(Files.readAllBytes(file), ISO_8859_1));
        }
      }
    }
    return content.toString();
  }

  @Test
  void aDamagedCardSaysSoAndInstallsNothing() throws Exception {
    flash(Scheme.FIRSTRUN);
    Path software = boot.resolve("starling/software.tar.gz");
    byte[] bytes = Files.readAllBytes(software);
    bytes[bytes.length / 2] ^= 1;
    Files.write(software, bytes);
    assertTrue(start(1).contains("damaged; flash this card again"));
    assertTrue(text(boot, "starling/FAILED.txt").contains("damaged"));
    assertFalse(Files.exists(root.resolve("etc/starling")));
    assertFalse(text(boot, "cmdline.txt").contains("systemd.run"), "or it would run for ever");
  }

  private static String text(Path directory, String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aFactoryResetForgetsWhichNodeTheBoardIsAndIsCarriedOutOnce() throws Exception {
    Path key = Files.createDirectories(root.resolve("etc/starling")).resolve("node.key");
    Files.writeString(key, "secret");
    Path state = Files.createDirectories(root.resolve("var/lib/starling"));
    Path programs = Files.createDirectories(root.resolve("opt/starling/releases/r1"));
    assertEquals(0, reset());
    assertTrue(Files.exists(key), "nobody ordered it");
    Path cell = root.resolve("cell"); // where the file's bytes are, whatever becomes of its name
    Files.createLink(cell, key);
    Files.createFile(boot.resolve("starling-reset"));
    assertEquals(0, reset());
    assertFalse(Files.exists(key.resolveSibling("")));
    assertFalse(Files.exists(state));
    assertFalse(Files.exists(boot.resolve("starling-reset")));
    assertEquals("\0".repeat(6), Files.readString(cell), "overwritten, not only deleted");
    assertTrue(Files.exists(programs));
    assertEquals(0, reset());
  }

  private int reset() throws Exception {
    Path script = Path.of("../edge-node/src/packaging/board/starling-reset");
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).inheritIO();
    builder.environment().put("STARLING_ROOT", root.toString());
    return builder.start().waitFor();
  }
}
