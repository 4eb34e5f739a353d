package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AntennaTest {
  private static final String SITE =
      "site 12 nodes, cells of 12, branching 8, all broadcast, 1 gateways\nwindow 4 s\n";

  @Test
  void oneThatFlipsIsBadEveryOtherTime() {
    Antenna deaf = new Antenna(0, 1, 20, 100);
    assertTrue(deaf.losesHeard(119, 0.99));
    assertFalse(deaf.losesHeard(120, 0));
    assertTrue(deaf.losesHeard(140, 0.5));
    assertFalse(deaf.losesSent(100, 0));
  }

  @Test
  void whoIsMuteForLongLosesItsDutiesOnceAndNobodyElseDoes() {
    Regard regard = run("at 20 s flip mute 1 node sparing gateways every 60 s\nfor 9 min");
    assertEquals(1, regard.removedSeconds().size());
    assertEquals(0, regard.removedWrongly());
    assertEquals(0, regard.oscillations());
    assertEquals(0, regard.falselyGone());
  }

  @Test
  void aCrashIsKnownToHalfOfTheCellWithinTenWindows() {
    Regard regard = run("at 30 s kill 1 node sparing gateways\nfor 100 s");
    assertEquals(1, regard.detectedSeconds().size());
    assertTrue(regard.detectedSeconds().getFirst() < 40, regard.toString());
  }

  @Test
  void whatOneNodeLosesEndsWithCalm() {
    Regard regard = run("at 20 s lose 100 % at 1 node sparing gateways\nat 22 s calm\nfor 2 min");
    assertEquals(List.of(), regard.removedSeconds());
    assertEquals(0, regard.suspects());
    assertThrows(
        IllegalArgumentException.class, () -> Scenario.read("x", "at 1 s flip blind 1 node"));
  }

  private static Regard run(String events) {
    Simulation simulation = new Simulation(Scenario.read("antenna", SITE + events), 1, null);
    Outcome outcome = simulation.run(_ -> {});
    assertEquals(List.of(), outcome.violations());
    return simulation.regard();
  }
}
