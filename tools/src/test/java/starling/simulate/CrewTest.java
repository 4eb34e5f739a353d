package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Page;

/** However many threads run a site, one seed gives one history. */
class CrewTest {
  private static VirtualSite run(long seed, int threads, Page.Medium medium) {
    VirtualSite site =
        new VirtualSite(
                seed,
                Presets.SIK_64K.profile(),
                Presets.MQTT.profile(),
                new Loss.Bursts(0.1, 2),
                4_000,
                threads)
            .topology(new Topology(24, 4, 3, medium, Page.Medium.ADDRESSED, 2, 1))
            .startAll();
    site.broker.faults(new Broker.Faults(0.1, 0.1, 2_000, 400_000));
    site.run(10);
    site.cells().forEach(cell -> site.kill(cell.path + "/n3"));
    site.run(3);
    site.cells().forEach(cell -> site.start(cell.path + "/n3"));
    site.run(8);
    Checks.check(site);
    return site;
  }

  @ParameterizedTest
  @EnumSource(Page.Medium.class)
  void oneTwoAndThreeThreadsGiveOneHistory(Page.Medium medium) {
    VirtualSite one = run(1, 1, medium);
    for (int threads = 2; threads <= 3; threads++) {
      VirtualSite more = run(1, threads, medium);
      assertEquals(one.trace(), more.trace(), threads + " threads");
      assertEquals(one.events(), more.events());
    }
    assertNotEquals(one.trace(), run(2, 2, medium).trace());
    assertTrue(one.events() > 2_000, "only " + one.events() + " events");
  }
}
