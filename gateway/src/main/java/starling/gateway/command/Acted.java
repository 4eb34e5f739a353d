package starling.gateway.command;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of commands that were acted on, for as long as these could be taken for new ones. Nothing
 * is forgotten earlier: what there is no room for is not acted on.
 */
final class Acted {
  private final Map<String, Long> expiries = new LinkedHashMap<>();
  private final int max;
  private final long aheadMaxMillis;

  /**
   * None yet.
   *
   * @param max how many there can be
   * @param aheadMaxMillis no command expires later than so long from now
   */
  Acted(int max, long aheadMaxMillis) {
    this.max = max;
    this.aheadMaxMillis = aheadMaxMillis;
  }

  /** Whether a command with this id was acted on. */
  boolean has(String id, long nowMillis) {
    // Expiries far ahead are from before the clock was set back.
    expiries
        .values()
        .removeIf(expiry -> expiry <= nowMillis || expiry > nowMillis + aheadMaxMillis);
    return expiries.containsKey(id);
  }

  /** Notes one; false if there is no room. */
  boolean add(String id, long expiresMillis) {
    if (expiries.size() >= max) {
      return false;
    }
    expiries.put(id, expiresMillis);
    return true;
  }
}
