package starling.zone;

import java.util.List;
import java.util.Optional;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Origin;
import starling.query.Partial;
import starling.wire.MalformedException;
import starling.wire.WireWriter;

/**
 * What contributions amount to: pure functions, so that whoever holds the same has the same row.
 */
final class Fold {
  private Fold() {}

  /**
   * A cell's row over all contributions held; empty if none can be read, if one is of a schema that
   * only a newer charter has (another representative can read it), or if the state outgrows a row.
   */
  static Optional<ZoneRow> cell(CellWindow window, Standing query, Moment at) {
    Partial state = query.plan().empty();
    long contributors = 0;
    long oldestMillis = 0;
    for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
      byte[] row = window.row(slot);
      if (row == null) {
        continue;
      }
      Schema schema =
          at.place()
              .charter()
              .site()
              .flatMap(s -> s.schema(Contribution.schemaOf(row)))
              .orElse(null);
      if (schema == null) {
        return Optional.empty();
      }
      try {
        Contribution contribution = Contribution.decode(row, schema);
        long[] steps = contribution.steps();
        long present = contribution.present();
        Optional<Origin> origin = at.origin(slot, window.window);
        state =
            origin.isPresent()
                ? state.add(schema, steps, present, origin.get())
                : state.add(schema, steps, present);
        contributors |= 1L << slot;
        oldestMillis = Math.max(oldestMillis, contribution.ageMillis());
      } catch (MalformedException e) {
        // sealed by a member, and still nonsense: it reports nothing
      }
    }
    byte[] bytes = encode(state);
    if (bytes.length == 0 || contributors == 0) {
      return Optional.empty();
    }
    int zone = at.place().cell().zone();
    int reported = Long.bitCount(contributors);
    return Optional.of(
        ZoneRow.cell(
            zone,
            window.window,
            query.number(),
            at.expected(zone, window.window, reported),
            oldestMillis,
            contributors,
            bytes));
  }

  /** An inner zone's row over its children's, which were checked when they came in. */
  static Optional<ZoneRow> inner(
      Page.Inner zone, Window window, Standing query, List<ZoneRow> children, Moment at) {
    Partial state = query.plan().empty();
    int reported = 0;
    long oldestMillis = 0;
    try {
      for (ZoneRow child : children) {
        state = state.merge(child.decode(query.plan()));
        reported += child.reported();
        oldestMillis = Math.max(oldestMillis, child.oldestMillis());
      }
    } catch (MalformedException e) {
      return Optional.empty(); // the query changed its meaning since then
    }
    byte[] bytes = encode(state);
    int expected = at.expected(zone.zone(), window, reported);
    if (bytes.length == 0 || reported > expected) {
      return Optional.empty(); // its page came later than its children's, or they share nodes
    }
    return Optional.of(
        ZoneRow.inner(
            zone.zone(),
            window,
            query.number(),
            expected,
            oldestMillis,
            reported,
            content(zone, children),
            bytes));
  }

  /** Names the set of contributions behind an inner row. */
  static int content(Page.Inner zone, List<ZoneRow> children) {
    int content = zone.zone();
    for (ZoneRow child : children) {
      content = (int) Hash.of(content, child.zone(), child.content());
    }
    return ZoneRow.shaped(zone.shape(), content);
  }

  private static byte[] encode(Partial state) {
    WireWriter to = WireWriter.ofSize(Cost.STATE_MAX_BYTES);
    return state.encode(to) ? to.toBytes() : new byte[0];
  }
}
