package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import starling.engine.Local;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Sealer;
import starling.link.air.Loss;

/** What a node keeps does not grow with the site or with what strangers send. */
class MemoryTest {
  private static final int LEVEL_BYTES = 6_000;
  private static final int SENDERS = 10_000;

  @Test
  void aNodeOfFiveThousandKeepsWhatOneOfAHundredDoesAndAFewRowsForEachLevelMore() {
    long few = mean(100, 12);
    long many = mean(5_000, 12);
    int levels = 4 - 1; // four cells of 25 in a zone, four zones in a zone
    assertTrue(many <= few + levels * LEVEL_BYTES, few + " bytes became " + many);
  }

  private static long mean(int nodes, int seconds) {
    String text =
        "site %d nodes, cells of 25, branching 4, addressed, 2 gateways\nwindow 4 s\nfor %d s"
            .formatted(nodes, seconds);
    Simulation simulation = new Simulation(Scenario.read("memory", text), 2, null);
    assertEquals(List.of(), simulation.run(_ -> {}).violations());
    return (long)
        simulation.site().nodes().stream()
            .limit(100)
            .mapToLong(node -> Tables.of(node.engine).bytes())
            .average()
            .orElseThrow();
  }

  /** Each claims to be somebody else, with noise for a tag or, worse, with the site's own key. */
  @Test
  void tenThousandClaimedSendersFindNoRoom() {
    VirtualSite site = VirtualSite.orchard(1, Loss.NONE).startAll();
    site.run(20);
    VirtualNode victim = site.node("/orchard/north/n0");
    SplittableRandom random = new SplittableRandom(1);
    long before = 0;
    for (int sender = 0; sender < SENDERS; sender++) {
      victim.hear(frame(sender, random));
      if (sender % 50 == 49) {
        site.run(0.1);
      }
      if (sender == SENDERS / 2) {
        before = Tables.of(victim.engine).bytes();
      }
    }
    site.run(1);
    Tables after = Tables.of(victim.engine);
    assertEquals(List.of(), after.tooLarge());
    assertTrue(
        after.sizes().getOrDefault("Senders.boots", 0) == 160, "the flood arrived: " + after);
    assertTrue(after.bytes() < 1.1 * before, before + " bytes became " + after.bytes());
    assertTrue(victim.alive());
  }

  private static byte[] frame(int sender, SplittableRandom random) {
    boolean introduces = sender % 4 != 0;
    FrameHeader header = new FrameHeader(introduces, 0, 100 + sender / 64, sender % 64, 1, 1, 3);
    Introduction claimed = new Introduction(random.nextLong(), 1, random.nextInt());
    byte[] sections = new byte[random.nextInt(40)];
    random.nextBytes(sections);
    byte[] frame =
        new Sealer(VirtualSite.keyring(), 0, claimed, header.sender(), 1)
            .seal(header, sections, sections.length);
    if (sender % 4 == 1) {
      frame[frame.length - 1] ^= 1;
    }
    return frame;
  }

  @Test
  void everyTableThatHasALimitIsSeenAndTheLargestIsWithinIt() {
    VirtualSite site = VirtualSite.orchard(2, new Loss.Independent(0.2)).startAll();
    Map<String, Integer> largest = new HashMap<>();
    VirtualNode victim = site.node("/orchard/north/n1");
    for (int look = 0; look < 25; look++) {
      site.node("/orchard/east/n5").say(new Local.Inquiry(look, "/orchard/city", "", 9_000));
      site.run(0.5);
      for (int sender = 0; sender < 4; sender++) {
        victim.hear(frame(4 * look + sender, new SplittableRandom(sender)));
      }
      for (VirtualNode node : site.nodes()) {
        Tables.of(node.engine)
            .sizes()
            .forEach((table, size) -> largest.merge(table, size, Math::max));
      }
    }
    TreeSet<String> unseen = new TreeSet<>(Tables.LIMITS.keySet());
    unseen.removeAll(largest.keySet());
    unseen.removeAll(List.of("Boots.contests", "Answers.promised")); // mostly there are none
    assertEquals(List.of(), List.copyOf(unseen), "renamed? " + new TreeSet<>(largest.keySet()));
  }

  @Test
  void aTableThatIsTooLargeIsNamed() {
    VirtualSite site = VirtualSite.orchard(3, Loss.NONE).startAll();
    site.run(1);
    Tables tables = Tables.of(site.node("/orchard/north/n0").engine);
    tables.sizes().put("Boots.nodes", 257);
    assertEquals(
        List.of("Boots.nodes has 257 entries, at most 256 are allowed"), tables.tooLarge());
  }
}
