package starling.zone;

import starling.model.Facts;
import starling.model.Window;

/**
 * What everything here depends on: where this node is, who does what there, what it knows, and the
 * time.
 */
record Moment(Place place, Ranks ranks, Facts facts, long nowNanos) {

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

  /** The window that runs now. */
  Window current() {
    return Window.at(nowMillis(), facts.pace().exponent(), place.windowMillis());
  }

  /** The window that a code on the air means now. */
  Window windowOf(int code) {
    return Window.ofCode(code, nowMillis(), place.windowMillis());
  }

  /** Whether what is said of a window still counts. */
  boolean counts(Window window) {
    long ageMillis = nowMillis() - window.endMillis();
    return ageMillis >= 0 && ageMillis <= (Window.LATE_MAX + 1) * window.lengthMillis();
  }

  /** Before this, windows are forgotten. */
  long oldestMillis() {
    return nowMillis() - (Window.LATE_MAX + 2) * current().lengthMillis();
  }
}
