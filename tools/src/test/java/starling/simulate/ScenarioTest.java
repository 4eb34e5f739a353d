package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario in the repository comes out as it says; what is none is refused by its line. */
class ScenarioTest {
  private static final Path SCENARIOS = Path.of("scenarios"); // below tools, where tests run

  static List<Path> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(SCENARIOS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyScenarioComesOutAsItSays(Path file) throws IOException {
    Scenario scenario = Scenario.read(file.toString(), Files.readString(file));
    Outcome outcome = new Simulation(scenario, 2, null).run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    assertEquals(List.of(), outcome.unmet());
    assertFalse(scenario.expectations().isEmpty(), "it expects nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sight 3 nodes                 | begins with
          site 3 gnomes                 | gnomes
          site cells of 65              | 64
          at 3 s explode                | explode
          at 3 parsecs calm             | parsecs
          at 3 s kill 120 % for 3 s now | now
          at 3 s lose 120 %             | 0 to 100
          radio mqtt                    | mqtt
          expect root complete          | within
          seed 1 2                      | too much
          """)
  void whatMakesNoSenseIsRefusedWithItsLine(String line, String word) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> Scenario.read("field", "# so\nseed 1\n" + line));
    assertTrue(refused.getMessage().contains(word), refused.getMessage());
  }

  @Test
  void whatIsExpectedAndDoesNotComeIsSaid() {
    String text =
        """
        site 8 nodes, cells of 4, addressed, 1 gateways
        window 4 s
        at 20 s kill /orchard/c1
        for 60 s
        expect root complete within 3 windows
        """;
    Outcome outcome = new Simulation(Scenario.read("cut", text), 1, null).run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    assertEquals(1, outcome.unmet().size());
    assertTrue(outcome.unmet().getFirst().contains("4 of 8"), outcome.unmet().toString());
    String page = new ReportPage(outcome).html();
    assertTrue(page.contains("<svg") && page.contains("4 of 8") && page.endsWith("</html>\n"));
  }

  @Test
  void aTraceSaysWhoSendsWhat() {
    StringWriter lines = new StringWriter();
    String text = "site 4 nodes, cells of 4, addressed, 1 gateways\nwindow 4 s\nfor 20 s";
    new Simulation(Scenario.read("small", text), 1, new PrintWriter(lines)).run(_ -> {});
    String trace = lines.toString();
    for (String what : List.of("starts", "sends", "clock/0", "zone/", "tells Result")) {
      assertTrue(trace.contains(what), what);
    }
    assertFalse(trace.contains("refused"), "a frame could not be read");
  }
}
