package starling.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import starling.charter.Draft;
import starling.engine.SectionWriter;
import starling.link.Presets;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.wire.WireWriter;

/** What an operator is told that rows cost is what they take. */
class RowCostTest {
  private static final long OLDEST_MILLIS = 100L << 20;

  @Test
  void theLargestRowsTakeWhatTheyAreSaidToCost() throws QueryException {
    Schema schema = new Schema(1, List.of(new Channel("t", "Cel", 2, -40, 60)));
    Charter charter =
        new Draft("site", 4_000)
            .schema(schema)
            .cell("/site/hill/top", Presets.SIK_64K.profile())
            .node("/site/hill/top/n", new byte[32], 1, EnumSet.of(Draft.Duty.SENSES))
            .charter();
    Query query = Query.parse("SELECT P95(t), AVG(t), COUNT(*) FROM readings");
    Cost cost = Cost.of(Plan.of(query, List.of(schema)), charter);
    assertEquals(
        List.of("/site/hill/top", "/site/hill", "/site"),
        cost.levels().stream().map(Cost.Level::zone).toList());
    Window window = Window.at(1_000_000, 0, 4_000);
    for (Cost.Level level : cost.levels()) {
      byte[] state = new byte[level.stateBytes()];
      int nodes = level.nodes();
      ZoneRow row =
          level == cost.levels().getFirst()
              ? ZoneRow.cell(9, window, 1, nodes, OLDEST_MILLIS, -1, state)
              : ZoneRow.inner(9, window, 1, nodes, OLDEST_MILLIS, nodes, 7, state);
      WireWriter to = WireWriter.ofSize(Presets.MQTT.profile().mtuBytes());
      row.write(to);
      assertEquals(level.rowBytes(), to.length(), level.zone());
    }
    assertEquals(SectionWriter.HEADER_BYTES, Cost.SECTION_BYTES);
    assertEquals(List.of("mqtt", "sik-64k"), List.copyOf(cost.carriers().keySet()));
    assertEquals(Member.SLOTS_MAX, cost.levels().getFirst().nodes());
    assertEquals(Page.ROOT, charter.inner(Page.ROOT).orElseThrow().zone());
  }
}
