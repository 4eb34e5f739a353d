package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.link.Presets;
import starling.link.air.Loss;

/** Power that fails at each write to the disk: just before it is there, and just after. */
class CrashTest {
  private static final int WRITES = 12;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noWriteThatPowerFailsAtMakesANodeContradictItself(boolean before) {
    for (int write = 0; write < WRITES; write++) {
      VirtualSite site =
          new VirtualSite(write, Presets.SIK_64K.profile(), Loss.NONE)
              .radioCell("/orchard/north", 3, 1)
              .inboxCell("/orchard/city", 2, 1)
              .startAll();
      Stranger radio = new Stranger(site, "/orchard/north");
      String path = "/orchard/north/n" + (1 + write % 2);
      site.run(10);
      VirtualNode dying = site.node(path);
      dying.dieAtWrite(write % 4, before);
      site.run(20);
      assertFalse(dying.alive(), "it should have written more than " + write % 4 + " times");
      for (int again = 0; again < write / 4; again++) { // and while it starts, once or twice
        VirtualNode starting = site.start(path);
        starting.dieAtWrite(0, before);
        site.run(1);
        assertFalse(starting.alive());
      }
      site.start(path);
      site.run(30);
      Checks.check(site);
      assertEquals(List.of(), site.sealedTwice());
      assertOneFrameForEachCounter(radio.onAir);
      long endMillis = (site.nowMillis() / 4000 - 1) * 4000;
      int reported =
          site.node("/orchard/city/g0").results("/orchard").get(endMillis - 4000).reported();
      assertEquals(5, reported, "write " + write);
    }
  }

  /**
   * No sender says two different things under one counter of one boot. Boots are told apart by the
   * introductions, in clear, that each begins with.
   */
  private static void assertOneFrameForEachCounter(List<byte[]> heard) {
    Map<Integer, Integer> boots = new HashMap<>();
    Map<String, byte[]> frames = new HashMap<>();
    for (byte[] frame : heard) {
      int sender = frame[1] << 16 | frame[2] << 8 | frame[3];
      if ((frame[0] & 1 << 4) != 0) {
        boots.put(sender, Arrays.hashCode(Arrays.copyOfRange(frame, 8, 24)));
      }
      String key = sender + " " + boots.get(sender) + " " + counter(frame);
      byte[] first = frames.putIfAbsent(key, frame);
      assertTrue(first == null || Arrays.equals(first, frame), key);
    }
  }

  private static int counter(byte[] frame) {
    return (frame[4] & 0xFF) << 16 | (frame[5] & 0xFF) << 8 | frame[6] & 0xFF;
  }
}
