package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import starling.link.Presets;
import starling.link.air.Loss;

/** What nodes want to send and can't yet. */
class BacklogTest {
  private static long backlog(VirtualSite site) {
    return site.nodes().stream().mapToLong(VirtualNode::backlogBytes).sum();
  }

  private static long trace(boolean looks) {
    VirtualSite site = VirtualSite.orchard(3, new Loss.Independent(0.2)).startAll();
    for (int second = 0; second < 20; second++) {
      site.run(1);
      if (looks) {
        backlog(site);
      }
    }
    return site.trace();
  }

  @Test
  void lookingChangesNothing() {
    assertEquals(trace(false), trace(true));
  }

  @Test
  void newsThatCannotLeaveIsOwedUntilItCan() {
    VirtualSite site =
        new VirtualSite(5, Presets.SIK_64K.profile(), Loss.NONE)
            .inboxCell("/orchard/city", 6, 2)
            .startAll();
    site.run(34); // two seconds into a window: all was said
    assertEquals(0, backlog(site));
    site.dropping = 1;
    site.run(4);
    long owed = backlog(site);
    assertTrue(owed > 8 * 2 * 16, "eight nodes owe two others a frame or more each: " + owed);
    site.dropping = 0;
    site.run(4);
    assertEquals(0, backlog(site));
  }
}
