package starling.predict;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often a cell's members may contribute: what each limit alone would allow.
 *
 * @param shortestMillis the shortest window by limit
 */
public record Every(Map<Limit, Long> shortestMillis) {
  /** What keeps windows from being shorter. */
  public enum Limit {
    /** No site has shorter ones. */
    WINDOW,
    /** The cell would slow itself down: own frames, their usual repair and rows pass the target. */
    PACE,
    /** The cell's frames and their repair at the given loss pass the channel's target. */
    CHANNEL,
    /** A representative passes its share of the target, of which a tenth is kept for alarms. */
    SHARE,
    /** A representative passes what the law lets one node send. */
    LAW
  }

  public Every {
    shortestMillis = Collections.unmodifiableMap(new EnumMap<>(shortestMillis));
  }

  /** The limit that decides. */
  public Limit limit() {
    return shortestMillis.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Limit.WINDOW);
  }

  /** The shortest window that all limits allow, in whole seconds: milliseconds. */
  public long millis() {
    return Math.ceilDiv(shortestMillis.getOrDefault(limit(), 0L), 1000L) * 1000;
  }
}
