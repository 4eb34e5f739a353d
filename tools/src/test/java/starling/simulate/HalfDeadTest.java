package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Half of a large site dies at once, or most of a cell, with many whom others would have spoken to.
 */
class HalfDeadTest {
  private static final int CRASH_SECONDS = 300;
  private static final int FOUND_SECONDS = CRASH_SECONDS + 240;
  private static final String SITE =
      """
      site 275 nodes, cells of 25, branching 25, addressed, 2 gateways
      network rounds of 5 s
      window 60 s
      seed 3
      at 300 s kill 50 % sparing gateways
      for 780 s
      """;

  @Test
  void matesMissTheDeadWithinFourMinutesAndZonesFindWhoTookOver() {
    Simulation simulation = new Simulation(Scenario.read("half-dead", SITE), 1, null);
    Outcome outcome = simulation.run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    for (VirtualCell cell : simulation.site().cells()) {
      long alive = 0;
      for (int slot = 0; slot < 25; slot++) {
        alive |= cell.node(slot).alive() ? 1L << slot : 0;
      }
      for (long left = alive; left != 0; left &= left - 1) {
        var members = cell.node(Long.numberOfTrailingZeros(left)).engine.facts().members();
        assertEquals(alive, members.heard() & ~members.suspect(), cell.page().name());
      }
    }
    List<Outcome.Arrival> found =
        outcome.arrivals().stream()
            .filter(window -> window.endSeconds() > FOUND_SECONDS && window.endSeconds() < 700)
            .toList();
    assertEquals(2, found.size());
    for (Outcome.Arrival window : found) {
      assertEquals(window.due(), window.reported());
      assertTrue(window.completeWindows() <= 1.5, window.toString());
    }
  }

  @Test
  void theFourOrFiveWhoAreLeftOfACellFindEachOtherAndRepresentIt() {
    find(50, "/orchard/c1", Set.of(5, 12, 15, 24), 3);
    find(100, "/orchard/c2", Set.of(3, 5, 6, 9, 11), 7);
  }

  private static void find(int nodes, String cell, Set<Integer> left, int seed) {
    StringBuilder site =
        new StringBuilder(
            """
            site %d nodes, cells of 25, branching 25, addressed, 2 gateways
            network rounds of 5 s
            window 60 s
            seed %d
            for 700 s
            """
                .formatted(nodes, seed));
    for (int slot = 0; slot < 25; slot++) {
      site.append(left.contains(slot) ? "" : "at 300 s kill " + cell + "/n" + slot + "\n");
    }
    Outcome outcome = new Simulation(Scenario.read("few", site.toString()), 1, null).run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    Outcome.Arrival last =
        outcome.arrivals().stream()
            .filter(window -> window.endSeconds() == 640)
            .findFirst()
            .orElseThrow();
    assertEquals(nodes - 25 + left.size(), last.reported());
    assertTrue(last.completeWindows() <= 1, last.toString());
  }
}
