package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Charter;
import starling.model.Page;

/** The deepest tree and the widest zone: they converge, and nodes keep no more than they need. */
class DepthTest {
  private static final String GATEWAY = "/orchard/city/g0";
  private static final long WINDOW_MILLIS = 16_000;
  private static final int LARGE = 8; // cells with more than representatives
  private static final int REPRESENTATIVES = 3;

  @Test
  void aTreeOfEightLevelsConvergesAndNodesKeepTheirOwnPath() {
    VirtualSite site = site(1).inboxCell("/orchard/city", 4, 1);
    String zone = "/orchard";
    for (int level = 2; level <= Charter.DEPTH_MAX; level++) {
      zone += "/z";
      site.inboxCell(zone + "/c", 5, 0);
    }
    site.inboxCell(zone + "/d", 5, 0).startAll();
    site.run(100);
    assertComplete(site, 4 + Charter.DEPTH_MAX * 5);
    assertKeptAsPromised(site);
    VirtualNode deepest = site.node(zone + "/d/n0");
    int above = deepest.engine.facts().charter().ancestors(deepest.cell.page().zone()).size();
    assertEquals(Charter.DEPTH_MAX, above);
  }

  @Test
  void aZoneOfSixtyFourCellsConvergesAndOthersThanRepresentativesKeepItsResultOnly() {
    VirtualSite site = site(2).inboxCell("/orchard/city", 4, 1);
    for (int cell = 1; cell < Page.CHILDREN_MAX; cell++) {
      site.inboxCell("/orchard/c" + cell, cell <= LARGE ? 4 : 1, 0);
    }
    site.startAll().run(68);
    assertComplete(site, 4 + Page.CHILDREN_MAX - 1 + LARGE * 3);
    assertKeptAsPromised(site);
  }

  @Test
  void whoIsBusyOnFourLevelsIsNotMissedByItsMates() {
    String text =
        """
        site 1053 nodes, cells of 13, branching 3, addressed, 2 gateways
        network rounds of 5 s
        window 60 s
        for 375 s
        """;
    Outcome outcome = new Simulation(Scenario.read("deep", text), 2, null).run(now -> {});
    assertEquals(List.of(), outcome.violations());
    List<Outcome.Arrival> windows =
        outcome.arrivals().stream()
            .filter(window -> window.endSeconds() > 150 && window.endSeconds() < 290)
            .toList();
    assertEquals(3, windows.size());
    for (Outcome.Arrival window : windows) {
      assertEquals(1053, window.reported(), window.toString());
      assertTrue(window.completeWindows() <= 1, window.toString());
    }
  }

  private static VirtualSite site(long seed) {
    return new VirtualSite(
        seed, Presets.SIK_64K.profile(), Presets.MQTT.profile(), Loss.NONE, WINDOW_MILLIS, 1);
  }

  /** The window before the last two has all nodes in it. */
  private static void assertComplete(VirtualSite site, int nodes) {
    long end = (site.nowMillis() / WINDOW_MILLIS - 2) * WINDOW_MILLIS;
    assertEquals(nodes, site.node(GATEWAY).results("/orchard").get(end).reported());
    Checks.check(site);
  }

  /**
   * Pages of one's own path; rows beside it, those of the lowest zone all, for gateways and
   * representatives, which are the first contacts while all are well; for others the results of the
   * zones above alone.
   */
  private static void assertKeptAsPromised(VirtualSite site) {
    for (VirtualNode node : site.nodes()) {
      int own = node.cell.page().zone();
      List<Page.Inner> above = site.charter().ancestors(own);
      Set<Integer> path = new TreeSet<>(Set.of(Page.SITE, own));
      Set<Integer> beside = new HashSet<>();
      above.forEach(zone -> {
        path.add(zone.zone());
        zone.children().forEach(child -> beside.add(child.zone()));
      });
      assertEquals(path, node.engine.facts().charter().pages().keySet(), node.path());
      Set<Integer> results = new TreeSet<>(path);
      results.removeAll(Set.of(Page.SITE, own));
      beside.add(Page.ROOT);
      Tables tables = Tables.of(node.engine);
      Set<Integer> kept = tables.zones();
      if (participates(node, above)) {
        assertTrue(kept.containsAll(results) && beside.containsAll(kept), node.path() + kept);
        above.getFirst().children().forEach(child -> assertTrue(kept.contains(child.zone())));
      } else {
        assertEquals(results, kept, node.path());
      }
      assertEquals(List.of(), tables.tooLarge(), node.path());
    }
  }

  private static boolean participates(VirtualNode node, List<Page.Inner> above) {
    List<Integer> contacts =
        above
            .getFirst()
            .child(node.cell.page().zone())
            .orElseThrow()
            .entrances()
            .getFirst()
            .slots();
    int rank = contacts.indexOf(node.member.slot());
    return node.member.gateway() || rank >= 0 && rank < REPRESENTATIVES;
  }
}
