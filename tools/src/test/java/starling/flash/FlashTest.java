package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import starling.charter.Draft;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SiteDirectory;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;
import starling.progress.Progress;

class FlashTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 6, 1, 12, 0);
  private static final String NODE = "/orchard/north/n17";
  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8 it's me";
  private static final Enrolment.Terms TERMS = new Enrolment.Terms(1, Set.of(), false);

  @TempDir Path directory;
  private SiteDirectory site;

  @BeforeEach
  void makeASite() throws IOException {
    Draft draft =
        new Draft("orchard", 60_000)
            .schema(new Schema(1, List.of(new Channel("load", "1", 2, 0, 1000))))
            .cell("/orchard/north", Page.Medium.BROADCAST);
    site = SiteDirectory.create(directory.resolve("site"), draft);
  }

  private static Settings settings(boolean onBoard) {
    return new Settings(
        "north-n17",
        "pi",
        List.of(KEY),
        Optional.of(Wifi.of("barn \"5\"", "correct horse", "DE")),
        Optional.of("Europe/Berlin"),
        onBoard);
  }

  private static Bundle bundle(String port) {
    return new Bundle(NODE, Optional.of(Bundle.Radio.of("sik-64k:" + port)), Optional.empty());
  }

  private Flash.Done flash(Path target, Optional<Path> image, boolean onBoard) throws IOException {
    String port = onBoard ? "/dev/serial0" : "/dev/ttyUSB0";
    return new Flash(
            target,
            image,
            Optional.empty(),
            Optional.empty(),
            settings(onBoard),
            Optional.empty(),
            NOW)
        .run(site, bundle(port), TERMS, Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void eachSchemeIsSeenWrittenAndReadByOthers(Scheme scheme) throws Exception {
    Path image = directory.resolve("n17.img");
    StockImage.make(image, StockImage.files(scheme), 36, "-F", "32", "-s", "1"); // as stock ones
    Flash.Done done = flash(image, Optional.empty(), true);
    assertEquals(scheme, done.scheme());
    StockImage.check(image);
    String config = StockImage.text(image, "config.txt");
    assertTrue(config.startsWith(StockImage.CONFIG), config);
    for (String line : List.of("dtparam=i2c_arm=on", "dtparam=spi=on", "enable_uart=1")) {
      assertTrue(config.contains("\n" + line + "\n"), config);
    }
    String cmdline = StockImage.text(image, "cmdline.txt");
    assertFalse(cmdline.contains("serial0"), cmdline);
    assertTrue(cmdline.contains("console=tty1 root=PARTUUID="), cmdline);
    assertTrue(cmdline.contains("transparent_hugepage=never"), cmdline);
    assertEquals(1, cmdline.lines().count());
    switch (scheme) {
      case CLOUD_INIT -> checkCloudInit(image);
      case PRESEED -> checkPreseed(StockImage.text(image, "rpi-preseed.toml"));
      case CUSTOM_TOML -> checkCustom(StockImage.text(image, "custom.toml"), cmdline);
      case FIRSTRUN -> checkFirstRun(StockImage.text(image, "firstrun.sh"), cmdline);
    }
  }

  private static void checkCloudInit(Path image) throws Exception {
    String user = StockImage.text(image, "user-data");
    assertTrue(user.startsWith("#cloud-config\n"), user);
    assertTrue(user.contains("\nhostname: north-n17\n"), user);
    assertTrue(user.contains("\ntimezone: Europe/Berlin\n"), user);
    assertTrue(user.contains("ssh_authorized_keys: [\"" + KEY + "\"]"), user);
    String script = "- test ! -e /boot/firmware/starling/first-start.sh || sh ";
    script += "/boot/firmware/starling/first-start.sh";
    assertTrue(user.contains("bootcmd:\n" + script + " arm\nruncmd:\n"), user);
    assertTrue(user.endsWith(script + "\n"), user);
    String network = StockImage.text(image, "network-config");
    assertTrue(network.contains("\"barn \\\"5\\\"\":\n"), network);
    assertFalse(network.contains("correct horse"), network);
    String meta = StockImage.text(image, "meta-data");
    assertTrue(meta.contains("\ninstance-id: starling-"), meta);
  }

  private static void checkPreseed(String text) {
    assertTrue(text.contains("config_version = \"1.0\"\n"), text);
    assertTrue(text.contains("late = [\"sh /boot/firmware/starling/first-start.sh\"]"), text);
    checkToml(text);
  }

  private static void checkCustom(String text, String cmdline) {
    assertTrue(text.contains("config_version = 1\n"), text);
    checkToml(text);
    assertTrue(cmdline.contains("systemd.run=/boot/firmware/starling/first-start.sh "), cmdline);
    assertTrue(cmdline.contains("init=/usr/lib/raspberrypi-sys-mods/firstboot"), cmdline);
  }

  private static void checkToml(String text) {
    assertTrue(text.contains("[system]\nhostname = \"north-n17\"\n"), text);
    assertTrue(text.contains("ssid = \"barn \\\"5\\\"\"\n"), text);
    assertTrue(text.contains("authorized_keys = [\"" + KEY + "\"]\n"), text);
    assertTrue(text.contains("timezone = \"Europe/Berlin\""), text);
  }

  private static void checkFirstRun(String text, String cmdline) {
    assertTrue(text.contains("set_hostname north-n17\n"), text);
    assertTrue(text.contains("it'\\''s me'"), text);
    assertTrue(cmdline.contains("systemd.run=/boot/firmware/firstrun.sh "), cmdline);
    assertTrue(cmdline.contains("systemd.unit=kernel-command-line.target"), cmdline);
  }

  /** IEEE 802.11-2020, annex J.4.2, the first test vector. */
  @Test
  void aPassphraseMakesTheKeyThatTheStandardSays() {
    assertEquals(
        "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e",
        Wifi.of("IEEE", "password", "DE").keyHex());
  }

  @Test
  void aRadioOnUsbLeavesTheConsoleWhereItIs() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    flash(image, Optional.empty(), false);
    assertTrue(StockImage.text(image, "cmdline.txt").startsWith("console=serial0,115200 "));
    assertFalse(StockImage.text(image, "config.txt").contains("disable-bt"));
  }

  @Test
  void theNodeIsInTheRosterAndItsIdentityOnTheCardAlone() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    Flash.Done done = flash(image, Optional.empty(), false);
    assertFalse(site.holds(NODE));
    Path card = Files.createDirectory(directory.resolve("card"));
    Files.write(card.resolve("node.tar"), StockImage.read(image, "starling/node.tar"));
    StockImage.run(List.of("tar", "-xf", card + "/node.tar", "-C", card.toString()));
    String listed = StockImage.run(List.of("tar", "-tvf", card + "/node.tar"));
    assertEquals(4, listed.lines().filter(line -> line.startsWith("-rw------- root/root")).count());
    Draft roster = Draft.of(site.charter());
    String id = roster.nodes(NODE).keySet().iterator().next().toString();
    assertEquals(id, done.id());
    assertTrue(Files.readString(card.resolve("node.toml")).contains("/var/lib/starling"));
  }

  @Test
  void aSecondCardOfTheSameNodeIsRefusedUnlessTheFirstIsLost() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    String first = flash(image, Optional.empty(), false).id();
    byte[] before = Files.readAllBytes(image);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> flash(image, Optional.empty(), false));
    assertTrue(refused.getMessage().contains("--replace"), refused.getMessage());
    assertArrayEquals(before, Files.readAllBytes(image));
    Flash again =
        new Flash(
            image,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            settings(false),
            Optional.empty(),
            NOW);
    Enrolment.Terms lost = new Enrolment.Terms(1, Set.of(), true);
    String second = again.run(site, bundle("/dev/ttyUSB0"), lost, Progress.NONE).id();
    assertFalse(first.equals(second));
    assertEquals(1, Draft.of(site.charter()).nodes(NODE).size());
  }

  @Test
  void aNodeThatWasAddedBeforeGetsTheIdentityThatItHas() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    Draft draft = Draft.of(site.charter());
    draft.node(NODE, site.newNode(NODE), 1, Set.of(Draft.Duty.SENSES, Draft.Duty.MAINS));
    site.save(draft);
    String id = draft.nodes(NODE).keySet().iterator().next().toString();
    assertEquals(id, flash(image, Optional.empty(), false).id());
  }

  @ParameterizedTest
  @CsvSource({"xz", "gz", "zst", "img"})
  void aPackedImageIsUnpackedIntoANewOne(String kind) throws Exception {
    Path stock = StockImage.make(directory.resolve("s.img"), StockImage.files(Scheme.CLOUD_INIT));
    Path packed = directory.resolve("packed." + kind);
    pack(stock, packed, kind);
    byte[] before = Files.readAllBytes(packed);
    Path image = directory.resolve("n17.img");
    flash(image, Optional.of(packed), false);
    StockImage.check(image);
    assertTrue(StockImage.text(image, "user-data").contains("north-n17"));
    assertArrayEquals(before, Files.readAllBytes(packed));
    var taken = assertThrows(IOException.class, () -> flash(image, Optional.of(packed), false));
    assertTrue(taken.getMessage().contains("there already"), taken.getMessage());
  }

  private static void pack(Path from, Path to, String kind) throws Exception {
    if (kind.equals("zst")) {
      StockImage.run(List.of("zstd", "-q", "-1", from.toString(), "-o", to.toString()));
      return;
    }
    try (OutputStream out = Files.newOutputStream(to);
        OutputStream packing =
            switch (kind) {
              case "xz" -> new XZOutputStream(out, new LZMA2Options(0));
              case "gz" -> new GZIPOutputStream(out);
              default -> out;
            }) {
      Files.copy(from, packing);
    }
  }

  @ParameterizedTest
  @CsvSource({"xz", "gz", "zst"})
  void aPackedImageThatIsCutShortLeavesNothingBehind(String kind) throws Exception {
    Path stock = StockImage.make(directory.resolve("s.img"), StockImage.files(Scheme.CLOUD_INIT));
    Path packed = directory.resolve("packed." + kind);
    pack(stock, packed, kind);
    byte[] bytes = Files.readAllBytes(packed);
    Files.write(packed, Arrays.copyOf(bytes, bytes.length / 2));
    List<String> before = names(directory);
    refused("cut short", directory.resolve("n17.img"), Optional.of(packed));
    assertEquals(before, names(directory));
  }

  @Test
  void badTargetsAreRefusedAndNothingIsChanged() throws Exception {
    refused("does not exist", directory.resolve("nowhere.img"), Optional.empty());
    Path text = Files.writeString(directory.resolve("text.img"), "x".repeat(4096));
    refused("no partition table", text, Optional.empty());
    Path packed = directory.resolve("p.img.gz");
    pack(text, packed, "gz");
    refused("--image " + packed, packed, Optional.empty());
    refused("no cmdline.txt", Files.createDirectory(directory.resolve("empty")), Optional.empty());
    Map<String, String> old = new TreeMap<>(StockImage.files(Scheme.FIRSTRUN));
    old.put("cmdline.txt", "console=tty1 root=/dev/sda2 rootwait\n");
    Path started = StockImage.make(directory.resolve("started.img"), old);
    refused("stock Raspberry Pi OS image", started, Optional.empty());
    Path full =
        StockImage.make(
            directory.resolve("full.img"),
            StockImage.files(Scheme.CLOUD_INIT),
            3,
            "-F",
            "16",
            "-s",
            "1");
    refused("full", full, Optional.empty());
  }

  @Test
  void aSystemThatTheProgramsCanNotRunOnIsRefused() throws Exception {
    Path programs = Files.createFile(directory.resolve("starling-node-x-arm64-glibc2.38.tar.gz"));
    Path old = StockImage.make(directory.resolve("12.img"), StockImage.files(Scheme.FIRSTRUN));
    Map<String, String> files = new TreeMap<>(StockImage.files(Scheme.CLOUD_INIT));
    files.put("kernel7l.img", "kernel");
    Path narrow = StockImage.make(directory.resolve("armhf.img"), files);
    byte[] charter = Files.readAllBytes(site.charterFile());
    for (Map.Entry<Path, String> one : Map.of(old, "trixie", narrow, "64-bit image").entrySet()) {
      Flash flash =
          new Flash(
              one.getKey(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              settings(false),
              Optional.of(programs),
              NOW);
      var refused =
          assertThrows(
              IOException.class,
              () -> flash.run(site, bundle("/dev/ttyUSB0"), TERMS, Progress.NONE));
      assertTrue(refused.getMessage().contains(one.getValue()), refused.getMessage());
    }
    assertArrayEquals(charter, Files.readAllBytes(site.charterFile()));
  }

  private void refused(String why, Path target, Optional<Path> image) throws IOException {
    byte[] charter = Files.readAllBytes(site.charterFile());
    byte[] before = Files.isRegularFile(target) ? Files.readAllBytes(target) : new byte[0];
    IOException refused = assertThrows(IOException.class, () -> flash(target, image, false));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
    assertArrayEquals(charter, Files.readAllBytes(site.charterFile()));
    byte[] after = Files.isRegularFile(target) ? Files.readAllBytes(target) : new byte[0];
    assertArrayEquals(before, after);
    assertFalse(site.holds(NODE));
  }

  @Test
  void aNodeThatCanNotBeIsRefusedBeforeTheRosterIsTouched() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    byte[] before = Files.readAllBytes(image);
    Optional<Bundle.Radio> radio = Optional.of(Bundle.Radio.of("sik-64k:/dev/ttyUSB0"));
    List<Bundle> wrong =
        List.of(
            new Bundle("/orchard/south/n17", radio, Optional.empty()),
            new Bundle("n17", radio, Optional.empty()),
            new Bundle("/orchard/north/N 17", radio, Optional.empty()),
            new Bundle(NODE, Optional.empty(), Optional.empty()));
    byte[] charter = Files.readAllBytes(site.charterFile());
    for (Bundle bundle : wrong) {
      Flash flash =
          new Flash(
              image,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              settings(false),
              Optional.empty(),
              NOW);
      assertThrows(
          IllegalArgumentException.class, () -> flash.run(site, bundle, TERMS, Progress.NONE));
      assertArrayEquals(charter, Files.readAllBytes(site.charterFile()), bundle.path());
      assertArrayEquals(before, Files.readAllBytes(image), bundle.path());
    }
  }

  @Test
  void aNodeWhoseCardFailsIsNotInTheRoster() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.CLOUD_INIT));
    byte[] before = Files.readAllBytes(image);
    Bundle wrongPreset =
        new Bundle(NODE, Optional.of(Bundle.Radio.of("sik-65k:/dev/x")), Optional.empty());
    Flash flash =
        new Flash(
            image,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            settings(false),
            Optional.empty(),
            NOW);
    assertThrows(
        IllegalArgumentException.class, () -> flash.run(site, wrongPreset, TERMS, Progress.NONE));
    assertTrue(Draft.of(site.charter()).nodes(NODE).isEmpty());
    assertFalse(site.holds(NODE));
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void aFolderIsWrittenInOneGoAndAgainTheSame() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("bootfs"));
    for (Map.Entry<String, String> one : StockImage.files(Scheme.CLOUD_INIT).entrySet()) {
      Files.writeString(folder.resolve(one.getKey()), one.getValue());
    }
    assertEquals(Scheme.CLOUD_INIT, flash(folder, Optional.empty(), true).scheme());
    assertFalse(names(folder).stream().anyMatch(name -> name.endsWith("-new")));
    String cmdline = Files.readString(folder.resolve("cmdline.txt"));
    String config = Files.readString(folder.resolve("config.txt"));
    Flash again =
        new Flash(
            folder,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            settings(true),
            Optional.empty(),
            NOW);
    Enrolment.Terms lost = new Enrolment.Terms(1, Set.of(), true);
    again.run(site, bundle("/dev/serial0"), lost, Progress.NONE);
    assertEquals(cmdline, Files.readString(folder.resolve("cmdline.txt")));
    assertEquals(config, Files.readString(folder.resolve("config.txt")));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theDigestsOnTheCardAreThoseOfItsFiles() throws Exception {
    Path image = StockImage.make(directory.resolve("x.img"), StockImage.files(Scheme.PRESEED));
    flash(image, Optional.empty(), false);
    Path node = directory.resolve("node.tar");
    Files.write(node, StockImage.read(image, "starling/node.tar"));
    String line = StockImage.run(List.of("sha256sum", node.toString())).split(" ", 2)[0];
    String sums = new String(StockImage.read(image, "starling/SHA256SUMS"), UTF_8);
    assertEquals(line + "  node.tar\n", sums);
  }
}
