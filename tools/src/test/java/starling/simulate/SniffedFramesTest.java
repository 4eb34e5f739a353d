package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import starling.link.Address;
import starling.link.Reception;
import starling.link.air.Loss;
import starling.sniff.Sniffed;
import starling.sniff.Sniffer;

/** What production nodes say to each other, read by the layouts that are published. */
class SniffedFramesTest {
  private static final int WINDOWS = 30;

  /** A frame as it left. */
  private record Left(boolean radio, byte[] frame, long atMillis) {}

  @Test
  void everyFrameOfASiteIsDecodedWhole() {
    VirtualSite site = VirtualSite.orchard(3, new Loss.Independent(0.2));
    List<Left> all = new ArrayList<>();
    site.tap =
        (from, to, frame) ->
            all.add(new Left(to.equals(Address.ALL), frame.clone(), site.nowMillis()));
    site.startAll();
    site.run(WINDOWS);
    Sniffer radio = new Sniffer(Optional.of(VirtualSite.keyring()), site.charter(), 1);
    Sniffer inboxes = new Sniffer(Optional.of(VirtualSite.keyring()), site.charter(), 2);
    Set<String> seen = new TreeSet<>();
    for (Left left : all) {
      Sniffer sniffer = left.radio() ? radio : inboxes;
      Sniffed shown = sniffer.sniff(left.frame(), Reception.UNTOLD, left.atMillis());
      assertEquals(Sniffed.State.OPENED, shown.state(), shown::toString);
      assertTrue(shown.sender().startsWith("/orchard/"), shown::toString);
      for (Sniffed.Part part : shown.sections()) {
        assertFalse((part.name() + part.text()).contains("malformed"), shown::toString);
        assertFalse(part.name().contains("kind "), shown::toString);
        seen.add(part.name());
      }
    }
    assertTrue(all.size() > 1_000, "only " + all.size());
    assertTrue(
        seen.containsAll(
            Set.of(
                "clock TIME",
                "membership VOTES",
                "zone OWN",
                "zone ROWS",
                "zone HAVE",
                "zone RESULTS",
                "zone DIGEST")),
        seen::toString);
  }
}
