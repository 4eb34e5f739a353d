package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.charter.Draft.Duty;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.engine.SqueezedProtocol;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;

/** Frames of every size, and frames that never leave. */
class FillTest {
  private static final String GATEWAY = "/orchard/city/g0";

  @ParameterizedTest
  @ValueSource(ints = {51, 64, 115, 250})
  void everyProtocolFillsEverySizeWithWholeItemsAndForgetsWhatIsDropped(int mtu) {
    LinkProfile radio = Presets.SIK_64K.profile().withMtu(mtu);
    VirtualSite site =
        new VirtualSite(mtu, radio, new Loss.Bursts(0.2, 2))
            .radioCell("/orchard/north", 5, 2)
            .inboxCell("/orchard/city", 4, 1);
    List<SqueezedProtocol> all = new ArrayList<>();
    site.wrapper =
        protocol ->
            () -> {
              all.add(new SqueezedProtocol(protocol.get(), protocol, 4));
              return all.getLast();
            };
    site.startAll();
    site.run(16);
    site.revise(draft -> draft.node("/orchard/north/new", site.key("new"), 1, Set.of(Duty.SENSES)));
    site.give(GATEWAY);
    for (int second = 0; second < 16; second++) {
      for (VirtualNode node : site.nodes()) {
        String zone = node.path().startsWith("/orchard/city") ? "/orchard/north" : "/orchard/city";
        node.say(new Local.Inquiry(second, zone, "", 4000));
      }
      site.run(1);
    }
    Checks.check(site);
    Map<SectionType, Integer> squeezed = new EnumMap<>(SectionType.class);
    for (SqueezedProtocol protocol : all) {
      squeezed.merge(protocol.type(), protocol.squeezed(), Integer::sum);
    }
    assertEquals(5, squeezed.size());
    squeezed.forEach((type, times) -> assertTrue(times > 15, type + " was tried " + times));
  }

  @Test
  void halfOfAllFramesMayFailToLeaveAndNothingIsLost() {
    VirtualSite site = VirtualSite.orchard(3, Loss.NONE);
    site.dropping = 2;
    site.startAll();
    site.run(40);
    long endMillis = (site.nowMillis() / VirtualSite.WINDOW_MILLIS - 2) * VirtualSite.WINDOW_MILLIS;
    assertEquals(23, site.node(GATEWAY).results("/orchard").get(endMillis).reported());
    Checks.check(site);
  }
}
