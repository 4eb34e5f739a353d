package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZonesVerbTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void aProcessThatDoesNotRunIsNamed() throws Exception {
    assertEquals(1, run("zones", "--state", directory.toString()));
    assertEquals(
        "starling: the process does not run: there is no " + directory.resolve("control"),
        err.toString().strip());
    Path configuration = Files.writeString(directory.resolve("n.toml"), "[node]\nstate = \"s\"\n");
    assertEquals(1, run("zones", "/orchard", "--config", configuration.toString()));
    assertTrue(
        err.toString().contains("there is no " + directory.resolve("s/control")), err::toString);
  }

  @Test
  void wrongUsageIsRefusedWithWhatIsRight() {
    assertEquals(2, run("zones", "orchard"));
    assertEquals(2, run("zones", "/orchard", "--timeout", "0"));
    assertEquals(2, run("zones", "--state", "a", "--config", "b"));
    assertTrue(err.toString().contains("such as /orchard/north"), err::toString);
    assertTrue(err.toString().contains("--timeout is 1 to 3600 seconds, not 0"), err::toString);
    assertTrue(err.toString().contains("leave one out"), err::toString);
    assertEquals(0, run("zones", "--help"));
    assertTrue(out.toString().contains("starling zones /orchard/north --query climate"));
  }

  @Test
  void rowsOfZonesAreATableForEachQuery() {
    String row =
        "{\"v\":1,\"zone\":\"/orchard/%s\",\"query\":\"%s\",\"window\":{\"start\":\"a\",\"end\":\"b\"},"
            + "\"ts\":1,\"values\":{%s},\"units\":{%s},\"coverage\":{\"reported\":%d,\"expected\":6},"
            + "\"oldest_s\":0.5}";
    String units = "\"avg_t\":\"Cel\",\"count\":\"1\"";
    List<String> lines =
        ZoneTable.of(
            objects(
                row.formatted("north", "climate", "\"avg_t\":21.4,\"count\":5", units, 5),
                row.formatted("east", "climate", "", "", 0),
                row.formatted("north", "any", "\"any\":true", "", 6)));
    assertEquals(
        List.of(
            "climate, the window from a to b",
            "zone            reported    age  avg_t Cel  count",
            "/orchard/north       5/6  0.5 s       21.4      5",
            "/orchard/east        0/6      -          -      -",
            System.lineSeparator() + "any, the window from a to b",
            "zone            reported    age   any",
            "/orchard/north       6/6  0.5 s  true"),
        lines);
  }

  @Test
  void rowsOfACellSayWhatEachNodeSaidLast() {
    String row =
        "{\"v\":1,\"node\":\"/orchard/north/%s\",\"contributed\":%s,\"window_end\":\"b\",%s"
            + "\"values\":{%s},\"units\":{}}";
    List<String> lines =
        ZoneTable.of(
            objects(
                row.formatted("n1", true, "\"time\":\"b\",", "\"t\":1.5"),
                row.formatted("n2", false, "\"time\":\"a\",", "\"t\":2"),
                row.formatted("n3", false, "", "")));
    assertEquals(
        List.of(
            "nodes, the window that ended b",
            "node                       in it    t",
            "/orchard/north/n1            yes  1.5",
            "/orchard/north/n2  no, last in a    2",
            "/orchard/north/n3             no    -"),
        lines);
  }

  private static List<JsonObject> objects(String... lines) {
    return Stream.of(lines).map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }
}
