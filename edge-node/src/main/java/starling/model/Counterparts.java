package starling.model;

import java.util.Map;
import starling.link.Address;

/**
 * With whom this node exchanges rows in zones beside its own, where that is not whom the charter
 * alone would name.
 *
 * @param byZone who takes the place of the charter's
 * @param also who is spoken to besides
 */
public record Counterparts(Map<Integer, Address> byZone, Map<Integer, Address> also)
    implements Fact {
  /** All as the charter has it. */
  public static final Counterparts NONE = new Counterparts(Map.of(), Map.of());

  public Counterparts {
    byZone = Map.copyOf(byZone);
    also = Map.copyOf(also);
  }
}
