package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateVerbTest {
  private static final String SMALL = "site 6 nodes, cells of 3, addressed\nwindow 4 s\nfor 24 s\n";
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path directory;

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private Path scenario(String text) throws IOException {
    return Files.writeString(directory.resolve("some.scenario"), text);
  }

  @Test
  void aScenarioIsRunReportedAndTraced() throws IOException {
    Path page = directory.resolve("report.html");
    Path trace = directory.resolve("trace.txt");
    Path file = scenario(SMALL + "expect root complete within 2 windows\n");
    assertEquals(
        0,
        run("simulate", "" + file, "--json", "--html", "" + page, "--trace", "" + trace),
        err.toString());
    List<String> lines = out.toString().lines().toList();
    JsonObject row = JsonParser.parseString(lines.getLast()).getAsJsonObject();
    assertEquals(6, row.get("nodes").getAsInt());
    assertEquals(1.0, row.get("coverage").getAsDouble());
    assertEquals(0, row.get("violations").getAsInt());
    assertTrue(lines.size() > 5, "a line a window");
    assertTrue(Files.readString(page).contains("<svg"));
    assertTrue(Files.size(trace) > 1000);
  }

  @Test
  void theSameSeedGivesTheSameTraceOnTwoThreads() throws IOException {
    Path file = scenario(SMALL);
    for (String threads : new String[] {"1", "2"}) {
      assertEquals(0, run("simulate", "" + file, "--threads", threads, "--seed", "9"));
    }
    List<String> traces = out.toString().lines().filter(l -> l.startsWith("trace ")).toList();
    assertEquals(2, traces.size());
    assertEquals(traces.getFirst(), traces.getLast());
  }

  @Test
  void whatIsExpectedAndDoesNotComeEndsWithOneAndHowToSeeItAgain() throws IOException {
    Path file = scenario(SMALL + "at 8 s kill /orchard/c1\nexpect root complete within 2 windows");
    assertEquals(1, run("simulate", "" + file));
    assertTrue(err.toString().contains("3 of 6"), err.toString());
    assertTrue(err.toString().contains("tools/starling simulate " + file), err.toString());
  }

  @Test
  void nonsenseIsWrongUsage() throws IOException {
    assertEquals(2, run("simulate", "" + scenario("at 8 s explode")));
    assertTrue(err.toString().contains(":1: nothing here is called 'explode'"), err.toString());
    assertEquals(2, run("simulate", "--medium", "string"));
    assertEquals(2, run("simulate", "--nodes", "0"));
  }
}
