package starling.flash;

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

  private String start(int status) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", boot.resolve("starling/first-start.sh").toString());
    builder.environment().put("STARLING_ROOT", root.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(status, process.waitFor(), said);
    return said;
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
    Path units = root.resolve("etc/systemd/system");
    Path wanted = units.resolve("multi-user.target.wants/starling-node.service");
    assertTrue(Files.isRegularFile(wanted), "enabled");
    assertFalse(Files.exists(units.resolve("starling-first-start.service")));
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
}
