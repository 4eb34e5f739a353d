package starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.Repository;
import starling.keys.SiteDirectory;
import starling.model.Page;

class QueryVerbTest {
  private static final String CLIMATE = "SELECT AVG(load), P95(load), COUNT(*) FROM readings";

  @TempDir Path temporary;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void orchard() {
    keys("new", "--site", "orchard", "--window", "4");
    keys("schema", "1", "load:1:2:0:1000", "memory:%:1:0:100");
    keys("cell", "/orchard/north", "--medium", "lora-sf9");
    for (int i = 0; i < 12; i++) {
      keys("add", "/orchard/north/n" + i);
    }
  }

  @Test
  void anInstalledQueryIsSignedNumberedAndEnds() throws IOException {
    assertEquals(0, query("install", "climate", CLIMATE, "--for", "30d"), err.toString());
    Page.StandingQuery climate = installed().getFirst();
    assertEquals(1, climate.number());
    assertEquals(CLIMATE, climate.text());
    long left = climate.expiresMillis() - Instant.now().toEpochMilli();
    assertTrue(left > Duration.ofDays(29).toMillis() && left <= Duration.ofDays(30).toMillis());
    assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("charter\tsigned\t")));
    assertEquals(0, query("install", "climate", "SELECT MAX(load) FROM readings"));
    assertEquals(1, installed().size());
    assertEquals(2, installed().getFirst().number(), "another text is another number");
    assertEquals(Page.StandingQuery.FOREVER, installed().getFirst().expiresMillis());
  }

  @Test
  void whatAQueryCostsIsShown() {
    query("install", "climate", CLIMATE);
    assertEquals(0, query("show", "climate", "--json"));
    List<JsonObject> lines = json();
    assertEquals(
        List.of("query", "row", "row", "medium", "medium", "channel"),
        lines.stream().map(line -> line.get("kind").getAsString()).toList());
    JsonObject root = lines.get(2);
    assertEquals("/orchard", root.get("name").getAsString());
    int row = root.get("row_bytes_max").getAsInt();
    assertEquals(
        row,
        root.get("header_bytes").getAsInt()
            + root.get("bytes of count").getAsInt()
            + root.get("bytes of load").getAsInt());
    JsonObject lora = lines.get(3);
    assertEquals("lora-sf9", lora.get("name").getAsString());
    assertEquals(115 - 16 - 2, lora.get("room_bytes").getAsInt());
    assertEquals(row, lora.get("largest_row_bytes").getAsInt());
    JsonObject channel = lines.get(5);
    assertEquals("/orchard/north", channel.get("name").getAsString());
    assertEquals(4000, channel.get("paced_from_ms").getAsInt(), "twelve nodes pass 20 % in 4 s");
    assertTrue(channel.get("window_ms").getAsInt() > 4000);
    assertTrue(channel.get("used_percent").getAsDouble() <= 20);
    assertEquals(0, query("show", "climate"));
    assertTrue(out.toString().contains("channel\t/orchard/north\tmedium lora-sf9\twindow_ms "));
  }

  @Test
  void queriesAreListedAndRemoved() throws IOException {
    query("install", "climate", CLIMATE);
    query("install", "top", "SELECT TOP 3 BY load FROM readings EVERY 8 s");
    assertEquals(0, query("list"));
    assertEquals(
        "query\tclimate\tnumber 1\texpires never\ttext "
            + CLIMATE
            + "\nquery\ttop\tnumber 2\texpires never\ttext SELECT TOP 3 BY load FROM readings EVERY"
            + " 8 s\n",
        out.toString());
    assertEquals(0, query("remove", "top"));
    assertEquals(List.of("climate"), installed().stream().map(Page.StandingQuery::name).toList());
    assertEquals(2, query("remove", "top"));
    assertTrue(err.toString().contains("there is no query top; there are climate"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "install;q;SELECT AVG(lode) FROM readings|did you mean load?",
        "install;q;SELECT AVG(load) + AVG(memory) AS x FROM readings|can't add 1 and %",
        "install;q;SELECT AVG(load) FROM readings EVERY 5 s|take 4000 or 8000 ms",
        "install;q;SELECT P5(load), P5(memory), P9(load * 2) AS x FROM readings|lora-sf9 carries"
            + " 97",
        "install;Q;SELECT AVG(load) FROM readings|lower-case",
        "install;q;SELECT AVG(load) FROM readings;--for;soon|12h or 30d",
        "show;q|there is no query q",
        "try;SELECT AVG(wind) FROM readings;--csv;CSV|There are: air_temperature",
        "try;q;--csv;CSV|there is no query q",
        "try;SELECT COUNT(*) FROM readings;--csv;CSV;--channel;t|NAME:UNIT:DECIMALS:MIN:MAX",
        "try;SELECT COUNT(*) FROM readings|--csv",
      })
  void whatIsWrongIsRefusedWithAHintAndChangesNothing(String words, String hint)
      throws IOException {
    byte[] before = Files.readAllBytes(site().charterFile());
    assertEquals(2, query(words.replace("CSV", csv()).split(";")), err.toString());
    assertTrue(err.toString().contains(hint), err.toString());
    assertTrue(err.toString().contains("--help"), err.toString());
    assertEquals("", out.toString());
    assertArrayEquals(before, Files.readAllBytes(site().charterFile()));
  }

  @Test
  void aQueryIsTriedOnRecordedReadings() throws IOException {
    String text =
        "SELECT AVG(air_temperature), MAX(air_temperature), COUNT(air_temperature),"
            + " TOP 1 BY air_temperature, ANY(air_temperature > 21.5) AS warm FROM readings";
    assertEquals(0, query("try", text, "--csv", csv(), "--json"), err.toString());
    List<JsonObject> windows = json();
    List<String> rows = Files.readAllLines(Path.of(csv()));
    assertEquals(rows.size() - 1, windows.size());
    List<String> stations = List.of(rows.getFirst().split(","));
    for (int row = 1; row < rows.size(); row++) {
      String[] cells = rows.get(row).split(",", -1);
      double sum = 0;
      int count = 0;
      int hottest = -1;
      for (int i = 1; i < cells.length; i++) {
        if (!cells[i].isEmpty()) {
          double value = Double.parseDouble(cells[i]);
          sum += value;
          count++;
          hottest = hottest < 0 || value > Double.parseDouble(cells[hottest]) ? i : hottest;
        }
      }
      JsonObject values = windows.get(row - 1).getAsJsonObject("values");
      double highest = Double.parseDouble(cells[hottest]);
      assertEquals(count, values.get("count_air_temperature").getAsInt(), cells[0]);
      assertEquals(sum / count, values.get("avg_air_temperature").getAsDouble(), 1e-5, cells[0]);
      assertEquals(highest, values.get("max_air_temperature").getAsDouble(), cells[0]);
      assertEquals(highest > 21.5, values.get("warm").getAsBoolean(), cells[0]);
      assertEquals(
          "/recording/" + stations.get(hottest),
          values
              .getAsJsonArray("top_air_temperature")
              .get(0)
              .getAsJsonObject()
              .get("node")
              .getAsString());
      assertEquals(
          Instant.parse(cells[0].replace("Z", ":00Z")).toEpochMilli(),
          windows.get(row - 1).get("ts").getAsLong());
    }
  }

  @Test
  void aSlowerQueryHasFewerWindowsAndATable() {
    assertEquals(
        0,
        query("try", "SELECT MAX(air_temperature) FROM readings EVERY 6 h", "--csv", csv()),
        err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals("end\tmax_air_temperature\treported", lines.getFirst());
    assertEquals("2019-06-03T00:00:00Z\t22.3\t23", lines.get(1));
    assertTrue(lines.get(2).startsWith("2019-06-03T06:00:00Z\t"), lines.get(2));
  }

  @Test
  void anInstalledQueryIsTriedByItsName() {
    keys("schema", "2", "air_temperature:Cel:2:-60:60");
    query("install", "heat", "SELECT MAX(air_temperature) FROM readings");
    assertEquals(0, query("try", "heat", "--csv", csv()), err.toString());
    assertTrue(out.toString().contains("2019-06-03T00:00:00Z\t22.3\t23"), out.toString());
  }

  @Test
  void everySubcommandHasHelpWithAnExample() {
    for (String verb : List.of("install", "list", "show", "remove", "try")) {
      assertEquals(0, run("query", verb, "--help"));
      assertTrue(out.toString().contains("Example: starling query " + verb), out.toString());
    }
  }

  private static String csv() {
    return Repository.root().resolve("tools/data/berlin-2019-06.csv").toString();
  }

  private List<JsonObject> json() {
    return out.toString()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private SiteDirectory site() {
    return new SiteDirectory(temporary.resolve("site"));
  }

  private List<Page.StandingQuery> installed() throws IOException {
    return site().charter().site().orElseThrow().queries();
  }

  private void keys(String... words) {
    assertEquals(0, at("keys", words), err.toString());
  }

  private int query(String... words) {
    return at("query", words);
  }

  private int at(String verb, String... words) {
    List<String> all = new ArrayList<>(List.of(verb, "--dir", site().root().toString()));
    all.addAll(List.of(words));
    return run(all.toArray(String[]::new));
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
