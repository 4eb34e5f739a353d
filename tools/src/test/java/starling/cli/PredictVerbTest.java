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

class PredictVerbTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aTreeIsPredictedThroughItsZonesAndFlat() {
    List<JsonObject> rows = rows("--nodes", "10000", "--branching", "25", "--loss", "0.1");
    assertEquals(
        List.of("spread", "window", "plan", "delivery"),
        rows.stream().map(row -> row.get("predict").getAsString()).distinct().toList());
    assertEquals("zones", rows.get(0).get("shape").getAsString());
    assertEquals(3, rows.get(0).get("depth").getAsInt());
    assertEquals(27, rows.get(0).get("rows_per_node").getAsInt());
    assertTrue(
        rows.get(1).get("rounds_mean").getAsDouble()
            < rows.get(0).get("rounds_mean").getAsDouble());
  }

  @Test
  void aRadioCellHasWindowsAndNoRounds() {
    List<JsonObject> rows = rows("--radio", "lora-sf7", "--nodes", "40", "--every", "60s");
    JsonObject window = rows.getFirst();
    assertEquals("window", window.get("predict").getAsString());
    assertEquals(60_000, window.get("window_ms").getAsLong());
    assertEquals(
        window.get("airtime_ms").getAsDouble() / 60_000,
        window.get("channel_use").getAsDouble(),
        1e-5);
    assertEquals(
        window.get("cell_complete_ms").getAsLong() + 57_000, window.get("age_p95_ms").getAsLong());
  }

  @Test
  void aCellThatIsAskedForTooMuchIsPaced() {
    JsonObject window = rows("--radio", "lora-sf12", "--nodes", "8", "--every", "60s").getFirst();
    assertEquals(60_000, window.get("every_ms").getAsLong());
    assertEquals(240_000, window.get("window_ms").getAsLong());
  }

  @Test
  void thePlanSaysWhatDecides() {
    JsonObject plan = rows("--plan", "--radio", "sik-64k", "--nodes", "23").getFirst();
    assertEquals("plan", plan.get("predict").getAsString());
    assertEquals("pace", plan.get("limit").getAsString());
    long every = plan.get("every_ms").getAsLong();
    assertTrue(plan.get("pace_ms").getAsLong() <= every, plan.toString());
    assertTrue(plan.get("pace_ms").getAsLong() > every - 1000, plan.toString());
    assertEquals(0, run("--plan", "--radio", "sik-64k", "--nodes", "23"));
    assertTrue(out.toString().contains("shortest EVERY  " + every / 1000 + " s"), out.toString());
  }

  @Test
  void aQueryBringsItsChannelsAndItsEvery() {
    String query = "SELECT AVG(t), MAX(t), MIN(battery), COUNT(*) FROM readings EVERY 5 min";
    JsonObject window = rows("--radio", "lora-sf7", "--nodes", "40", "--query", query).getFirst();
    assertEquals(2, window.get("channels").getAsInt());
    assertEquals(300_000, window.get("every_ms").getAsLong());
  }

  @Test
  void howManyKnowAfterEachRoundIsADistribution() {
    List<JsonObject> delivery =
        rows("--nodes", "20", "--loss", "0.2").stream()
            .filter(row -> row.get("predict").getAsString().equals("delivery"))
            .toList();
    assertEquals(1, delivery.getFirst().get("known_p99").getAsInt());
    JsonObject third = delivery.get(3);
    assertTrue(third.get("known_p1").getAsInt() < third.get("known_p99").getAsInt());
    assertTrue(delivery.getLast().get("all").getAsDouble() >= 0.999);
  }

  @Test
  void textSaysTheSame() {
    assertEquals(0, run("--nodes", "10000", "--branching", "25", "--loss", "0.1"));
    assertTrue(out.toString().contains("10 % of frames lost"), out.toString());
    assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("zones  ")), out.toString());
    assertTrue(out.toString().lines().allMatch(line -> line.length() <= 100), out.toString());
  }

  @Test
  void plotsAreWritten() throws Exception {
    for (String radio : List.of("mqtt", "lora-sf9")) {
      Path svg = directory.resolve(radio + ".svg");
      Path html = directory.resolve(radio + ".html");
      assertEquals(0, run("--nodes", "500", "--radio", radio, "--plot", svg.toString()));
      assertEquals(0, run("--nodes", "500", "--radio", radio, "--plot", html.toString()));
      assertTrue(Files.readString(svg).startsWith("<svg"));
      assertTrue(Files.readString(html).contains(Files.readString(svg)));
    }
  }

  @Test
  void everySizeOnEveryMediumIsAnswered() {
    for (String radio : List.of("mqtt", "sik-64k", "lora-sf7", "lora-sf9", "lora-sf12")) {
      for (String nodes : List.of("1", "2", "3", "64", "65", "10000000")) {
        for (String loss : List.of("0", "0.9")) {
          assertEquals(0, run("--nodes", nodes, "--radio", radio, "--loss", loss), err::toString);
        }
      }
    }
  }

  @Test
  void whatIsWrongIsRefusedWithWhatIsPossible() {
    Stream.of(
            List.of("--loss", "10", "write 0.1"),
            List.of("--loss", "0.95", "0.9"),
            List.of("--radio", "sik64", "sik-64k"),
            List.of("--every", "5m", "5min"),
            List.of("--every", "2000h", "24 h"),
            List.of("--mode", "shout", "push-pull"),
            List.of("--fanout", "0", "1 to 8"),
            List.of("--branching", "1", "2 to"),
            List.of("--representatives", "9", "1 to 8"),
            List.of("--channels", "17", "1 to 16"),
            List.of("--query", "SELECT", "column 7"),
            List.of("--plot", "a.png", "FILE.svg"))
        .forEach(wrong -> {
          assertEquals(2, run("--nodes", "5", wrong.get(0), wrong.get(1)), wrong.toString());
          assertTrue(err.toString().contains(wrong.get(2)), err.toString());
          assertEquals("", out.toString());
        });
    assertEquals(2, run("--nodes", "0"));
    assertTrue(err.toString().contains("1 to"), err.toString());
    assertEquals(2, run());
    assertTrue(err.toString().contains("--nodes"), err.toString());
  }

  @Test
  void aPlotThatCannotBeWrittenIsAFailure() {
    String there = directory.resolve("no/plot.svg").toString();
    assertEquals(1, run("--nodes", "5", "--plot", there));
    assertTrue(err.toString().contains(there), err.toString());
  }

  private List<JsonObject> rows(String... args) {
    assertEquals(
        0, run(Stream.concat(Stream.of(args), Stream.of("--json")).toArray(String[]::new)));
    return out.toString()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Stream.concat(Stream.of("predict"), Stream.of(args)).toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
