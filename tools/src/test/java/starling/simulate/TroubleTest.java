package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import starling.charter.Draft.Duty;
import starling.link.air.Loss;
import starling.model.Delivery;

/**
 * Any mix of trouble, drawn from a seed: while it lasts nothing false is told; once it stops, all
 * who are connected agree. {@code -Dseeds=N} tries N other mixes.
 */
class TroubleTest {
  private static final int STEPS = 20;
  private static final List<String> RADIO_CELLS =
      List.of("/orchard/north", "/orchard/east", "/orchard/south");
  private static final List<String> GATEWAYS = List.of("/orchard/city/g0", "/orchard/city/g1");

  static LongStream seeds() {
    return LongStream.range(0, Integer.getInteger("seeds", 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingFalseIsToldInTroubleAndAllAgreeAfterIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Loss loss = new Loss.Bursts(0.1 + 0.3 * random.nextDouble(), 2 + random.nextInt(6));
    VirtualSite site = VirtualSite.orchard(seed, loss);
    site.dropping = random.nextInt(3) == 0 ? 2 + random.nextInt(5) : 0;
    site.startAll();
    site.broker.faults(
        new Broker.Faults(
            0.3 * random.nextDouble(),
            0.2 * random.nextDouble(),
            1_000,
            2_000 + random.nextInt(900_000)));
    for (int step = 0; step < STEPS; step++) {
      site.run(1 + random.nextInt(6));
      trouble(site, random);
    }
    Checks.check(site);
    calm(site);
    site.run(90);
    Checks.check(site);
    assertEquals(List.of(), site.sealedTwice());
    assertAgreed(site);
    assertNoFalseAlarm(site);
  }

  private static void trouble(VirtualSite site, SplittableRandom random) {
    List<String> all = site.nodes().stream().map(VirtualNode::path).toList();
    String path = all.get(random.nextInt(all.size()));
    switch (random.nextInt(7)) {
      case 0, 1 -> site.kill(path);
      case 2, 3 ->
          all.stream().filter(n -> !site.node(n).alive()).findFirst().ifPresent(site::start);
      case 4 -> site.node(path).dieAtWrite(random.nextInt(3), random.nextBoolean());
      case 5 -> site.node(path).cutOff = random.nextBoolean();
      default -> grow(site, RADIO_CELLS.get(random.nextInt(RADIO_CELLS.size())));
    }
  }

  /** One more node in a cell, up to two; the charter says so at a gateway first. */
  private static void grow(VirtualSite site, String cell) {
    for (String path : new String[] {cell + "/x0", cell + "/x1"}) {
      if (!site.has(path)) {
        site.revise(draft -> draft.node(path, site.key(path), 1, EnumSet.of(Duty.SENSES)));
        GATEWAYS.forEach(site::give);
        site.start(path);
        return;
      }
    }
  }

  private static void calm(VirtualSite site) {
    for (String path : site.nodes().stream().map(VirtualNode::path).toList()) {
      site.node(path).dieAtWrite(Integer.MAX_VALUE, false);
      site.node(path).cutOff = false;
      if (!site.node(path).alive()) {
        site.start(path);
      }
    }
    site.radios().forEach(radio -> radio.air().loss(Loss.NONE));
    site.broker.faults(Broker.Faults.NONE);
  }

  private static void assertAgreed(VirtualSite site) {
    long endMillis = (site.nowMillis() / VirtualSite.WINDOW_MILLIS - 3) * VirtualSite.WINDOW_MILLIS;
    int expected = site.expected("/orchard");
    List<Delivery.Result> roots = new ArrayList<>();
    for (String gateway : GATEWAYS) {
      Delivery.Result root = site.node(gateway).results("/orchard").get(endMillis);
      assertTrue(root != null, gateway + " has no result");
      assertEquals(expected, root.reported(), root.toString());
      roots.add(root);
    }
    assertEquals(roots.getFirst(), roots.getLast());
  }

  /** Duplicates and delays are worth a word; nobody here lies, is cloned or holds a wrong key. */
  private static void assertNoFalseAlarm(VirtualSite site) {
    for (VirtualNode life : site.lives()) {
      for (Delivery.Warning warning : life.warnings()) {
        assertTrue(Set.of("replay", "clock").contains(warning.kind()), life.path() + " " + warning);
      }
    }
  }
}
