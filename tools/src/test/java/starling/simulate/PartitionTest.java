package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Members;

/** Lost members and zones are spoken to for ever, at what it costs to speak to them anyway. */
class PartitionTest {
  private static final String ROOT = "/orchard";
  private static final int HOUR = 3600;

  @Test
  void whoWasAloneForAnHourIsUpAgainWithinTwoRoundsOfTheNeighbours() {
    VirtualSite site =
        new VirtualSite(1, Presets.SIK_64K.profile(), Loss.NONE)
            .inboxCell("/orchard/city", 7, 1)
            .startAll();
    site.run(120);
    List<VirtualNode> nodes = site.nodes();
    List<VirtualNode> lost = nodes.stream().filter(node -> node.member.slot() >= 5).toList();
    long before = bytesOfAMinute(site, nodes);
    lost.forEach(node -> node.ailing().cutOff = true);
    site.run(HOUR);
    Members asTheGatewaySeesIt = nodes.getFirst().engine.facts().members();
    assertEquals(0b1110_0000, asTheGatewaySeesIt.gone());
    assertEquals(0, lost.getFirst().engine.facts().members().gone(), "it can't tell");
    assertEquals(0b1101_1111, lost.getFirst().engine.facts().members().suspect());
    long during = bytesOfAMinute(site, nodes);
    assertTrue(during < 1.5 * before, during + " bytes of a minute, not " + before);
    lost.forEach(node -> node.ailing().cutOff = false);
    site.run(2 * nodes.size());
    for (VirtualNode node : nodes) {
      assertEquals(0, node.engine.facts().members().suspect(), node.path());
    }
    Checks.check(site);
  }

  private static long bytesOfAMinute(VirtualSite site, List<VirtualNode> nodes) {
    long before = nodes.stream().mapToLong(VirtualNode::bytes).sum();
    site.run(60);
    return nodes.stream().mapToLong(VirtualNode::bytes).sum() - before;
  }

  @Test
  void halvesThatNeverMetFindEachOtherByTheContactsOfTheCharter() {
    VirtualSite site =
        new VirtualSite(2, Presets.SIK_64K.profile(), Loss.NONE)
            .inboxCell("/orchard/hill/upper", 3, 1)
            .inboxCell("/orchard/hill/lower", 3, 0)
            .inboxCell("/orchard/valley/brook", 3, 0)
            .inboxCell("/orchard/valley/mill", 3, 1);
    site.revise(same -> same);
    BitSet hill = cells(site, "/orchard/hill/");
    BitSet valley = cells(site, "/orchard/valley/");
    site.broker.cut("down", hill, valley);
    site.broker.cut("up", valley, hill);
    site.startAll();
    site.run(HOUR);
    List<VirtualNode> gateways =
        Stream.of("/orchard/hill/upper/g0", "/orchard/valley/mill/g0").map(site::node).toList();
    for (VirtualNode gateway : gateways) {
      assertEquals(6, newest(gateway, site).reported(), "each half is whole by itself");
    }
    site.broker.heal();
    site.run(5 * VirtualSite.WINDOW_MILLIS / 1000.0);
    for (VirtualNode gateway : gateways) {
      assertEquals(12, newest(gateway, site).reported(), gateway.path());
    }
    Checks.check(site);
  }

  private static BitSet cells(VirtualSite site, String zone) {
    BitSet cells = new BitSet();
    site.cells().forEach(cell -> cells.set(cell.ordinal, cell.path.startsWith(zone)));
    return cells;
  }

  /** Of the window that ended two windows ago. */
  private static Delivery.Result newest(VirtualNode gateway, VirtualSite site) {
    long windowMillis = VirtualSite.WINDOW_MILLIS;
    return gateway.results(ROOT).get((site.nowMillis() / windowMillis - 2) * windowMillis);
  }
}
