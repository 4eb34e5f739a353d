package starling.model;

import java.util.Map;
import starling.link.Address;

/**
 * With whom this node exchanges rows in zones beside its own, by zone, where that is somebody else
 * than the charter alone would name.
 */
public record Counterparts(Map<Integer, Address> byZone) implements Fact {
  /** All as the charter has it. */
  public static final Counterparts NONE = new Counterparts(Map.of());

  public Counterparts {
    byZone = Map.copyOf(byZone);
  }
}
