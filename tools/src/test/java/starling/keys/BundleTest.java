package starling.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Page;
import starling.model.Schema;
import starling.node.Configuration;
import starling.node.NodeSettings;

class BundleTest {
  private static final String BROKER = "tcp://gateway.local:1883";
  private static final String RADIO = "sik-64k:/dev/ttyUSB0";

  @TempDir Path directory;
  private SiteDirectory site;

  @BeforeEach
  void makeASite() throws IOException {
    Draft draft =
        new Draft("orchard", 60_000)
            .schema(new Schema(1, List.of(new Channel("load", "1", 2, 0, 1000))))
            .cell("/orchard/north", Page.Medium.BROADCAST)
            .cell("/orchard/barn", Page.Medium.ADDRESSED);
    site = SiteDirectory.create(directory.resolve("site"), draft);
    draft.node("/orchard/north/n1", site.newNode("/orchard/north/n1"), 1, Set.of(Duty.SENSES));
    draft.node(
        "/orchard/north/n2",
        site.newNode("/orchard/north/n2"),
        1,
        Set.of(Duty.SENSES, Duty.UPLINK));
    draft.node("/orchard/barn/n1", site.newNode("/orchard/barn/n1"), 1, Set.of(Duty.SENSES));
    draft.node("/orchard/barn/n2", new byte[32], 1, Set.of(Duty.SENSES));
    site.save(draft);
  }

  @Test
  void itHoldsWhatTheNodeNeedsAndNothingElse() throws Exception {
    Path to = directory.resolve("bundles/n2");
    bundle("/orchard/north/n2", RADIO, BROKER).write(site, to);
    assertEquals(List.of("charter.bin", "node.key", "node.toml", "site.key"), names(to));
    assertEquals("rwx------", mode(to));
    assertEquals("rw-------", mode(to.resolve("node.key")));
    assertEquals("rw-------", mode(to.resolve("site.key")));
    assertEquals(List.of("n2"), names(to.resolveSibling("")));
    Charter whole = site.charter();
    Charter held = settings(to).charter();
    assertEquals(whole.branch(cell(whole, "north")), held);
    assertEquals(3, held.pages().size(), "the site's, the root zone's, its cell's");
  }

  private static int cell(Charter of, String name) {
    return of.pages().values().stream()
        .filter(page -> page instanceof Page.Cell cell && cell.name().equals(name))
        .mapToInt(Page::zone)
        .findFirst()
        .orElseThrow();
  }

  private static NodeSettings settings(Path of) throws Exception {
    Path file = of.resolve("node.toml");
    return NodeSettings.of(Configuration.read(file, List.of(), NodeSettings.KEYS), false);
  }

  @Test
  void itWorksAsItIsWhereverItIsCopiedTo() throws Exception {
    bundle("/orchard/north/n2", RADIO, BROKER).write(site, directory.resolve("n2"));
    Path moved = Files.move(directory.resolve("n2"), directory.resolve("elsewhere"));
    NodeSettings settings = settings(moved);
    assertEquals("n2", settings.place(settings.charter()).member().name());
    assertEquals(2, settings.links().size());
    assertEquals(moved.resolve("state"), settings.state());
  }

  @Test
  void aStationOnAnAmateurBandHasItsCallSign() throws Exception {
    Bundle.Radio tnc = Bundle.Radio.of("kiss-1200:/dev/ttyUSB0").station("N0CALL-7");
    Path to = directory.resolve("n1");
    new Bundle("/orchard/north/n1", Optional.of(tnc), Optional.empty()).write(site, to);
    assertTrue(settings(to).links().getFirst().profile().clear());
  }

  @ParameterizedTest
  @CsvSource({
    "/orchard/north/n1, '', '', --radio",
    "/orchard/north/n1, " + RADIO + ", " + BROKER + ", can't have --broker",
    "/orchard/north/n2, " + RADIO + ", '', --broker",
    "/orchard/north/n2, '', " + BROKER + ", --radio",
    "/orchard/barn/n1, '', '', --broker",
    "/orchard/barn/n1, " + RADIO + ", " + BROKER + ", can't have --radio",
    "/orchard/north/n9, " + RADIO + ", '', starling keys add /orchard/north/n9",
    "/orchard/north, " + RADIO + ", '', not in the roster",
    "/orchard/north/n1, sik:/dev/x, '', sik-64k",
    "/orchard/north/n1, kiss-1200:/dev/x, '', callsign is missing",
    "/orchard/barn/n1, '', gateway.local, tcp://host:1883"
  })
  void aBundleThatWouldNotWorkIsRefused(String path, String radio, String broker, String hint)
      throws IOException {
    Path to = directory.resolve("n");
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> bundle(path, radio, broker).write(site, to));
    assertTrue(refusal.getMessage().contains(hint), refusal.getMessage());
    assertEquals(List.of("site"), names(directory));
  }

  @Test
  void anIdentityThatIsNotHereCanNotBeBundled() {
    IOException failure =
        assertThrows(
            IOException.class,
            () -> bundle("/orchard/barn/n2", "", BROKER).write(site, directory.resolve("n")));
    assertTrue(failure.getMessage().contains("made elsewhere"), failure.getMessage());
    assertFalse(Files.exists(directory.resolve("n")));
  }

  @Test
  void whatIsThereAlreadyIsNotTouched() throws IOException {
    Path to = Files.createDirectory(directory.resolve("n"));
    Files.writeString(to.resolve("precious"), "x");
    IOException failure =
        assertThrows(
            IOException.class, () -> bundle("/orchard/barn/n1", "", BROKER).write(site, to));
    assertTrue(failure.getMessage().contains("not empty"), failure.getMessage());
    assertEquals(List.of("precious"), names(to));
    assertEquals(List.of("n", "site"), names(directory));
  }

  @Test
  void anEmptyDirectoryIsFilled() throws IOException {
    Path to = Files.createDirectory(directory.resolve("n"));
    bundle("/orchard/barn/n1", "", BROKER).write(site, to);
    assertEquals(4, names(to).size());
  }

  @Test
  void aRadioIsAPresetAndAPort() {
    Bundle.Radio radio = Bundle.Radio.of("lora-sf9:/dev/serial/by-id/usb:1");
    assertEquals("lora-sf9", radio.preset());
    assertEquals("/dev/serial/by-id/usb:1", radio.port());
    for (String wrong : List.of("", "sik-64k", ":/dev/x", "sik-64k:")) {
      assertThrows(IllegalArgumentException.class, () -> Bundle.Radio.of(wrong));
    }
  }

  @Test
  void aSensorIsAKindAndWhatItTakes() throws Exception {
    List<SensorTable> sensors =
        List.of(SensorTable.of("bme280"), SensorTable.of("bme280:address=0x77,prefix=roof"));
    Path to = directory.resolve("n");
    Optional<Bundle.Radio> radio = Optional.of(Bundle.Radio.of("sik-64k:/dev/ttyUSB0"));
    new Bundle("/orchard/north/n1", radio, Optional.empty(), Optional.empty(), sensors)
        .write(site, to);
    String text = Files.readString(to.resolve("node.toml"));
    for (String table :
        List.of(
            "[sensor.board]\nkind = \"linux\"\n",
            "[sensor.bme280-1]\nkind = \"bme280\"\n",
            "[sensor.bme280-2]\nkind = \"bme280\"\naddress = \"0x77\"\nprefix = \"roof\"\n")) {
      assertTrue(text.contains(table), text);
    }
    for (String wrong : List.of("", "bme281", "bme280:", "bme280:volume=3", "bme280:address")) {
      assertThrows(IllegalArgumentException.class, () -> SensorTable.of(wrong), wrong);
    }
  }

  private static Bundle bundle(String path, String radio, String broker) {
    return new Bundle(
        path,
        Optional.of(radio).filter(r -> !r.isEmpty()).map(Bundle.Radio::of),
        Optional.of(broker).filter(b -> !b.isEmpty()));
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
