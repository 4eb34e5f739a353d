package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;

/** Whole cells that are gone hold nobody up: not who waits for them, not what went through them. */
class SilentCellsTest {
  private static final long WINDOW_MILLIS = 10_000;
  private static final double WINDOW = WINDOW_MILLIS / 1000.0;
  private static final int CELLS = 25;
  private static final List<Integer> GONE = List.of(4, 10, 12, 19);

  private static String cell(int number) {
    return "/orchard/c" + number;
  }

  /** How long after a window the root's row counts so many. */
  private static double secondsUntil(int reported, VirtualSite site) {
    long endMillis = site.nowMillis();
    assertEquals(0, endMillis % WINDOW_MILLIS, "a window ends now");
    for (int tenths = 0; tenths < 400; tenths++) {
      Delivery.Result root = site.node(cell(0) + "/g0").results("/orchard").get(endMillis);
      if (root != null && root.reported() == reported) {
        return tenths / 10.0;
      }
      site.run(0.1);
    }
    return Double.POSITIVE_INFINITY;
  }

  private static VirtualSite site() {
    VirtualSite site =
        new VirtualSite(
            3, Presets.SIK_64K.profile(), Presets.MQTT.profile(), Loss.NONE, WINDOW_MILLIS, 1);
    for (int i = 0; i < CELLS; i++) {
      site.inboxCell(cell(i), 3, i == 0 ? 1 : 0);
    }
    return site.startAll();
  }

  @Test
  void rowsOfTheOthersComeAsSoonAsBefore() {
    VirtualSite site = site();
    site.run(4 * WINDOW);
    double before = secondsUntil(3 * CELLS, site);
    for (int gone : GONE) {
      List.of("n0", "n1", "n2").forEach(node -> site.kill(cell(gone) + "/" + node));
    }
    site.run(8 * WINDOW - before);
    double after = secondsUntil(3 * (CELLS - GONE.size()), site);
    assertTrue(after <= before + 1, before + " s, then " + after + " s");
    Checks.check(site);
  }

  /** One of each cell is left, and hardly anywhere the one whom another's charter names. */
  @Test
  void whoeverIsLeftOfEachCellFindsThoseLeftOfOthers() {
    VirtualSite site = site();
    site.run(4 * WINDOW);
    double before = secondsUntil(3 * CELLS, site);
    for (int i = 0; i < CELLS; i++) {
      for (int node = 0; node < 3; node++) {
        if (node != i % 3) {
          site.kill(cell(i) + "/n" + node);
        }
      }
    }
    site.run(12 * WINDOW - before);
    double after = secondsUntil(CELLS, site);
    assertTrue(after <= before + 1, before + " s, then " + after + " s");
    Checks.check(site);
  }
}
