package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Zones that come, go and change places and names while a site of three levels runs: nothing false
 * is told, and a hundred seconds later all is complete, as the roster has it now.
 */
class ZoneTreeTest {
  private static final String SITE =
      """
      seed 2
      site 36 nodes, cells of 4, branching 3, broadcast, 2 uplinks, 2 gateways
      window 4 s
      at 0 s lose 5 %%
      at 0 s rename /orchard/z1/c2 to far
      at 0 s rename /orchard/z0/c0 to city
      at 36 s %s
      at 36 s %s
      for 140 s
      expect root complete within 3 windows
      expect %s complete within 3 windows
      """;

  @ParameterizedTest
  @CsvSource({
    "add /orchard/z5/new of 4 nodes, retire /orchard/z0/c2, /orchard/z5, 36",
    "rename /orchard/z2 to ridge, rename /orchard/z0/c1 to barn, /orchard/ridge, 36",
    "move /orchard/z1/far to /orchard/z0, rename /orchard/z0 to town, /orchard/town, 36",
    "move /orchard/z2 to /orchard/z1, rename /orchard/z0/c2/n1 to mast, /orchard/z1, 36",
    "move /orchard/z0/city to /orchard/z2, retire /orchard/z1, /orchard/z2, 24",
  })
  void aChangeOfTheTreeIsCompleteAgainSoon(String one, String other, String zone, int nodes) {
    Scenario scenario = Scenario.read("tree", SITE.formatted(one, other, zone));
    Simulation simulation = new Simulation(scenario, 1, null);
    Outcome outcome = simulation.run(_ -> {});
    assertEquals(List.of(), outcome.violations().stream().limit(5).toList());
    assertEquals(List.of(), outcome.unmet());
    assertEquals(nodes, simulation.site().expected("/orchard"));
    for (VirtualNode gateway : simulation.site().nodes().subList(0, 2)) {
      int expected = gateway.results("/orchard").lastEntry().getValue().expected();
      assertEquals(nodes, expected, "by the roster at the window's start");
    }
  }

  /** A cell's page may come before its parent's, which lists fewer nodes than report by then. */
  @Test
  void noRowOfAZoneThatGrowsIsTakenForNonsense() {
    String text =
        """
        seed 3
        site 21 nodes, cells of 7, branching 8, addressed, 2 uplinks, 2 gateways
        window 4 s
        at 12 s lose 16 % in bursts of 2 on network
        at 13 s grow by 1 node
        at 21 s grow by 1 node
        at 30 s grow by 1 node
        at 45 s grow by 1 node
        at 65 s lose 5 % in bursts of 6 on network
        at 83 s lose 27 % in bursts of 1 on network
        at 100 s calm
        for 150 s
        expect root complete within 3 windows
        """;
    Outcome outcome = new Simulation(Scenario.read("grows", text), 1, null).run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    assertTrue(outcome.passed(), outcome.unmet().toString());
  }
}
