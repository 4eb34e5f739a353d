package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.engine.Local;
import starling.link.Presets;
import starling.link.air.Loss;

class SleepTest {
  private static final int USUAL_SECONDS = 16; // a promise, at most
  private static final int SLEEP_SECONDS = 600;
  private static final int PROMISED_SECONDS = 1024; // the next power of two

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoSleepsIsSilentAndMissedByNobodyAndGoesOnAsEver(boolean radio) {
    VirtualSite site = site(radio);
    VirtualNode sleeper = sleeper(site);
    sleeper.say(new Local.Sleep(SLEEP_SECONDS * 1000L));
    site.run(10);
    long said = sleeper.bytes();
    for (int seconds = 20; seconds < SLEEP_SECONDS; seconds += 10) {
      site.run(10);
      assertFalse(suspectedByAnybody(site, sleeper), "after " + seconds + " s");
    }
    assertEquals(said, sleeper.bytes(), "it says nothing");
    for (int seconds = 0; seconds < 120; seconds += 10) {
      site.run(10);
      assertFalse(suspectedByAnybody(site, sleeper), seconds + " s after it awoke");
    }
    assertTrue(sleeper.bytes() > said);
    assertEquals(0, sleeper.engine.facts().members().suspect(), "it misses nobody either");
    sleeper.kill();
    site.run(3 * USUAL_SECONDS + 30);
    assertTrue(suspectedByAll(site, sleeper), "its usual promises count again");
    Checks.check(site);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDoesNotComeBackIsMissedAsSoonAsAnybodyElse(boolean radio) {
    VirtualSite site = site(radio);
    VirtualNode sleeper = sleeper(site);
    sleeper.say(new Local.Sleep(SLEEP_SECONDS * 1000L));
    site.run(10);
    sleeper.kill();
    site.run(PROMISED_SECONDS - 20);
    assertFalse(suspectedByAnybody(site, sleeper));
    site.run(3 * USUAL_SECONDS + 30);
    assertTrue(suspectedByAll(site, sleeper));
  }

  @Test
  void whoIsWokenSpeaksAtOnce() {
    VirtualSite site = site(true);
    VirtualNode sleeper = sleeper(site);
    sleeper.say(new Local.Sleep(SLEEP_SECONDS * 1000L));
    site.run(100);
    long said = sleeper.bytes();
    sleeper.say(new Local.Awake());
    site.run(USUAL_SECONDS);
    assertTrue(sleeper.bytes() > said);
  }

  @Test
  void scenariosLetNodesSleep() {
    String text =
        "site 12 nodes, cells of 12, branching 8, all broadcast, 1 gateways\nwindow 4 s\n"
            + "at 30 s sleep 3 nodes sparing gateways for 5 min\nfor 8 min\n"
            + "expect root complete within 3 windows";
    Simulation simulation = new Simulation(Scenario.read("sleep", text), 1, null);
    assertEquals(java.util.List.of(), simulation.run(_ -> {}).violations());
    assertEquals(0, simulation.regard().suspects());
  }

  private static VirtualSite site(boolean radio) {
    VirtualSite site = new VirtualSite(1, Presets.SIK_64K.profile(), Loss.NONE);
    if (radio) {
      site.inboxCell("/orchard/city", 3, 1).radioCell("/orchard/hill", 6, 1);
    } else {
      site.inboxCell("/orchard/hill", 6, 1);
    }
    site.startAll();
    site.run(120);
    return site;
  }

  private static VirtualNode sleeper(VirtualSite site) {
    return site.nodes().stream()
        .filter(node -> node.cell.path.endsWith("hill") && node.member.slot() == 4)
        .findFirst()
        .orElseThrow();
  }

  private static boolean suspectedByAnybody(VirtualSite site, VirtualNode who) {
    return mates(site, who).anyMatch(mate -> suspects(mate, who));
  }

  private static boolean suspectedByAll(VirtualSite site, VirtualNode who) {
    return mates(site, who).allMatch(mate -> suspects(mate, who));
  }

  private static java.util.stream.Stream<VirtualNode> mates(VirtualSite site, VirtualNode of) {
    return site.nodes().stream().filter(node -> node.cell == of.cell && node != of);
  }

  private static boolean suspects(VirtualNode mate, VirtualNode who) {
    return (mate.engine.facts().members().suspect() & 1L << who.member.slot()) != 0;
  }
}
