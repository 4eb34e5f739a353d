package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpGoesToStandardOutputWithAnExample() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("Example"), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void everyVerbHasHelpWithAnExample() {
    for (String verb : Main.commands().getSubcommands().keySet()) {
      assertEquals(0, run(verb, "--help"));
      assertTrue(out.toString().contains("starling " + verb), verb + ": " + out);
      assertTrue(out.toString().contains("Example"), verb + ": " + out);
    }
  }

  @Test
  void theVersionNamesStarlingAndJava() {
    assertEquals(0, run("--version"));
    assertTrue(out.toString().startsWith("starling "), out.toString());
    assertTrue(out.toString().contains("Java 2"), out.toString());
  }

  @Test
  void aMistypedVerbIsWrongUsageThatNamesTheVerbs() {
    assertEquals(2, run("dmeo"));
    assertTrue(err.toString().contains("demo"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void noVerbIsWrongUsage() {
    assertEquals(2, run());
  }

  @Test
  void impossibleOptionsAreWrongUsageAndSayWhatIsPossible() {
    for (List<String> option :
        List.of(
            List.of("--seconds", "0"),
            List.of("--seconds", "soon"),
            List.of("--loss", "91"),
            List.of("--port", "65536"),
            List.of("--speed", "0"),
            List.of("--colour"))) {
      assertEquals(2, run("demo", String.join("=", option)), option.toString());
      assertTrue(err.toString().contains(option.getFirst()), err.toString());
      assertTrue(err.toString().contains("starling demo --help"), err.toString());
    }
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
