package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.engine.Local;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Page;

/** The rows of zones near and far, asked for at any node of a site of four levels. */
class InquiryTest {
  private static final String GATEWAY = "/orchard/city/g0";
  private static final String LEAF = "/orchard/hill/lower/left/n3";
  private static final String FAR_LEAF = "/orchard/valley/brook/n3";

  private static long lastId;

  private static VirtualSite site(long seed, Loss loss) {
    return new VirtualSite(seed, Presets.SIK_64K.profile(), loss)
        .radioCell("/orchard/hill/upper", 4, 2)
        .radioCell("/orchard/hill/lower/left", 4, 2)
        .radioCell("/orchard/hill/lower/right", 3, 2)
        .radioCell("/orchard/valley/brook", 4, 2)
        .inboxCell("/orchard/city", 3, 1)
        .startAll();
  }

  /** Asks, and waits for what comes of it; answers that and how many seconds it took. */
  private static Delivery.Inquired ask(VirtualSite site, String node, String zone, int patience) {
    long id = ++lastId;
    site.node(node).say(new Local.Inquiry(id, zone, "", patience * 1000L));
    for (int tenths = 0; tenths <= patience * 10 + 10; tenths++) {
      for (Delivery.Inquired answer : site.node(node).told(Delivery.Inquired.class)) {
        if (answer.id() == id) {
          return answer;
        }
      }
      site.run(0.1);
    }
    throw new AssertionError("nothing came of it");
  }

  /** Each row is what a representative of that zone told its own owner of that window. */
  private static void assertTold(VirtualSite site, Delivery.Inquired answer) {
    assertEquals("", answer.fault());
    List<String> zones = new ArrayList<>();
    for (Delivery.Result row : answer.zones()) {
      zones.add(row.zone());
      boolean told =
          site.lives().stream()
              .filter(life -> (life.path() + "/").startsWith(answer.zone() + "/"))
              .flatMap(life -> life.told(Delivery.Result.class).stream())
              .anyMatch(result -> sameRow(result, row));
      assertTrue(told, "nobody told " + row);
    }
    assertEquals(site.children(answer.zone()), zones);
  }

  private static boolean sameRow(Delivery.Result a, Delivery.Result b) {
    return a.zone().equals(b.zone())
        && a.query().equals(b.query())
        && a.endMillis() == b.endMillis()
        && a.reported() == b.reported()
        && a.expected() == b.expected()
        && a.oldestMillis() == b.oldestMillis()
        && a.values().equals(b.values())
        && a.units().equals(b.units());
  }

  @ParameterizedTest
  @ValueSource(strings = {GATEWAY, LEAF, FAR_LEAF, "/orchard/city/n2", "/orchard/hill/upper/n0"})
  void everyZonesRowsAreWhatItsOwnRepresentativesTold(String node) {
    VirtualSite site = site(5, Loss.NONE);
    site.run(40);
    for (String zone :
        List.of("/orchard", "/orchard/hill", "/orchard/valley", "/orchard/hill/lower")) {
      assertTold(site, ask(site, node, zone, 30));
    }
    Checks.check(site);
  }

  @ParameterizedTest
  @ValueSource(strings = {GATEWAY, LEAF, FAR_LEAF})
  void aCellsRowsAreWhatItsMembersMeasured(String node) {
    VirtualSite site = site(6, Loss.NONE);
    site.run(40);
    site.kill("/orchard/hill/lower/right/n2");
    site.run(9);
    Delivery.Inquired answer = ask(site, node, "/orchard/hill/lower/right", 30);
    assertEquals("", answer.fault());
    assertEquals(3, answer.nodes().size());
    for (Delivery.Latest latest : answer.nodes()) {
      boolean alive = !latest.node().endsWith("n2");
      assertEquals(alive, latest.endMillis() == answer.endMillis(), answer.toString());
      if (latest.endMillis() == 0) {
        assertFalse(alive, "only for some windows what one said last is remembered");
        continue;
      }
      Map<String, Double> measured = site.reading(latest.node(), latest.endMillis());
      measured.forEach(
          (channel, value) -> assertEquals(value, latest.values().get(channel), 0.005, channel));
      assertEquals("Cel", latest.units().get("air_temperature"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void lossOfAFifthOfAllFramesDelaysAnAnswerByNoMoreThanAMinute(long seed) {
    VirtualSite site = site(seed, new Loss.Independent(0.2));
    site.broker.faults(new Broker.Faults(0.2, 0.1, 1_000, 900_000));
    site.run(60);
    assertTold(site, ask(site, FAR_LEAF, "/orchard/hill/lower", 60));
    assertEquals("", ask(site, LEAF, "/orchard/valley/brook", 60).fault());
    assertTold(site, ask(site, GATEWAY, "/orchard/hill/lower", 60));
    Checks.check(site);
  }

  @Test
  void deadRepresentativesAreWaitedForAndThenLeftOut() {
    VirtualSite site = site(7, Loss.NONE);
    site.run(40);
    for (String cell : List.of("/orchard/hill/lower/left", "/orchard/valley/brook")) {
      site.kill(cell + "/n0");
      assertTold(site, ask(site, FAR_LEAF, "/orchard/hill/lower", 30));
      assertTold(site, ask(site, GATEWAY, "/orchard/valley", 30));
      site.start(cell + "/n0");
      site.run(10);
      site.kill(cell + "/n1");
      assertTold(site, ask(site, FAR_LEAF, "/orchard/hill/lower", 30));
      assertTold(site, ask(site, GATEWAY, "/orchard/valley", 30));
    }
    site.kill("/orchard/valley/brook/n0");
    site.kill("/orchard/valley/brook/n1");
    Delivery.Inquired silent = ask(site, GATEWAY, "/orchard/valley/brook", 20);
    assertEquals(
        "nobody who represents /orchard/valley/brook answered within 20 s", silent.fault());
  }

  @Test
  void aZoneThatThereIsNotIsRefusedWithWhatThereIs() {
    VirtualSite site = site(8, Loss.NONE);
    site.run(40);
    for (String node : List.of(GATEWAY, FAR_LEAF)) {
      refuses(
          site,
          node,
          "/orchard/vally",
          "in /orchard there is hill, valley, city; did you mean valley?");
      refuses(
          site,
          node,
          "/orchard/hill/lower/rihgt",
          "in /orchard/hill/lower there is left, right; did you mean right?");
      refuses(site, node, "/orchard/hill/none/at/all", "in /orchard/hill there is upper, lower");
      refuses(site, node, "/orchard/hill/upper/n1", "/orchard/hill/upper is a cell, ask for that");
      refuses(site, node, "/meadow", "paths of this site begin with /orchard");
      refuses(site, node, "orchard", "paths of this site begin with /orchard");
    }
    site.node(LEAF).say(new Local.Inquiry(-1, "/orchard", "climat", 1000));
    assertEquals(
        "there is no query climat, but climate; did you mean climate?",
        site.node(LEAF).told(Delivery.Inquired.class).getLast().fault());
  }

  private static void refuses(VirtualSite site, String node, String zone, String end) {
    String fault = ask(site, node, zone, 30).fault();
    assertTrue(fault.endsWith(end), fault);
  }

  @ParameterizedTest
  @ValueSource(ints = {51, 115})
  void rowsFitTheSmallestFrames(int mtu) {
    VirtualSite site =
        new VirtualSite(mtu, Presets.SIK_64K.profile().withMtu(mtu), Loss.NONE)
            .radioCell("/orchard/hill/lower", 4, 2)
            .radioCell("/orchard/valley/brook", 4, 2)
            .inboxCell("/orchard/city", 3, 1)
            .startAll();
    site.run(40);
    assertTold(site, ask(site, "/orchard/hill/lower/n3", "/orchard/valley", 60));
    assertTold(site, ask(site, "/orchard/hill/lower/n3", "/orchard", 60));
    Checks.check(site);
  }

  @Test
  void aThousandInquiriesAtOnceTakeNoMoreThanTheirShare() {
    VirtualSite site = site(9, Loss.NONE);
    site.run(40);
    List<String> zones =
        new ArrayList<>(
            site.charter().pages().keySet().stream()
                .filter(zone -> zone > 0)
                .map(zone -> site.charter().path(zone).orElseThrow())
                .toList());
    zones.add("/orchard/nowhere");
    zones.add("/orchard/hill/nowhere");
    int asked = 0;
    for (VirtualNode node : site.nodes()) {
      for (int i = 0; i < 60; i++) {
        String zone = zones.get(asked % zones.size());
        node.say(new Local.Inquiry(asked++, zone, "", 60_000));
      }
    }
    assertTrue(asked > 1000);
    for (int second = 0; second < 62; second++) {
      for (VirtualNode node : site.nodes()) {
        assertEquals(List.of(), Tables.of(node.engine).tooLarge(), node.path());
      }
      site.run(1);
    }
    int told = 0;
    int rows = 0;
    for (VirtualNode node : site.nodes()) {
      for (Delivery.Inquired one : node.told(Delivery.Inquired.class)) {
        told++;
        rows += one.fault().isEmpty() ? 1 : 0;
      }
    }
    assertEquals(asked, told, "something comes of each");
    assertTrue(rows > 250, "of 16 that a node has under way most are answered: " + rows);
    Map<Long, Delivery.Result> root = site.node(GATEWAY).results("/orchard");
    long endMillis = site.nowMillis() / VirtualSite.WINDOW_MILLIS * VirtualSite.WINDOW_MILLIS;
    for (int ago = 2; ago < 15; ago++) {
      long window = endMillis - ago * VirtualSite.WINDOW_MILLIS;
      assertEquals(18, root.get(window).reported(), ago + " windows ago");
    }
    Checks.check(site);
  }

  @Test
  void zonesThatNobodyHereHasForANeighbourAreReachedByTheirContacts() {
    VirtualSite site = new VirtualSite(10, Presets.SIK_64K.profile(), Loss.NONE);
    site.topology(new Topology(90, 3, 10, Page.Medium.BROADCAST, Page.Medium.ADDRESSED, 2, 1))
        .startAll();
    site.run(30);
    for (String zone : site.children("/orchard")) {
      assertTold(site, ask(site, "/orchard/z0/c0/g0", zone, 30));
      assertTold(site, ask(site, "/orchard/z2/c5/n2", zone, 30));
    }
    for (String cell : site.children("/orchard/z2")) {
      assertEquals("", ask(site, "/orchard/z2/c5/n2", cell, 30).fault());
    }
    Checks.check(site);
  }
}
