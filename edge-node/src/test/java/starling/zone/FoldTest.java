package starling.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.engine.Effects;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Member;
import starling.model.NetworkTime;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Self;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Partial;
import starling.wire.WireWriter;

/** What the rows of a zone's children amount to, by the pages that are here. */
class FoldTest {
  private static final Schema SCHEMA = new Schema(1, List.of(new Channel("t", "Cel", 2, -60, 60)));
  private static final long NOW_NANOS = 1_700_000_002_000_000_000L;
  private static final Window WINDOW = Window.at(1_699_999_999_999L, 0, 4_000);
  private static final Effects NONE =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {}

        @Override
        public void publish(Fact fact) {}

        @Override
        public long persist(long key, byte[] value) {
          return 1;
        }
      };

  private final Moment moment = moment();
  private final Page.Inner root = moment.place().above().getFirst();
  private final Standing query = moment.place().queries().queries().getFirst();

  private static Moment moment() {
    Charter charter = charter();
    int cell =
        charter.pages().keySet().stream()
            .filter(zone -> charter.cell(zone).isPresent())
            .findFirst()
            .orElseThrow();
    Member self = charter.cell(cell).orElseThrow().members().getFirst();
    Facts facts =
        Facts.of(new Self(self.id(), cell, self.slot(), 1), charter)
            .with(new NetworkTime(0, 1000, NOW_NANOS, 1, 0));
    Place place = Place.of(facts, NONE).orElseThrow();
    return new Moment(place, new TreeMap<>(), place.ranks(facts.members()), facts, NOW_NANOS);
  }

  private static Charter charter() {
    Draft draft = new Draft("site", 4_000).schema(SCHEMA);
    draft.query("climate", "SELECT AVG(t), COUNT(*) FROM readings EVERY 4 s");
    for (String cell : List.of("/site/north", "/site/south")) {
      draft.cell(cell, Page.Medium.ADDRESSED);
      for (int i = 0; i < 5; i++) {
        byte[] key = new byte[32];
        key[0] = (byte) i;
        key[1] = (byte) cell.length();
        key[2] = (byte) cell.charAt(6);
        draft.node(cell + "/n" + i, key, 1, Set.of(Duty.SENSES, Duty.UPLINK));
      }
    }
    return draft.charter();
  }

  /** A cell's row of so many contributions, by a page that may be newer than its parent's. */
  private ZoneRow row(Page.Child cell, int reported) {
    Partial state = query.plan().empty();
    for (int i = 0; i < reported; i++) {
      state = state.add(SCHEMA, new long[] {100 * i}, 1);
    }
    WireWriter to = WireWriter.ofSize(Cost.STATE_MAX_BYTES);
    state.encode(to);
    long slots = (1L << reported) - 1;
    return ZoneRow.cell(cell.zone(), WINDOW, query.number(), reported, 0, slots, to.toBytes());
  }

  private Optional<ZoneRow> fold(int first, int second) {
    List<ZoneRow> children =
        List.of(row(root.children().getFirst(), first), row(root.children().getLast(), second));
    return Fold.inner(root, WINDOW, query, children, moment);
  }

  @Test
  void aZoneSaysWhatItsPageExpects() {
    ZoneRow row = fold(5, 4).orElseThrow();
    assertEquals(9, row.reported());
    assertEquals(10, row.expected());
    assertEquals(10, fold(5, 5).orElseThrow().reported());
  }

  /** Nobody takes such a row, and no roster has as many as it would have to expect. */
  @Test
  void aZoneWhosePageListsFewerThanReportedIsNotFolded() {
    assertFalse(fold(6, 5).isPresent());
  }
}
