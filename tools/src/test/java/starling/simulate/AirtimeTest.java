package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.link.Presets;
import starling.link.air.Loss;

/**
 * What is sent, counted at the medium, through trouble: {@link VirtualNode} compares each node with
 * its own share whenever it sends; here the cell is compared with the channel's target.
 */
class AirtimeTest {

  @ParameterizedTest
  @CsvSource({"SIK_64K, 40", "LORA_SF7, 90", "LORA_SF9, 180"})
  void noNodePassesItsShareAndNoCellTheTargetInAnyMinute(Presets preset, int seconds) {
    VirtualSite site =
        new VirtualSite(4, preset.profile(), new Loss.Bursts(0.3, 3))
            .radioCell("/orchard/north", 12, 3)
            .inboxCell("/orchard/city", 3, 1)
            .startAll();
    site.run(seconds);
    site.kill("/orchard/north/n0");
    site.kill("/orchard/north/n7");
    site.run(seconds / 2.0);
    site.start("/orchard/north/n0");
    site.start("/orchard/north/n7");
    site.revise(draft -> draft.query("count", "SELECT COUNT(*) FROM readings EVERY 4 s"));
    site.give("/orchard/city/g0");
    site.run(seconds);
    Checks.check(site); // also what each node found broken
    double most = site.busiestMinute();
    assertTrue(most <= preset.profile().channelTarget(), "busiest minute: " + most);
    assertTrue(most > 0.03, "nothing was measured: " + most);
    int reported =
        site.node("/orchard/city/g0").results("/orchard/north").values().stream()
            .mapToInt(result -> result.reported())
            .max()
            .orElseThrow();
    assertTrue(reported > 5, "hardly anybody got through: " + reported);
  }
}
