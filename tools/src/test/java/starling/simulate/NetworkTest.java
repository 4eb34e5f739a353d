package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.charter.Draft.Duty;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;

/** Whole sites, from one seed each, with faults and without; the oracle looks at every result. */
class NetworkTest {
  private static final String ROOT = "/orchard";
  private static final String GATEWAY = "/orchard/city/g0";
  private static final Loss BURSTS = new Loss.Bursts(0.3, 4);
  private static final Broker.Faults ROUGH = new Broker.Faults(0.2, 0.1, 1_000, 900_000);

  /** The newest window of which a result can be expected by now, given so many more to settle. */
  private static long windowEnding(VirtualSite site, int windowsAgo) {
    return (site.nowMillis() / VirtualSite.WINDOW_MILLIS - windowsAgo) * VirtualSite.WINDOW_MILLIS;
  }

  private static void assertReported(
      int reported, int windowsAgo, String zone, String gateway, VirtualSite site) {
    long endMillis = windowEnding(site, windowsAgo);
    Delivery.Result result = site.node(gateway).results(zone).get(endMillis);
    assertTrue(result != null, zone + " has no result for " + endMillis);
    assertEquals(reported, result.reported(), result.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyWindowSincePowerOnIsCompleteWhenNothingIsLost(long seed) {
    VirtualSite site = VirtualSite.orchard(seed, Loss.NONE).startAll();
    site.run(48);
    Map<Long, Delivery.Result> root = site.node(GATEWAY).results(ROOT);
    long startMillis = VirtualSite.START_NANOS / 1_000_000;
    for (int window = 3; window <= 11; window++) { // time needs one to reach everybody
      long endMillis = startMillis + window * VirtualSite.WINDOW_MILLIS;
      assertTrue(root.containsKey(endMillis), "window " + window + " has no result: " + root);
      assertEquals(23, root.get(endMillis).reported(), "window " + window);
    }
    site.lives().forEach(life -> assertEquals(List.of(), life.warnings(), life.path()));
    assertTrue(Checks.check(site) > 500);
  }

  @Test
  void aTreeOfFourLevelsAddsUp() {
    VirtualSite site =
        new VirtualSite(5, Presets.SIK_64K.profile(), Loss.NONE)
            .radioCell("/orchard/hill/upper", 4, 2)
            .radioCell("/orchard/hill/lower/left", 4, 2)
            .radioCell("/orchard/hill/lower/right", 3, 2)
            .radioCell("/orchard/valley/brook", 4, 2)
            .inboxCell("/orchard/city", 3, 1)
            .startAll();
    site.run(60);
    assertReported(18, 3, ROOT, GATEWAY, site);
    Checks.check(site);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void roughMediaDelayButNeverFalsify(long seed) {
    VirtualSite site = VirtualSite.orchard(seed, BURSTS).startAll();
    site.broker.faults(ROUGH);
    site.run(20);
    site.radio("/orchard/east").air().hears(0, 4, false); // three representatives that disagree
    site.radio("/orchard/east").air().hears(1, 5, false);
    site.radio("/orchard/east").air().hears(2, 3, false);
    site.kill("/orchard/north/n0");
    site.run(6);
    site.start("/orchard/north/n0");
    site.run(4);
    site.node("/orchard/south/n3").dieAtWrite(0, true);
    site.run(5);
    site.start("/orchard/south/n3");
    site.run(5);
    move(site, "/orchard/north/n5", "/orchard/south/m5");
    site.run(30);
    Checks.check(site);
    site.radios().forEach(radio -> radio.air().loss(Loss.NONE));
    site.broker.faults(Broker.Faults.NONE);
    site.run(40);
    Checks.check(site);
    assertReported(23, 3, ROOT, GATEWAY, site);
    assertReported(6, 3, "/orchard/south", GATEWAY, site);
    assertReported(5, 3, "/orchard/north", "/orchard/city/g1", site);
    long agreed = windowEnding(site, 3);
    assertEquals(
        site.node(GATEWAY).results(ROOT).get(agreed),
        site.node("/orchard/city/g1").results(ROOT).get(agreed));
    assertEquals(List.of(), site.sealedTwice());
  }

  private static void move(VirtualSite site, String from, String to) {
    site.revise(draft ->
        draft
            .retire(from)
            .node(to, site.key(from), 1, java.util.Set.of(starling.charter.Draft.Duty.SENSES)));
    site.give(GATEWAY);
    site.run(4);
    site.kill(from);
    site.startMoved(from, to);
  }

  @Test
  void aCellCutOffFromItsUplinkIsSilentAndComesBackWhole() {
    VirtualSite site = VirtualSite.orchard(7, Loss.NONE).startAll();
    site.run(20);
    for (String uplink : List.of("/orchard/north/n0", "/orchard/north/n1")) {
      site.node(uplink).ailing().cutOff = true;
    }
    site.run(24);
    assertReported(17, 3, ROOT, GATEWAY, site);
    assertReported(17, 1, ROOT, GATEWAY, site); // nobody waits for it any more
    assertReported(0, 3, "/orchard/north", GATEWAY, site);
    assertReported(6, 3, "/orchard/north", "/orchard/north/n0", site);
    for (String uplink : List.of("/orchard/north/n0", "/orchard/north/n1")) {
      site.node(uplink).ailing().cutOff = false;
    }
    site.run(16);
    assertReported(23, 2, ROOT, GATEWAY, site);
    Checks.check(site);
  }

  @Test
  void threeDeadNodesAreMissedNotMadeUpAndCountAgainWhenTheyReturn() {
    VirtualSite site = VirtualSite.orchard(8, Loss.NONE).startAll();
    List<String> dead = List.of("/orchard/north/n0", "/orchard/east/n4", "/orchard/city/n2");
    site.run(20);
    dead.forEach(site::kill);
    site.run(16);
    assertReported(20, 2, ROOT, GATEWAY, site);
    site.run(40);
    assertReported(20, 2, ROOT, GATEWAY, site);
    dead.forEach(site::start);
    site.run(24);
    assertReported(23, 2, ROOT, GATEWAY, site);
    for (String path : dead) {
      assertEquals(2, site.node(path).engine.facts().self().generation(), path);
    }
    assertEquals(List.of(), site.sealedTwice());
    Checks.check(site);
  }

  @Test
  void aGatewayThatStartsAgainKnowsTheSiteWithinTwoWindows() {
    VirtualSite site = VirtualSite.orchard(9, Loss.NONE).startAll();
    site.run(25);
    site.kill(GATEWAY);
    site.run(10);
    VirtualNode again = site.start(GATEWAY);
    site.run(8);
    NavigableMap<Long, Delivery.Result> root = again.results(ROOT);
    assertEquals(23, root.lastEntry().getValue().reported(), root.toString());
    assertTrue(
        again.told(Delivery.Result.class).stream().allMatch(result -> result.reported() > 0),
        "nobody is called silent for a time when it did not listen");
    Checks.check(site);
  }

  @Test
  void oneSeedGivesOneHistory() {
    long[] traces = new long[3];
    for (int i = 0; i < traces.length; i++) {
      VirtualSite site = VirtualSite.orchard(i == 2 ? 12 : 11, BURSTS).startAll();
      site.broker.faults(ROUGH);
      site.run(15);
      site.kill("/orchard/east/n0");
      site.run(3);
      site.start("/orchard/east/n0");
      move(site, "/orchard/north/n4", "/orchard/east/n9");
      site.run(6);
      traces[i] = site.trace();
    }
    assertEquals(traces[0], traces[1]);
    assertTrue(traces[0] != traces[2], "another seed has another history");
  }

  @Test
  void aGatewayTellsTheHealthOfItsCellsMembersAndNobodyElseDoes() {
    VirtualSite site =
        new VirtualSite(12, Presets.SIK_64K.profile(), new Loss.Independent(0.2))
            .radioCell("/orchard/north", 6, 2)
            .inboxCell("/orchard/city", 3, 1);
    site.revise(draft ->
        draft.node(
            "/orchard/north/gate",
            site.key("/orchard/north/gate"),
            1,
            EnumSet.of(Duty.UPLINK, Duty.MAINS, Duty.GATEWAY)));
    site.startAll();
    site.run(240);
    site.kill("/orchard/north/n5");
    site.run(60);
    List<Delivery.Health> told = site.node("/orchard/north/gate").told(Delivery.Health.class);
    Map<String, Delivery.Health> newest = new TreeMap<>();
    for (Delivery.Health health : told) {
      if (health.node().startsWith("/orchard/north/")) {
        newest.put(health.node(), health);
        double loss = health.hearing().orElseThrow().loss().orElse(0);
        assertTrue(loss >= 0 && loss < 0.6, health.toString());
        assertTrue(health.generation() > 0, health.toString());
      }
    }
    assertEquals(6, newest.size(), "all but itself");
    Delivery.Hearing heard = newest.get("/orchard/north/n1").hearing().orElseThrow();
    assertTrue(heard.agoMillis() <= heard.promiseMillis(), heard.toString());
    double loss =
        newest.values().stream()
            .mapToDouble(health -> health.hearing().orElseThrow().loss().orElseThrow())
            .average()
            .orElseThrow();
    assertEquals(0.2, loss, 0.15, "of each alone, the last few dozen frames decide");
    assertEquals(Delivery.State.SUSPECT, newest.get("/orchard/north/n5").state());
    assertTrue(told.size() < 6 * 30, "at most once a minute, and when a state changes");
    site.node("/orchard/city/g0").told(Delivery.Health.class).stream()
        .filter(health -> health.node().startsWith("/orchard/city/"))
        .forEach(health ->
            assertTrue(health.hearing().orElseThrow().loss().isEmpty(), "inboxes don't count"));
    assertEquals(
        List.of(),
        site.node("/orchard/north/n0").told(Delivery.Health.class).stream()
            .filter(health -> health.hearing().isPresent())
            .toList());
  }
}
