package starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.keys.SiteDirectory;
import starling.model.Member;
import starling.model.Page;

class KeysVerbTest {
  private static final String KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  @TempDir Path temporary;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aSiteIsMadeWithKeysForItsOwnerAlone() throws IOException {
    done("new", "--site", "orchard", "--window", "4");
    assertTrue(out.toString().contains("operator " + site().operatorHex()), out.toString());
    assertEquals("rwx------", mode(directory()));
    assertEquals("rw-------", mode(site().siteKey()));
    assertEquals("rw-------", mode(site().operatorKey()));
    Page.Site page = site().charter().site().orElseThrow();
    assertEquals("orchard", page.site());
    assertEquals(4000, page.windowMillis());
  }

  @Test
  void aSecondSiteInTheSameDirectoryIsRefusedAndNothingChanges() throws IOException {
    orchard();
    byte[] charter = Files.readAllBytes(site().charterFile());
    String key = Files.readString(site().siteKey());
    failed("new", "--site", "orchard");
    assertTrue(err.toString().contains("nothing was changed"), err.toString());
    assertArrayEquals(charter, Files.readAllBytes(site().charterFile()));
    assertEquals(key, Files.readString(site().siteKey()));
  }

  @Test
  void withoutASiteEachVerbSaysWhereItLooked() {
    for (List<String> words :
        List.of(
            List.of("show"),
            List.of("retire", "/orchard/north/n1"),
            List.of("query", "q", "SELECT COUNT(*) FROM readings"),
            List.of("bundle", "/orchard/north/n1", "--to", temporary.resolve("b").toString()))) {
      failed(words.toArray(String[]::new));
      assertTrue(err.toString().contains("there is no site in " + directory()), err.toString());
      assertTrue(err.toString().contains("starling keys new"), err.toString());
    }
  }

  @Test
  void everyChangeIsANewVersionOfWhatItTouchesAndOfNothingElse() throws IOException {
    orchard();
    done("cell", "/orchard/south", "--medium", "mqtt");
    long site = version(Page.SITE);
    long north = versionOf("/orchard/north");
    long south = versionOf("/orchard/south");
    done("add", "/orchard/north/n1");
    assertTrue(out.toString().contains("charter version " + (site + 1)), out.toString());
    assertEquals(site + 1, version(Page.SITE));
    assertEquals(north + 1, versionOf("/orchard/north"));
    assertEquals(south, versionOf("/orchard/south"));
    done("query", "load", "SELECT AVG(load) FROM readings");
    assertEquals(site + 2, version(Page.SITE));
    assertEquals(north + 1, versionOf("/orchard/north"));
  }

  @Test
  void whatIsRefusedChangesNothing() throws IOException {
    orchard();
    done("add", "/orchard/north/n1");
    byte[] charter = Files.readAllBytes(site().charterFile());
    List<Path> files = files();
    wrong("add", "/orchard/north/n1");
    wrong("add", "/orchard/north/n2", "--schema", "7");
    wrong("add", "/orchard/nowhere/n2");
    wrong("query", "q", "SELECT AVG(wind) FROM readings");
    wrong("schema", "1", "load:1:2:0:1000");
    wrong("retire", "/orchard/north/n9");
    wrong("cell", "/orchard/north", "--medium", "radio");
    assertArrayEquals(charter, Files.readAllBytes(site().charterFile()));
    assertEquals(files, files());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new                                        | --site",
        "new --site Orchard                         | lower-case",
        "new --site orchard --window 0              | window",
        "new --site orchard --window soon           | --window",
        "schema                                     | NUMBER",
        "schema 16 load:1:2:0:1000                  | 0 to 15",
        "schema 2 load:1:2:0                        | NAME:UNIT:DECIMALS:MIN:MAX",
        "schema 2 load:1:two:0:9                    | NAME:UNIT:DECIMALS:MIN:MAX",
        "schema 2 load:1:7:0:9                      | decimals are 0 to 6",
        "schema 2 load:1:2:9:0                      | minimum must be below maximum",
        "cell /orchard/south                        | --medium",
        "cell /orchard/south --medium wire          | lora-sf9",
        "cell /garden/south --medium radio          | /orchard",
        "cell south --medium radio                  | path",
        "cell /orchard/north/deep --medium radio    | is a cell",
        "add /orchard/north/N1                      | lower-case",
        "add /orchard/north/../n1                   | is not a cell",
        "add /orchard/north/n1 --schema x           | --schema",
        "add /orchard/north/n1 --public 00          | 64 hexadecimal digits",
        "add /orchard/north/n1 --public orchard     | 64 hexadecimal digits",
        "retire /orchard/north/n1                   | not in the roster",
        "retire /orchard                            | the site itself",
        "replace /orchard/north/n1                  | not in the roster",
        "replace /orchard/north                     | not in the roster",
        "replace n1                                 | path",
        "rename /orchard/north                      | NAME",
        "rename /orchard/north/n1 n2                | not in the roster",
        "rename /orchard/north North                | lower-case",
        "rename /orchard barn                       | the site itself",
        "move /orchard/north /orchard/north         | can't be moved",
        "move /orchard/north /garden                | /orchard",
        "move /orchard/south /orchard/hill          | not in the roster",
        "bundle /orchard/north/n1                   | --to",
        "bundle /orchard/north/n1 --to b            | not in the roster",
        "show --yaml                                | --yaml",
        "sign                                       | sign"
      })
  void wrongWordsAreWrongUsageThatSaysWhatIsPossible(String words, String hint) {
    if (!words.startsWith("new")) {
      orchard();
    }
    wrong(words.strip().split(" +"));
    assertTrue(err.toString().contains(hint), err.toString());
    assertTrue(err.toString().contains("--help"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void aWrongQueryIsShownWithACaretBelowTheMistake() {
    orchard();
    wrong("query", "climate", "SELECT AVG(lode) FROM readings");
    List<String> lines = err.toString().lines().toList();
    assertTrue(lines.getFirst().contains("query climate"), err.toString());
    int shown = 0;
    while (!lines.get(shown).contains("SELECT")) {
      shown++;
    }
    assertEquals(lines.get(shown).indexOf("lode"), lines.get(shown + 1).indexOf('^'));
    assertTrue(err.toString().contains("load"), err.toString());
  }

  @Test
  void aQueryForAnotherWindowIsRefused() {
    orchard();
    wrong("query", "climate", "SELECT AVG(load) FROM readings EVERY 5 s");
    assertTrue(err.toString().contains("take 60000 ms, or leave it out"), err.toString());
  }

  @Test
  void aQueryWhoseResultFitsNoRowIsRefused() {
    orchard();
    StringBuilder channels = new StringBuilder();
    List<String> words = new ArrayList<>(List.of("schema", "2"));
    for (int i = 0; i < 12; i++) {
      words.add("c" + i + ":1:0:0:1000000");
      channels.append(i == 0 ? "" : ", ").append("P95(c").append(i).append(")");
    }
    done(words.toArray(String[]::new));
    wrong("query", "wide", "SELECT " + channels + " FROM readings");
    assertTrue(err.toString().contains("a frame on sik-64k carries 229"), err.toString());
  }

  @Test
  void aNodeGetsAnIdentityAndALineInTheRoster() throws IOException {
    orchard();
    done("add", "/orchard/north/n1", "--uplink", "--mains");
    Path key = site().nodeKey("/orchard/north/n1");
    assertTrue(out.toString().startsWith("identity " + key), out.toString());
    assertEquals("rw-------", mode(key));
    Member member = member("n1");
    assertTrue(member.senses() && member.uplink() && member.mains() && !member.gateway());
    done("add", "/orchard/north/gate", "--gateway");
    Member gate = member("gate");
    assertTrue(gate.gateway() && gate.uplink() && gate.mains() && !gate.senses());
  }

  @Test
  void aKeyMadeElsewhereNeedsNoFileHere() throws IOException {
    orchard();
    done("add", "/orchard/north/n1", "--public", KEY);
    assertEquals(KEY, java.util.HexFormat.of().formatHex(member("n1").key()));
    assertFalse(Files.exists(site().nodeKey("/orchard/north/n1")));
    wrong("add", "/orchard/north/n2", "--public", KEY);
    assertTrue(err.toString().contains("has the key of /orchard/north/n1"), err.toString());
  }

  @Test
  void namesThatLookAlikeHaveFilesOfTheirOwn() {
    orchard();
    done("cell", "/orchard/a", "--medium", "mqtt");
    done("cell", "/orchard/a-b", "--medium", "mqtt");
    done("add", "/orchard/a/b-c");
    done("add", "/orchard/a-b/c");
    assertNotEquals(site().nodeKey("/orchard/a/b-c"), site().nodeKey("/orchard/a-b/c"));
  }

  @Test
  void aRetiredNodeLeavesItsSlotAndTheOthersKeepTheirs() throws IOException {
    orchard();
    done("add", "/orchard/north/n1");
    done("add", "/orchard/north/n2");
    done("retire", "/orchard/north/n1");
    assertEquals(1, member("n2").slot());
    assertEquals(1, cell().members().size());
    done("add", "/orchard/north/n3");
    assertEquals(0, member("n3").slot());
    assertEquals(1, member("n2").slot());
  }

  @Test
  void aLostBoardsPlaceGetsANewIdentityAndTheOldOneIsForgotten() throws IOException {
    orchard();
    done("add", "/orchard/north/n1", "--uplink", "--mains");
    Member lost = member("n1");
    byte[] key = Files.readAllBytes(site().nodeKey("/orchard/north/n1"));
    done("replace", "/orchard/north/n1");
    Member next = member("n1");
    assertNotEquals(lost.id(), next.id());
    assertNotEquals(lost.slot(), next.slot());
    assertTrue(next.senses() && next.uplink() && next.mains() && !next.gateway());
    byte[] replaced = Files.readAllBytes(site().nodeKey("/orchard/north/n1"));
    assertFalse(java.util.Arrays.equals(key, replaced));
    assertTrue(files().stream().noneMatch(file -> file.toString().endsWith(".lost")));
    done("replace", "/orchard/north/n1", "--public", KEY);
    assertEquals(KEY, java.util.HexFormat.of().formatHex(member("n1").key()));
    assertEquals(List.of(), keyFiles(), "no private half of a key that is out");
    wrong("replace", "/orchard/north/n1", "--public", KEY);
    assertTrue(err.toString().contains("has that key already"), err.toString());
  }

  private List<Path> keyFiles() throws IOException {
    return files().stream()
        .filter(file -> file.toString().contains("/nodes/") && file.toString().endsWith(".key"))
        .toList();
  }

  @Test
  void aRetiredNodeComesBackAsWhoItWas() throws IOException {
    orchard();
    done("add", "/orchard/north/n1");
    Member before = member("n1");
    done("retire", "/orchard/north/n1");
    done("add", "/orchard/north/n1");
    assertEquals(before.id(), member("n1").id());
  }

  @Test
  void aZoneThatIsRenamedAndMovedKeepsItsNodesAndTheirIdentities() throws Exception {
    orchard();
    done("add", "/orchard/north/n1");
    byte[] key = Files.readAllBytes(site().nodeKey("/orchard/north/n1"));
    Page.Cell before = cell();
    done("rename", "/orchard/north", "upper");
    done("move", "/orchard/upper", "/orchard/far/hill");
    done("rename", "/orchard/far/hill/upper/n1", "mast");
    assertEquals(before.zone(), cell().zone());
    assertEquals(before.members().getFirst().slot(), member("mast").slot());
    Path moved = site().nodeKey("/orchard/far/hill/upper/mast");
    assertArrayEquals(key, Files.readAllBytes(moved));
    assertEquals("rw-------", mode(moved));
    assertFalse(Files.exists(site().nodeKey("/orchard/north/n1")));
    done(
        "bundle",
        "/orchard/far/hill/upper/mast",
        "--to",
        temporary.resolve("b").toString(),
        "--radio",
        "sik-64k:/dev/ttyUSB0");
    done("show");
    assertTrue(out.toString().contains("zone\t/orchard/far/hill\tid 4\ncell"), out.toString());
  }

  @Test
  void aNodeMovesToAnotherCellAsWhoItIs() throws IOException {
    orchard();
    done("add", "/orchard/north/n1", "--uplink", "--mains");
    Member before = member("n1");
    done("cell", "/orchard/south", "--medium", "mqtt");
    done("move", "/orchard/north/n1", "/orchard/south");
    assertEquals(0, cell().members().size());
    assertTrue(Files.exists(site().nodeKey("/orchard/south/n1")));
    done("move", "/orchard/south/n1", "/orchard/north");
    assertEquals(before, member("n1"));
  }

  @Test
  void anIdentityInTheWayIsNotOverwrittenAndNothingChanges() throws IOException {
    orchard();
    done("add", "/orchard/north/n1");
    done("add", "/orchard/north/n2");
    done("retire", "/orchard/north/n1");
    byte[] charter = Files.readAllBytes(site().charterFile());
    List<Path> files = files();
    wrong("rename", "/orchard/north/n2", "n1");
    assertTrue(err.toString().contains("n1.key is the identity"), err.toString());
    assertArrayEquals(charter, Files.readAllBytes(site().charterFile()));
    assertEquals(files, files());
  }

  @Test
  void aZoneWithNodesIsRetiredOnlyWhenThatIsMeant() throws IOException {
    orchard();
    done("cell", "/orchard/hill/upper", "--medium", "radio");
    done("add", "/orchard/hill/upper/n1");
    wrong("retire", "/orchard/hill");
    assertTrue(err.toString().contains("has 1 nodes"), err.toString());
    assertTrue(err.toString().contains("--yes"), err.toString());
    done("retire", "/orchard/hill", "--yes");
    done("show");
    assertFalse(out.toString().contains("hill"), out.toString());
    done("cell", "/orchard/hill", "--medium", "radio");
    done("show");
    assertTrue(out.toString().contains("cell\t/orchard/hill\tid 5"), out.toString());
  }

  @Test
  void theCharterFileIsReplacedInOneStep() throws IOException {
    orchard();
    Path next = directory().resolve("charter.bin.next");
    Files.writeString(next, "left by a power cut");
    done("add", "/orchard/north/n1");
    assertFalse(Files.exists(next));
    assertEquals("n1", member("n1").name());
  }

  @Test
  void whatIsThereIsShownAsLinesAndAsJson() throws IOException {
    orchard();
    done("add", "/orchard/north/n1", "--uplink");
    done("query", "climate", "SELECT AVG(load) FROM readings");
    done("show");
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.contains("operator\t" + site().operatorHex()), out.toString());
    assertTrue(lines.contains("schema\t1\tchannels load,memory"), out.toString());
    assertTrue(
        lines.contains(
            "query\tclimate\tnumber 1\texpires never\ttext SELECT AVG(load) FROM readings"));
    assertTrue(lines.contains("cell\t/orchard/north\tid 2\tmedium sik-64k"), out.toString());
    assertTrue(
        lines.contains(
            "node\t/orchard/north/n1\tslot 0\tid " + member("n1").id() + "\tschema 1\tuplink"),
        out.toString());
    done("show", "--json");
    List<String> objects = out.toString().lines().toList();
    assertEquals(lines.size(), objects.size());
    var node = JsonParser.parseString(objects.getLast()).getAsJsonObject();
    assertEquals("node", node.get("kind").getAsString());
    assertEquals("/orchard/north/n1", node.get("name").getAsString());
    assertEquals(0, node.get("slot").getAsInt());
    assertTrue(node.get("uplink").getAsBoolean());
    assertFalse(node.get("mains").getAsBoolean());
  }

  @Test
  void everySubcommandHasHelpWithAnExample() {
    for (String verb :
        List.of(
            "new", "schema", "cell", "add", "rename", "move", "retire", "replace", "invite",
            "pending", "approve", "deny", "bundle", "show")) {
      assertEquals(0, run("keys", verb, "--help"));
      assertTrue(out.toString().contains("Example: starling keys " + verb), out.toString());
    }
  }

  private void orchard() {
    done("new", "--site", "orchard");
    done("schema", "1", "load:1:2:0:1000", "memory:%:1:0:100");
    done("cell", "/orchard/north", "--medium", "radio");
    out.getBuffer().setLength(0);
  }

  private Path directory() {
    return temporary.resolve("site");
  }

  private SiteDirectory site() {
    return new SiteDirectory(directory());
  }

  private Page.Cell cell() throws IOException {
    return site().charter().pages().values().stream()
        .filter(Page.Cell.class::isInstance)
        .map(Page.Cell.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private Member member(String name) throws IOException {
    return cell().members().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private long version(int zone) throws IOException {
    return site().charter().version(zone);
  }

  private long versionOf(String path) throws IOException {
    var charter = site().charter();
    return charter.pages().values().stream()
        .filter(page -> charter.path(page.zone()).orElse("").equals(path))
        .findFirst()
        .orElseThrow()
        .version();
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(directory())) {
      return files.sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void done(String... words) {
    assertEquals(0, keys(words), err.toString());
    assertEquals("", err.toString());
  }

  private void failed(String... words) {
    assertEquals(1, keys(words), err.toString());
  }

  private void wrong(String... words) {
    assertEquals(2, keys(words), err.toString());
  }

  private int keys(String... words) {
    boolean query = words.length > 0 && words[0].equals("query");
    List<String> all = new ArrayList<>(query ? List.of("query", "install") : List.of("keys"));
    all.addAll(List.of("--dir", directory().toString()));
    all.addAll(List.of(words).subList(query ? 1 : 0, words.length));
    return run(all.toArray(String[]::new));
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
