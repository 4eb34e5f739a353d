package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.link.air.Loss;
import starling.model.Delivery;

/**
 * Those who don't belong: nothing of theirs counts, the site goes on, and somebody says so once.
 */
class StrangersTest {
  private static final String GATEWAY = "/orchard/city/g0";

  private static VirtualSite running(long seed) {
    VirtualSite site = VirtualSite.orchard(seed, Loss.NONE).startAll();
    site.run(20);
    return site;
  }

  private static void assertStillWhole(VirtualSite site, int reported) {
    long endMillis = site.nowMillis() / VirtualSite.WINDOW_MILLIS * VirtualSite.WINDOW_MILLIS;
    Delivery.Result root =
        site.node(GATEWAY).results("/orchard").get(endMillis - 2 * VirtualSite.WINDOW_MILLIS);
    assertEquals(reported, root.reported(), root.toString());
    Checks.check(site);
  }

  private static List<Delivery.Warning> warnings(VirtualSite site, String kind) {
    return site.lives().stream().flatMap(life -> life.warnings(kind).stream()).toList();
  }

  private static void assertWarnedOnceEach(VirtualSite site, String kind) {
    assertTrue(!warnings(site, kind).isEmpty(), "nobody warned of a " + kind);
    for (VirtualNode life : site.lives()) {
      List<Delivery.Warning> all = life.warnings(kind);
      long subjects = all.stream().map(Delivery.Warning::subject).distinct().count();
      assertEquals(subjects, all.size(), life.path() + " repeats itself: " + all);
      assertTrue(subjects <= 8, life.path() + " says too much: " + all);
    }
  }

  @Test
  void aClonedCardNeverCountsTwiceAndIsNamed() {
    VirtualSite site = running(1);
    site.startClone("/orchard/north/n3", "clone of n3");
    site.startClone("/orchard/city/n1", "clone of n1");
    site.run(60);
    Checks.check(site); // each result holds at most one contribution of each identity
    assertWarnedOnceEach(site, "clone");
    assertTrue(
        warnings(site, "clone").stream().anyMatch(w -> w.text().contains("card")),
        "the cause is named");
  }

  @Test
  void aCaptureThatIsPlayedAgainCountsForNothing() {
    VirtualSite site = VirtualSite.orchard(2, Loss.NONE).startAll();
    Stranger stranger = new Stranger(site, "/orchard/north", site.address("/orchard/city/n0"));
    site.run(120);
    List<byte[]> onAir = List.copyOf(stranger.onAir);
    List<byte[]> inInbox = List.copyOf(stranger.inInbox);
    assertTrue(onAir.size() > 30 && inInbox.size() > 30, onAir.size() + " " + inInbox.size());
    for (int i = 0; i < 200; i++) {
      stranger.sayOnAir(onAir.get(i % onAir.size()));
      stranger.say(site.address("/orchard/city/n0"), inInbox.get(i % inInbox.size()));
      stranger.say(site.address(GATEWAY), onAir.get(i % onAir.size()));
      site.run(0.1);
    }
    site.run(12);
    assertStillWhole(site, 23);
    assertWarnedOnceEach(site, "replay");
    assertEquals(List.of(), site.sealedTwice());
  }

  @Test
  void anOldBootThatIsPlayedAgainStaysOldAlsoAfterTheHearersStartAgain() {
    VirtualSite site = VirtualSite.orchard(3, Loss.NONE).startAll();
    Stranger stranger = new Stranger(site, "/orchard/north");
    site.run(16);
    List<byte[]> firstBoot = List.copyOf(stranger.onAir);
    site.kill("/orchard/north/n2");
    site.start("/orchard/north/n2");
    site.run(10);
    site.kill("/orchard/north/n4"); // a hearer that forgets all but its disk
    site.start("/orchard/north/n4");
    for (byte[] frame : firstBoot) {
      stranger.sayOnAir(frame);
      site.run(0.1);
    }
    site.run(20);
    assertStillWhole(site, 23);
    // A hearer that started again has its floor on disk but not its salt, and may contest it once.
    long generation = site.node("/orchard/north/n2").engine.facts().self().generation();
    assertTrue(generation <= 3, "generation " + generation);
    assertWarnedOnceEach(site, "replay");
    assertEquals(List.of(), warnings(site, "clone"));
  }

  @Test
  void anotherSitesKeyIsRefusedAndNamed() {
    VirtualSite site = running(4);
    site.kill("/orchard/south/n4");
    VirtualNode foreign = site.startWithWrongKey("/orchard/south/n4", "foreign");
    site.run(30);
    assertStillWhole(site, 22);
    assertWarnedOnceEach(site, "key");
    assertTrue(foreign.results("/orchard").isEmpty());
    assertTrue(
        warnings(site, "key").stream().anyMatch(w -> w.subject().equals("/orchard/south/n4")));
  }

  @Test
  void aBoardThatIsRetiredLearnsItAndWhatItSaysCountsForNothing() {
    VirtualSite site = running(6);
    VirtualNode lost = site.node("/orchard/north/n3");
    site.change(draft -> draft.retire("/orchard/north/n3"));
    site.run(30); // it goes on, as a stolen board would
    assertStillWhole(site, 22);
    assertWarnedOnceEach(site, "roster");
    assertTrue(
        lost.engine.facts().charter().cell(lost.cell.page().zone()).orElseThrow().members().stream()
            .noneMatch(member -> member.id().equals(lost.member.id())));
    long refused = site.node("/orchard/north/n1").engine.statistics(0).framesRefused();
    long heard = site.node("/orchard/north/n1").engine.statistics(0).framesHeard();
    site.run(10);
    assertTrue(site.node("/orchard/north/n1").engine.statistics(0).framesRefused() > refused);
    assertTrue(site.node("/orchard/north/n1").engine.statistics(0).framesHeard() > heard);
  }

  @Test
  void aLostBoardsPlaceIsAnotherKeysAndItsOwnIsOut() {
    VirtualSite site = running(7);
    site.change(draft -> draft.replace("/orchard/north/n3", site.key("/orchard/north/spare")));
    VirtualNode spare = site.startReplaced("/orchard/north/n3", "/orchard/north/spare");
    site.run(30); // the lost one speaks on beside it
    assertStillWhole(site, 23);
    assertTrue(spare.engine.statistics(0).framesHeard() > 0);
    assertEquals(List.of(), warnings(site, "clone"));
    assertWarnedOnceEach(site, "roster");
  }

  @Test
  void randomBytesAreNoFrames() {
    VirtualSite site = running(5);
    SplittableRandom random = new SplittableRandom(5);
    Stranger stranger = new Stranger(site, "/orchard/east");
    long heard = site.node(GATEWAY).engine.statistics(0).framesHeard();
    for (int i = 0; i < 600; i++) {
      byte[] noise = new byte[random.nextInt(1, 251)];
      random.nextBytes(noise);
      if (i % 2 == 0) {
        noise[0] &= 0x1F; // our version, and epoch 0 sometimes
      }
      stranger.sayOnAir(noise);
      stranger.say(site.address(GATEWAY), noise);
      site.run(0.1);
    }
    site.run(8);
    assertStillWhole(site, 23);
    assertTrue(site.node(GATEWAY).engine.statistics(0).noise() > 100);
    assertTrue(site.node(GATEWAY).engine.statistics(0).framesHeard() > heard);
    site.lives().forEach(life -> assertTrue(life.warnings().size() <= 16, life.path()));
  }
}
