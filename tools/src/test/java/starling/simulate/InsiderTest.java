package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;

/**
 * One who holds the site's key and says nonsense: true sections, mutated, in frames that verify. It
 * may lie about readings; it can't crash anybody, nor make more of a site than the charter has.
 */
class InsiderTest {
  private static final String GATEWAY = "/orchard/city/g0";
  private static final String INSIDER = "/orchard/north/n1";

  private VirtualSite site;
  private Stranger stranger;
  private List<byte[]> sections;
  private int counter;

  @BeforeEach
  void collect() {
    site =
        new VirtualSite(6, Presets.SIK_64K.profile(), Loss.NONE)
            .radioCell("/orchard/north", 4, 2)
            .inboxCell("/orchard/city", 3, 1)
            .startAll();
    stranger = new Stranger(site, "/orchard/north", site.address(GATEWAY));
    site.run(12);
    site.revise(draft -> draft.query("count", "SELECT COUNT(*) FROM readings EVERY 4 s"));
    site.give(GATEWAY);
    site.run(8);
    site.node("/orchard/north/n3").say(new Local.Inquiry(1, "/orchard/city", "", 10_000));
    site.node(GATEWAY).say(new Local.Inquiry(2, "/orchard/north", "", 10_000));
    site.run(4);
    site.kill(INSIDER);
    sections = new ArrayList<>();
    open(1, stranger.onAir);
    open(2, stranger.inInbox);
    assertTrue(sections.size() > 50);
  }

  private void open(int link, List<byte[]> frames) {
    Opener opener = new Opener(VirtualSite.keyring(), link, Opener.Knowledge.NONE);
    for (byte[] frame : frames) {
      if (opener.open(frame.clone()) instanceof Opened.Frame opened) {
        sections.add(opened.sections());
      }
    }
  }

  private void flood(int frames, boolean clockToo, SplittableRandom random) {
    Introduction self =
        new Introduction(site.node(INSIDER).member.id().bits(), 9, random.nextInt());
    Address place = site.address(INSIDER);
    int sender = place.cell() << 8 | place.slot();
    Sealer onRadio = new Sealer(VirtualSite.keyring(), 0, self, sender, 1);
    Sealer onInbox = new Sealer(VirtualSite.keyring(), 0, self, sender, 2);
    for (int i = 0; i < frames; i++) {
      byte[] mutant = mutant(random);
      if (!clockToo && says(mutant, SectionType.CLOCK)) {
        continue;
      }
      FrameHeader header =
          new FrameHeader(
              true,
              0,
              place.cell(),
              place.slot(),
              counter++,
              random.nextInt(16),
              random.nextInt(16));
      int length = Math.min(mutant.length, 200);
      stranger.sayOnAir(onRadio.seal(header, mutant, length));
      stranger.say(site.address(GATEWAY), onInbox.seal(header, mutant, length));
      site.run(0.02);
    }
  }

  private byte[] mutant(SplittableRandom random) {
    byte[] mutant = sections.get(random.nextInt(sections.size())).clone();
    if (mutant.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(mutant.length);
      mutant[at] = (byte) (random.nextBoolean() ? random.nextInt() : mutant[at] + 1);
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(mutant, random.nextInt(200)) : mutant;
  }

  private static boolean says(byte[] sections, SectionType type) {
    for (byte one : sections) {
      if ((one & 0xF0) >>> 4 == type.code()) {
        return true; // at least it might
      }
    }
    return false;
  }

  @Test
  void nonsenseThatVerifiesCrashesNobodyAndCountsForNoMoreThanTheRoster() {
    flood(3_000, true, new SplittableRandom(1));
    for (VirtualNode life : site.lives()) {
      for (Delivery.Result result : life.told(Delivery.Result.class)) {
        assertTrue(result.reported() <= result.expected(), result.toString());
        assertTrue(result.expected() <= 7, result.toString());
      }
      assertTrue(life.warnings().size() < 60, life.path() + " says too much: " + life.warnings());
    }
  }

  @Test
  void whenItStopsTheSiteIsWholeAgain() {
    flood(1_500, false, new SplittableRandom(2));
    site.start(INSIDER);
    site.run(60);
    long endMillis = (site.nowMillis() / VirtualSite.WINDOW_MILLIS - 2) * VirtualSite.WINDOW_MILLIS;
    Delivery.Result root = site.node(GATEWAY).results("/orchard").get(endMillis);
    assertEquals(7, root.reported(), root.toString());
    assertTrue(site.node(INSIDER).engine.facts().self().generation() > 9, "it rose above the liar");
  }
}
