package starling.zone;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import starling.model.Facts;
import starling.model.Page;
import starling.model.Window;
import starling.query.Origin;

/**
 * What everything here depends on: where this node is and was, who does what there, what it knows,
 * and the time.
 *
 * @param places the place that it had at the start of past windows, by that
 */
record Moment(
    Place place, NavigableMap<Long, Place> places, Ranks ranks, Facts facts, long nowNanos) {

  /** Network time. */
  long nowMillis() {
    return facts.time().millis(nowNanos);
  }

  int self() {
    return place.self().slot();
  }

  long selfBit() {
    return 1L << self();
  }

  /** Whether this node wants all contributions, and takes part in the zones above its cell. */
  boolean participates() {
    return ranks.wants(self());
  }

  /** The place that this node had when a window began: its queries and rosters are the window's. */
  Place then(Window window) {
    Map.Entry<Long, Place> then = places.floorEntry(window.startMillis());
    return then == null ? place : then.getValue();
  }

  /**
   * How many nodes of a zone should contribute to a window: by the roster at its start; a roster
   * that grew counts once more than that have reported.
   */
  int expected(int zone, Window window, int reported) {
    int expected = then(window).expected(zone);
    return expected >= reported ? expected : place.expected(zone);
  }

  /** Who a slot of the cell was when a window began, by the roster, or is now. */
  Optional<Origin> origin(int slot, Window window) {
    Page.Cell cell = place.cell();
    String path = place.path(cell.zone());
    return then(window)
        .cell()
        .member(slot)
        .or(() -> cell.member(slot))
        .map(m -> new Origin(cell.zone(), slot, path, m.name(), m.mains(), m.uplink()));
  }

  /** The window that runs now. */
  Window current() {
    return Window.at(nowMillis(), facts.pace().exponent(), place.windowMillis());
  }

  /** Which quarter of a window runs now, counted like windows. */
  long quarter() {
    return Math.floorDiv(nowMillis(), current().lengthMillis() / 4);
  }

  /** The window that a code on the air means now. */
  Window windowOf(int code) {
    return Window.ofCode(code, nowMillis(), place.windowMillis());
  }

  /** Whether what is said of a window still counts. */
  boolean counts(Window window) {
    long ageMillis = nowMillis() - window.endMillis();
    return ageMillis >= 0 && ageMillis < (Window.LATE_MAX + 1) * window.lengthMillis();
  }

  /** Whether a window is so old that it is forgotten. */
  boolean past(Window window) {
    return nowMillis() - window.endMillis() >= (Window.LATE_MAX + 2) * window.lengthMillis();
  }
}
