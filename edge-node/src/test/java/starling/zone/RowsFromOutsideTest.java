package starling.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Section;
import starling.frame.FrameHeader;
import starling.link.Address;
import starling.link.Presets;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Member;
import starling.model.NetworkTime;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Self;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Partial;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/** Rows of other zones, as a neighbour with the site's key may say them: true, or not. */
class RowsFromOutsideTest {
  private static final Schema SCHEMA = new Schema(1, List.of(new Channel("t", "Cel", 2, -60, 60)));
  private static final String QUERY = "SELECT AVG(t), MAX(t), COUNT(*) FROM readings EVERY 4 s";
  private static final long NOW_NANOS = 1_700_000_002_000_000_000L;
  private static final Window WINDOW = Window.at(1_699_999_999_999L, 0, 4_000);

  private final Charter charter = charter(QUERY);
  private final int north = zone("/site/north");
  private final int hill = zone("/site/hill");
  private final Member gateway = charter.cell(zone("/site/city")).orElseThrow().members().get(0);
  private final Facts facts =
      Facts.of(new Self(gateway.id(), zone("/site/city"), gateway.slot(), 1), charter)
          .with(new NetworkTime(0, 1000, NOW_NANOS, 1, 0));
  private final List<Delivery> told = new ArrayList<>();
  private final Zone zone = new Zone(List.of(Presets.MQTT.profile()));

  private final Effects effects =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {
          told.add(delivery);
        }

        @Override
        public void publish(Fact fact) {}

        @Override
        public long persist(long key, byte[] value) {
          return 1;
        }
      };

  private static Charter charter(String query) {
    Draft draft = new Draft("site", 4_000).schema(SCHEMA).query("climate", query);
    draft.cell("/site/city", Page.Medium.ADDRESSED);
    draft.node("/site/city/g", key(0), 1, EnumSet.of(Duty.UPLINK, Duty.GATEWAY));
    draft.cell("/site/north", Page.Medium.BROADCAST);
    draft.cell("/site/hill/top", Page.Medium.BROADCAST);
    for (int i = 1; i <= 5; i++) {
      Set<Duty> duties = EnumSet.of(Duty.SENSES, Duty.UPLINK);
      draft.node("/site/north/n" + i, key(i), 1, duties);
      draft.node("/site/hill/top/n" + i, key(10 + i), 1, duties);
    }
    return draft.charter();
  }

  private static byte[] key(int of) {
    byte[] key = new byte[32];
    key[0] = (byte) of;
    return key;
  }

  private int zone(String path) {
    return charter.pages().keySet().stream()
        .filter(id -> charter.path(id).orElse("").equals(path))
        .findFirst()
        .orElseThrow();
  }

  @BeforeEach
  void begin() {
    zone.on(new Event.FactsChanged(), facts, effects, NOW_NANOS - 100_000_000_000L);
    told.clear();
  }

  /** The state of so many contributions. */
  private static byte[] state(int leaves) {
    try {
      Plan plan = Plan.of(Query.parse(QUERY), List.of(SCHEMA), 24);
      Partial state = plan.empty();
      for (int i = 0; i < leaves; i++) {
        state = state.add(SCHEMA, new long[] {100 * i}, 1);
      }
      WireWriter to = WireWriter.ofSize(Cost.STATE_MAX_BYTES);
      state.encode(to);
      return to.toBytes();
    } catch (QueryException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(ZoneRow row) {
    WireWriter to = WireWriter.ofSize(1024);
    row.write(to);
    return to.toBytes();
  }

  private void read(byte[] body) throws MalformedException {
    LinkView link =
        new LinkView(0, Presets.MQTT.profile(), new Address(north, 0), false, 0, Page.ROOT);
    FrameHeader header = new FrameHeader(false, 0, north, 0, 1, charter.low(), 3);
    Event.Heard heard = new Event.Heard(link, header, new NodeId(1), 1, 100, NOW_NANOS);
    zone.read(
        new Section(heard, RowExchange.RESULTS, new WireReader(body)), facts, effects, NOW_NANOS);
  }

  private void hear(ZoneRow row) throws MalformedException {
    read(bytes(row));
  }

  private <T extends Delivery> List<T> told(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void assertRefused() {
    assertEquals(List.of(), told(Delivery.Result.class));
    assertEquals(1, told(Delivery.Warning.class).size(), told.toString());
    assertEquals("row", told(Delivery.Warning.class).getFirst().kind());
  }

  @Test
  void aTrueRowIsToldWithItsContributors() throws MalformedException {
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b10110, state(3)));
    Delivery.Result result = told(Delivery.Result.class).getFirst();
    assertEquals("/site/north", result.zone());
    assertEquals(0b10110, result.contributors());
    assertEquals(3, result.reported());
    assertEquals(5, result.expected());
    assertEquals(Map.of("avg_t", 1.0, "count", 3.0, "max_t", 2.0), result.values());
  }

  @Test
  void anotherRowOfAsManyIsToldToo() throws MalformedException {
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b00111, state(3)));
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b11100, state(3)));
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b00111, state(3)));
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b11111, state(5)));
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b00111, state(3)));
    List<Delivery.Result> results =
        told(Delivery.Result.class).stream().filter(r -> r.zone().equals("/site/north")).toList();
    assertTrue(results.size() == 2 || results.size() == 3, "better by content, then by number");
    assertEquals(0b11111, results.getLast().contributors());
  }

  @Test
  void moreNodesThanTheCharterHasAreRefused() throws MalformedException {
    hear(ZoneRow.cell(north, WINDOW, 1, 64, 0, 0b111111, state(6)));
    assertRefused();
    told.clear();
    hear(ZoneRow.inner(hill, WINDOW, 1, 1 << 24, 0, 6, 77, state(6)));
    assertRefused();
  }

  @Test
  void whatARowExpectsIsNotBelieved() throws MalformedException {
    hear(ZoneRow.inner(hill, WINDOW, 1, 1 << 24, 0, 5, 77, state(5)));
    assertEquals(5, told(Delivery.Result.class).getFirst().expected());
  }

  @Test
  void aStateOfMoreOrFewerThanReportedIsRefused() throws MalformedException {
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b111, state(2)));
    assertRefused();
    told.clear();
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b11, state(3)));
    assertRefused();
  }

  @Test
  void bytesBehindAStateAreRefused() throws MalformedException {
    byte[] longer = Arrays.copyOf(state(3), state(3).length + 1);
    hear(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b111, longer));
    assertRefused();
  }

  @Test
  void aCellSaysWhichSlotsAndAnInnerZoneDoesNot() throws MalformedException {
    hear(ZoneRow.inner(north, WINDOW, 1, 5, 0, 3, 77, state(3)));
    assertRefused();
    told.clear();
    hear(ZoneRow.cell(hill, WINDOW, 1, 5, 0, 0b111, state(3)));
    assertRefused();
  }

  @Test
  void nobodyElseFoldsOurOwnZones() throws MalformedException {
    hear(ZoneRow.cell(zone("/site/city"), WINDOW, 1, 5, 0, 0b1, state(1)));
    hear(ZoneRow.inner(Page.ROOT, WINDOW, 1, 10, 0, 3, 77, state(3)));
    assertEquals(List.of(), told(Delivery.Result.class));
  }

  @Test
  void whoMayGoByAnotherCharterIsRefusedWithoutAWord() throws MalformedException {
    Facts next = facts.with(Draft.of(charter).query("q", QUERY).charter());
    zone.on(new Event.FactsChanged(), next, effects, NOW_NANOS - 1_000_000_000L);
    told.clear();
    hear(ZoneRow.cell(north, WINDOW, 1, 6, 0, 0b111111, state(6)));
    assertEquals(List.of(), told);
  }

  @Test
  void oldWindowsAndThoseToComeDontCount() throws MalformedException {
    hear(ZoneRow.cell(north, WINDOW.plus(-6), 1, 5, 0, 0b111, state(3)));
    hear(ZoneRow.cell(north, WINDOW.plus(2), 1, 5, 0, 0b111, state(3)));
    assertEquals(List.of(), told(Delivery.Result.class));
  }

  @Test
  void noMutationMakesMoreOfARowThanTheCharterAllows() {
    SplittableRandom random = new SplittableRandom(7);
    byte[][] rows = {
      bytes(ZoneRow.cell(north, WINDOW, 1, 5, 0, 0b10110, state(3))),
      bytes(ZoneRow.inner(hill, WINDOW, 1, 5, 0, 4, 77, state(4)))
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] row = rows[i % 2].clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        row[random.nextInt(row.length)] = (byte) random.nextInt();
      }
      try {
        read(random.nextInt(4) == 0 ? Arrays.copyOf(row, random.nextInt(row.length)) : row);
      } catch (MalformedException e) {
        // as it should be
      }
    }
    List<Delivery.Result> results = told(Delivery.Result.class);
    assertTrue(results.size() > 10);
    for (Delivery.Result result : results) {
      assertTrue(result.reported() <= result.expected() && result.expected() <= 10, "" + result);
    }
  }

  @Test
  void aQueryWhoseAnswersOutgrowARowIsNamedWhenItComesIn() {
    StringBuilder large = new StringBuilder("SELECT ");
    for (int percent = 1; percent < 30; percent++) {
      large.append("P").append(percent).append("(t), ");
    }
    Charter next = charter(large + "COUNT(*) FROM readings EVERY 4 s");
    Zone other = new Zone(List.of(Presets.MQTT.profile()));
    other.on(new Event.FactsChanged(), facts.with(next), effects, NOW_NANOS);
    assertEquals(List.of(), told, "29 quantiles of one channel share their bins");
    other = new Zone(List.of(Presets.MQTT.profile()));
    other.on(new Event.FactsChanged(), facts.with(wide()), effects, NOW_NANOS);
    Delivery.Warning warning = told(Delivery.Warning.class).getFirst();
    assertEquals("query", warning.kind());
    assertEquals("wide", warning.subject());
    assertTrue(warning.text().contains("400"), warning.text());
  }

  /** Quantiles of twelve channels. */
  private static Charter wide() {
    List<Channel> channels = new ArrayList<>();
    StringBuilder query = new StringBuilder("SELECT ");
    for (int i = 0; i < 12; i++) {
      channels.add(new Channel("c" + i, "Cel", 2, -60, 60));
      query.append("P50(c").append(i).append("), ");
    }
    Draft draft = new Draft("site", 4_000).schema(new Schema(1, channels));
    draft.cell("/site/city", Page.Medium.ADDRESSED);
    draft.node("/site/city/g", key(0), 1, EnumSet.of(Duty.UPLINK, Duty.GATEWAY));
    for (int i = 1; i <= 40; i++) {
      draft.node("/site/city/n" + i, key(i), 1, EnumSet.of(Duty.SENSES));
    }
    Charter charter = draft.charter();
    Page.Site site = charter.site().orElseThrow();
    String text = query + "COUNT(*) FROM readings EVERY 4 s";
    return charter.with( // as no draft would let it pass
        new Page.Site(
            site.version() + 1,
            site.rootVersion(),
            site.site(),
            site.keyEpoch(),
            site.windowMillis(),
            site.binsMax(),
            site.schemas(),
            site.lastZone(),
            1,
            List.of(new Page.StandingQuery(1, "wide", text, Page.StandingQuery.FOREVER))));
  }
}
