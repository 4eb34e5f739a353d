package starling.query;

import java.util.Optional;
import starling.wire.WireWriter;

/**
 * For whom a condition holds; those for whom that is not known are left out.
 *
 * <pre>
 * 0 6 | fails for some 1 | holds for some 1
 * </pre>
 */
record Held(boolean some, boolean notAll) implements State {
  @Override
  public Held merge(State with) {
    Held other = (Held) with;
    return new Held(some || other.some, notAll || other.notAll);
  }

  @Override
  public void encode(WireWriter to, int nodes) {
    to.u8((some ? 1 : 0) | (notAll ? 2 : 0));
  }

  /** Empty if nothing is known of anybody. */
  Optional<Boolean> answer(boolean all) {
    return some || notAll ? Optional.of(all ? !notAll : some) : Optional.empty();
  }
}
