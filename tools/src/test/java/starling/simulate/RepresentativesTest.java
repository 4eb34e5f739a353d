package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Members;
import starling.model.Page;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Who represents a radio cell while uplinks and representatives come and go: what the cell amounts
 * to reaches the root all the same.
 */
class RepresentativesTest {
  private static final String CELL = "/orchard/north";
  private static final String GATEWAY = "/orchard/city/g0";
  private static final int NODES = 8 + 4 + 4;
  private static final int UPLINK = 1;
  private static final int SUSPECT_SECONDS = 40; // ten beacons
  private static final int LATE_SECONDS = 16; // four windows

  private final long beganMillis = VirtualSite.START_NANOS / 1_000_000 + 40_000;

  /** A radio cell of eight with some uplinks, another one, and the gateways. */
  private static VirtualSite site(long seed, int uplinks, Loss loss) {
    VirtualSite site =
        new VirtualSite(seed, Presets.SIK_64K.profile(), loss)
            .radioCell(CELL, 8, uplinks)
            .radioCell("/orchard/east", 4, 2)
            .inboxCell("/orchard/city", 4, 2)
            .startAll();
    site.run(40);
    return site;
  }

  /** The cell's uplinks in the order in which they take its duties. */
  private static List<VirtualNode> inTurn(VirtualSite site) {
    Page.Inner root = site.charter().inner(Page.ROOT).orElseThrow();
    return root.child(site.zone(CELL)).orElseThrow().entrances().getFirst().slots().stream()
        .map(slot -> site.node(CELL + "/n" + slot))
        .toList();
  }

  private static long bits(List<VirtualNode> nodes) {
    return nodes.stream().mapToLong(node -> 1L << node.member.slot()).sum();
  }

  private static long cutOff(VirtualSite site) {
    return members(site, 7).cutOff(); // it has no uplink
  }

  private static Members members(VirtualSite site, int slot) {
    return site.node(CELL + "/n" + slot).engine.facts().members();
  }

  /** All windows that ended since then reached the root with so many nodes. */
  private void assertNoneMissing(VirtualSite site, int fromSeconds, int nodes) {
    long step = VirtualSite.WINDOW_MILLIS;
    Map<Long, Delivery.Result> root = site.node(GATEWAY).results("/orchard");
    for (long end = beganMillis + fromSeconds * 1000L;
        end <= site.nowMillis() - 2 * step;
        end += step) {
      assertEquals(nodes, root.get(end).reported(), root.get(end).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1, true", "3, 1, false", "6, 1, false", "6, 3, true", "6, 3, false"})
  void noWindowIsMissingWhenUplinksGoDown(int uplinks, int fail, boolean linkTells) {
    VirtualSite site = site(1, uplinks, Loss.NONE);
    List<VirtualNode> first = inTurn(site).subList(0, fail);
    for (VirtualNode node : first) {
      node.ailing().cutOff = true; // a broker that is there but deaf
      if (linkTells) {
        node.engine.linkState(UPLINK, false, node.local());
      }
    }
    site.run(linkTells ? 4 : 20); // a window; or a promise on the uplink, and a window
    assertEquals(bits(first), cutOff(site));
    site.run(60);
    assertNoneMissing(site, 0, NODES);
    first.forEach(node -> {
      node.ailing().cutOff = false;
      node.engine.linkState(UPLINK, true, node.local());
    });
    site.run(40);
    assertEquals(bits(first), cutOff(site), "others keep the duties for a minute");
    site.run(50);
    assertEquals(0, cutOff(site));
    assertNoneMissing(site, 0, NODES);
    Checks.check(site);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRepresentativesDeathCostsNoWindow(long seed) {
    VirtualSite site = site(seed, 6, Loss.NONE);
    inTurn(site).getFirst().kill();
    site.run(80);
    assertNoneMissing(site, 4, NODES - 1);
    Checks.check(site);
  }

  /** Others notice after three promises; what is then too late to count is missing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theDeathOfAllThreeCostsWhatTheTimerDoesAndLateWindowsMakeGood(long seed) {
    VirtualSite site = site(seed, 6, Loss.NONE);
    inTurn(site).subList(0, 3).forEach(VirtualNode::kill);
    site.run(100);
    assertNoneMissing(site, SUSPECT_SECONDS - LATE_SECONDS, NODES - 3);
    Checks.check(site);
  }

  /** Without that the cell would be dumb for ten minutes: its representatives do nothing. */
  @ParameterizedTest
  @CsvSource({
    "0, 1", "0, 2", "0, 3", "0, 4", "0, 5", "0, 6", "0, 7", "0, 8", "0, 9", "0, 10", "0.3, 1",
    "0.3, 2"
  })
  void othersRepresentTheCellWhileAllThreeSleep(double loss, long seed) {
    VirtualSite site = site(seed, 6, loss > 0 ? new Loss.Independent(loss) : Loss.NONE);
    List<VirtualNode> first = inTurn(site).subList(0, 3);
    first.forEach(node -> node.say(new Local.Sleep(600_000)));
    site.run(16);
    int unheard = 0; // what is said three times is lost all three times now and then
    for (int slot = 0; slot < 8; slot++) {
      long others = bits(first) & ~(1L << slot);
      unheard += Long.bitCount(others & ~members(site, slot).asleep());
    }
    assertTrue(unheard <= (loss > 0 ? 2 : 0), unheard + " of 21 did not hear it");
    site.run(284);
    assertNoneMissing(site, 20, NODES - 3);
    site.run(400);
    for (int slot = 0; slot < 8; slot++) {
      assertEquals(0, members(site, slot).asleep(), "as n" + slot + " sees it");
    }
    assertNoneMissing(site, 640, NODES);
    Checks.check(site);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUplinkThatComesAndGoesMovesDutiesOnce(boolean linkTells) {
    VirtualSite site = site(2, 6, Loss.NONE);
    VirtualNode flipping = inTurn(site).getFirst();
    int moves = 0;
    long before = cutOff(site);
    for (int second = 0; second < 240; second++) {
      if (second % 20 == 0) {
        flipping.ailing().cutOff = second % 40 == 0;
        if (linkTells) {
          flipping.engine.linkState(UPLINK, !flipping.ailments().cutOff, flipping.local());
        }
      }
      site.run(1);
      moves += cutOff(site) == before ? 0 : 1;
      before = cutOff(site);
    }
    assertTrue(moves <= 1, moves + " moves");
    assertNoneMissing(site, 0, NODES);
    Checks.check(site);
  }

  @Test
  void nobodyIsCutOffByLossAlone() {
    VirtualSite site = site(3, 6, new Loss.Bursts(0.2, 3));
    site.broker.faults(new Broker.Faults(0.3, 0.1, 1_000, 400_000));
    for (int second = 0; second < 120; second++) {
      site.run(1);
      for (VirtualNode node : site.nodes()) {
        assertEquals(0, node.engine.facts().members().cutOff(), node.path());
      }
    }
  }

  /** A zone of three cells is entered through the first two of them. */
  @Test
  void aZoneWhoseFirstEntranceDiesStillComesInAtTheRoot() {
    VirtualSite site =
        new VirtualSite(4, Presets.SIK_64K.profile(), Loss.NONE)
            .radioCell("/orchard/hill/a", 4, 2)
            .radioCell("/orchard/hill/b", 4, 2)
            .radioCell("/orchard/hill/c", 4, 2)
            .inboxCell("/orchard/city", 4, 2)
            .startAll();
    site.run(40);
    Page.Child hill =
        site.charter()
            .inner(Page.ROOT)
            .orElseThrow()
            .child(site.zone("/orchard/hill"))
            .orElseThrow();
    assertEquals(2, hill.entrances().size());
    int entrance = hill.entrances().getFirst().cell();
    for (VirtualNode node : site.nodes()) {
      if (node.cell.page().zone() == entrance) {
        node.kill();
      }
    }
    site.run(60);
    assertNoneMissing(site, 4, 4 + 4 + 4);
    Checks.check(site);
  }

  /** Of the zones above, which members follow. */
  @Test
  void representativesSayAResultOnceByRadio() {
    Map<String, Integer> copies = new TreeMap<>();
    int results = 0;
    int all = 0;
    for (int seed = 1; seed <= 4; seed++) {
      VirtualSite site = new VirtualSite(seed, Presets.SIK_64K.profile(), Loss.NONE);
      copies.clear();
      site.wrapper = protocol -> () -> new Listener(protocol.get(), copies);
      site.radioCell(CELL, 8, 3).radioCell("/orchard/east", 4, 2).inboxCell("/orchard/city", 4, 2);
      site.startAll();
      site.run(120);
      assertTrue(copies.size() >= 25, copies.toString());
      results += copies.size();
      all += copies.values().stream().mapToInt(count -> count).sum();
    }
    assertTrue(all < 1.2 * results, all + " copies of " + results);
  }

  /** Hears the results that mates say by radio, as the node without an uplink does. */
  private record Listener(Protocol behind, Map<String, Integer> copies) implements Protocol {
    @Override
    public SectionType type() {
      return behind.type();
    }

    @Override
    public Share share() {
      return behind.share();
    }

    @Override
    public void restore(long key, byte[] value) {
      behind.restore(key, value);
    }

    @Override
    public void on(Event event, Facts facts, Effects out, long nowNanos) {
      behind.on(event, facts, out, nowNanos);
    }

    @Override
    public void read(Section section, Facts facts, Effects out, long nowNanos)
        throws MalformedException {
      WireReader body = section.body();
      boolean north = facts.self().cell() == section.frame().header().cell();
      if (type() == SectionType.ZONE && section.kind() == 3 && north && facts.self().slot() == 7) {
        byte[] bytes = body.bytes(body.remaining());
        WireReader rows = new WireReader(bytes);
        while (rows.remaining() > 0) {
          copies.merge(row(rows), 1, Integer::sum);
        }
        body = new WireReader(bytes);
      }
      behind.read(new Section(section.frame(), section.kind(), body), facts, out, nowNanos);
    }

    /** A row of an inner zone by its zone, window and content. */
    private static String row(WireReader from) throws MalformedException {
      String which = from.u16() + " " + from.u8() + " " + from.u8();
      from.varint(); // expected
      from.varint(); // oldest
      assertEquals(0, from.u8(), "no cell's row");
      long reported = from.varint();
      String row = which + " " + reported + " " + from.u32();
      from.bytes((int) from.varint());
      return row;
    }

    @Override
    public long nextWakeNanos(long nowNanos) {
      return behind.nextWakeNanos(nowNanos);
    }

    @Override
    public int changes() {
      return behind.changes();
    }

    @Override
    public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
      return behind.urgency(link, facts, nowNanos);
    }

    @Override
    public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
      behind.fill(to, link, frameId, facts, nowNanos);
    }

    @Override
    public List<LinkView> guests(Facts facts, long nowNanos) {
      return behind.guests(facts, nowNanos);
    }

    @Override
    public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
      behind.sent(link, frameId, left, nowNanos);
    }
  }
}
