package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchVerbTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void spreadPrintsARowACaseInEachForm() {
    assertEquals(0, run("spread", "--nodes", "16", "--seeds", "300", "--csv"), err::toString);
    List<String> csv = out.toString().lines().toList();
    assertEquals(
        "bench,model,fanout,loss,nodes,seeds,rounds_mean,rounds_p99,predicted_mean,predicted_p99,ok",
        csv.getFirst());
    assertEquals(1 + 3 * 3 * 4, csv.size());
    assertEquals(0, run("spread", "--nodes", "16", "--seeds", "300", "--json"));
    assertEquals(
        "push",
        JsonParser.parseString(out.toString().lines().findFirst().orElseThrow())
            .getAsJsonObject()
            .get("model")
            .getAsString());
    assertEquals(0, run("spread", "--nodes", "16", "--seeds", "300"));
    assertTrue(out.toString().startsWith("model"), out.toString());
  }

  @Test
  void speedAndOracleRunSites() {
    assertEquals(0, run("speed", "--nodes", "10", "--seconds", "5", "--json"), err::toString);
    JsonObject speed = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertTrue(speed.get("node_rounds_per_s").getAsLong() > 0);
    assertTrue(speed.get("heap_bytes_per_node").getAsLong() > 0);
    assertEquals(0, run("oracle", "--seeds", "1", "--csv"), err::toString);
    assertTrue(out.toString().contains("bench,case,seeds,windows,unequal,ok"), out.toString());
    assertTrue(out.toString().contains("oracle,moves,1,"), out.toString());
    assertTrue(out.toString().contains("oracle,push-sum loss 20 %,"), out.toString());
  }

  @Test
  void costPrintsTheFieldsThatAreAskedFor() {
    String[] words = {"cost", "--nodes", "8", "--links", "addressed", "--events", "steady"};
    assertEquals(
        0, run(Stream.concat(Stream.of(words), Stream.of("--csv")).toArray(String[]::new)));
    String names =
        "bench,link,nodes,event,wanted_per_node_minute_mean,sent_per_node_minute_mean,"
            + "sent_per_node_minute_worst,sent_largest_node_minute_worst,cap,drain_minutes";
    assertTrue(out.toString().startsWith(names), out.toString());
    assertEquals(2, run("cost", "--links", "string"));
    assertEquals(2, run("cost", "--events", "flood"));
    assertTrue(err.toString().contains("events are [steady, join"), err.toString());
  }

  @Test
  void linksSayWhatIsNotThereAndRunTheFieldThatIsMadeUp() {
    assertEquals(0, run("links", "--data", "nowhere", "--seeds", "1", "--json"), err::toString);
    assertTrue(err.toString().contains("Not in nowhere"), err.toString());
    JsonObject field = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(40, field.get("connected").getAsInt());
    assertEquals(40, field.get("converged").getAsInt());
    assertTrue(field.get("rounds_p99").getAsDouble() >= field.get("rounds_p50").getAsDouble());
    assertTrue(field.get("predicted").getAsDouble() > 1);
  }

  @Test
  void membershipPrintsTheFieldsThatAreAskedFor() {
    String[] words = {
      "membership", "--hours", "1", "--crashes", "2", "--only", "one by one", "--csv"
    };
    assertEquals(0, run(words), err::toString);
    String names =
        "bench,case,hours,nodes,falsely_gone,suspects,detected_periods_p50,detected_periods_max,"
            + "removed_wrongly";
    assertTrue(out.toString().startsWith(names), out.toString());
    assertEquals(2, run("membership", "--hours", "0"));
    assertEquals(2, run("membership", "--hours", "1", "--days", "1"));
    assertEquals(2, run("membership", "--only", "nothing"));
    assertTrue(err.toString().contains("no case has 'nothing'"), err.toString());
  }

  @Test
  void aMissedTargetIsAFailure() {
    // The longest of one epidemic is not its 99th percentile.
    assertEquals(1, run("spread", "--nodes", "16", "--seeds", "1"));
    assertTrue(err.toString().contains("miss their target"), err.toString());
  }

  @Test
  void framePrintsEachCaseBesideItsPeer() {
    assertEquals(0, run("frame", "--rounds", "1", "--millis", "1", "--json"), err::toString);
    List<JsonObject> rows =
        out.toString().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
    assertEquals(8, rows.size());
    for (int i = 0; i < rows.size(); i += 2) {
      String name = rows.get(i).get("case").getAsString();
      assertTrue(rows.get(i + 1).get("case").getAsString().startsWith(name + "_"), name);
      double ratio = rows.get(i).get("ratio").getAsDouble();
      assertTrue(ratio > 0, name);
      assertTrue(rows.get(i).get("ops_per_s").getAsLong() > 0, name);
      assertTrue(rows.get(i).get("alloc_bytes").getAsLong() > 0, name);
    }
    assertTrue(err.toString().contains("1 rounds"), err.toString());
  }

  @Test
  void impossibleOptionsAreWrongUsage() {
    assertEquals(2, run("spread", "--seeds", "0"));
    assertTrue(err.toString().contains("seeds are 1 to"), err.toString());
    assertEquals(2, run("spread", "--nodes", "1"));
    assertEquals(2, run("astrolabe", "--seeds", "0"));
    assertEquals(2, run("spread", "--csv", "--json"));
    assertEquals(2, run("frame", "--rounds", "0"));
    assertTrue(err.toString().contains("--rounds are 1 to"), err.toString());
    assertEquals(2, run("frame", "--millis", "0"));
    assertEquals(2, run("footprint", "--runs", "0"));
    assertEquals(2, run("footprint", "--seconds", "3600"));
    assertEquals(2, run("gateway", "--turns", "0"));
    assertTrue(err.toString().contains("starling bench gateway --help"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void everyBenchHasHelpWithAnExample() {
    List<String> benches =
        List.of(
            "spread",
            "astrolabe",
            "links",
            "membership",
            "cost",
            "frame",
            "allocation",
            "footprint",
            "gateway");
    for (String bench : benches) {
      assertEquals(0, run(bench, "--help"));
      assertTrue(out.toString().contains("Example: starling bench " + bench), out.toString());
    }
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = new String[args.length + 1];
    words[0] = "bench";
    System.arraycopy(args, 0, words, 1, args.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
