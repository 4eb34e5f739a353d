package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
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
  void aMissedTargetIsAFailure() {
    // The longest of one epidemic is not its 99th percentile.
    assertEquals(1, run("spread", "--nodes", "16", "--seeds", "1"));
    assertTrue(err.toString().contains("miss their target"), err.toString());
  }

  @Test
  void impossibleOptionsAreWrongUsage() {
    assertEquals(2, run("spread", "--seeds", "0"));
    assertTrue(err.toString().contains("seeds are 1 to"), err.toString());
    assertEquals(2, run("spread", "--nodes", "1"));
    assertEquals(2, run("astrolabe", "--seeds", "0"));
    assertEquals(2, run("spread", "--csv", "--json"));
    assertEquals("", out.toString());
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
