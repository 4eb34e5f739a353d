package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.charter.Draft.Duty;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Page;

/** A charter that changes while the site runs, and clocks that do. */
class ChangesTest {
  private static final String GATEWAY = "/orchard/city/g0";

  private static void assertAllHold(VirtualSite site) {
    for (VirtualNode node : site.nodes()) {
      int own = node.cell.page().zone();
      for (int zone : new int[] {Page.SITE, Page.ROOT, own}) {
        long holds = node.engine.facts().charter().version(zone);
        assertEquals(site.charter().version(zone), holds, node.path() + " of zone " + zone);
      }
    }
  }

  private static long windowEnding(VirtualSite site, int windowsAgo) {
    return (site.nowMillis() / VirtualSite.WINDOW_MILLIS - windowsAgo) * VirtualSite.WINDOW_MILLIS;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3})
  void aNewCharterReachesEverybodyOverRadioAndInboxes(double loss) {
    VirtualSite site =
        VirtualSite.orchard(1, loss > 0 ? new Loss.Bursts(loss, 3) : Loss.NONE).startAll();
    site.broker.faults(new Broker.Faults(loss, 0, 1_000, 20_000));
    site.run(16);
    site.revise(draft ->
        draft
            .query("count", "SELECT COUNT(*) FROM readings EVERY 4 s")
            .node("/orchard/east/new", site.key("new"), 1, Set.of(Duty.SENSES)));
    site.give(GATEWAY);
    site.run(loss > 0 ? 180 : 24); // a cell's page is at first only where the owner gave it
    assertAllHold(site);
    site.start("/orchard/east/new");
    site.run(loss > 0 ? 32 : 20); // time may reach it just after a window began
    Checks.check(site);
    Delivery.Result east = site.node(GATEWAY).results("/orchard/east").get(windowEnding(site, 2));
    assertEquals(7, east.reported(), east.toString());
    assertEquals(24, east.expected() + 17);
    assertTrue(
        site.node(GATEWAY).told(Delivery.Result.class).stream()
            .anyMatch(result -> result.query().equals("count") && result.reported() == 24));
  }

  @Test
  void anotherSiteKeyTakesOverWithoutLosingAWindow() {
    VirtualSite site = VirtualSite.orchard(2, Loss.NONE).startAll();
    site.run(18);
    site.revise(draft -> draft.keyEpoch(1));
    site.give(GATEWAY);
    site.run(50);
    assertAllHold(site);
    Checks.check(site);
    site.node(GATEWAY)
        .results("/orchard")
        .tailMap(windowEnding(site, 9))
        .headMap(windowEnding(site, 1))
        .values()
        .forEach(root -> assertEquals(23, root.reported(), root.toString()));
    for (VirtualNode life : site.lives()) {
      assertEquals(List.of(), life.warnings(), life.path());
      assertEquals(2, life.engine.facts().self().generation(), life.path());
    }
  }

  @Test
  void aGatewayWhoseClockJumpsMarksTheWindowAndSealsNothingTwice() {
    for (long jumpMillis : new long[] {9_000, -9_000}) {
      VirtualSite site =
          new VirtualSite(3, Presets.SIK_64K.profile(), Loss.NONE)
              .radioCell("/orchard/north", 5, 2)
              .inboxCell("/orchard/city", 4, 1)
              .startAll();
      site.run(25);
      site.node(GATEWAY).clockErrorMillis = jumpMillis;
      site.run(90);
      Checks.check(site);
      assertEquals(List.of(), site.sealedTwice());
      // A jump back falls into a window that is sealed already: there is nothing to mark.
      assertEquals(jumpMillis > 0, site.partials() > 0, "marked after " + jumpMillis);
      long gatewayMillis = site.nowMillis() + jumpMillis;
      long endMillis = (gatewayMillis / VirtualSite.WINDOW_MILLIS - 2) * VirtualSite.WINDOW_MILLIS;
      Delivery.Result root = site.node(GATEWAY).results("/orchard").get(endMillis);
      assertEquals(9, root.reported(), root.toString());
    }
  }
}
