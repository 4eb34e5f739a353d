package starling.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;

class NetworkTest {
  private static VirtualSite berlin(long seed, Loss loss) {
    return new VirtualSite(seed, Presets.SIK_64K.profile(), loss)
        .radioCell("/orchard/north", 6, 2)
        .radioCell("/orchard/east", 6, 2)
        .radioCell("/orchard/south", 5, 2)
        .inboxCell("/orchard/city", 6, 1);
  }

  @Test
  void aSiteReportsAllItsNodes() {
    VirtualSite site = berlin(1, Loss.NONE).startAll();
    site.run(40);
    VirtualNode gateway = site.node("/orchard/city/g0");
    site.nodes.forEach((p, n) ->
        System.out.println(
            p
                + " "
                + n.counts()
                + " "
                + n.engine.facts().time()
                + " "
                + n.engine.statistics(site.time.nowNanos())));
    gateway.told.stream()
        .filter(d -> !(d instanceof Delivery.Latest))
        .limit(120)
        .forEach(System.out::println);
    List<Delivery.Result> root =
        gateway.results().stream().filter(r -> r.zone().equals("/orchard")).toList();
    assertTrue(root.stream().anyMatch(r -> r.reported() == 23));
    assertEquals(List.of(), gateway.warnings());
  }
}
