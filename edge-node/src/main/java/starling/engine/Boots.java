package starling.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest boot of each node ever believed, and who boots too often to be one node: {@value
 * #RAISES_MAX} boots of one key within ten minutes are two cards taking turns, and the key is
 * quarantined for as long. Bounded to {@value #NODES_MAX} nodes.
 */
final class Boots {
  private static final int NODES_MAX = 256;
  private static final int RAISES_MAX = 5;
  private static final long SPAN_NANOS = 600_000_000_000L;

  private final Map<Long, Boot> byNode =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boot> eldest) {
          return size() > NODES_MAX;
        }
      };
  private final Boot own = new Boot();

  void restore(long node, long generation) {
    boot(node).generation = generation;
  }

  long floor(long node) {
    Boot boot = byNode.get(node);
    return boot == null ? 0 : boot.generation;
  }

  /** A new boot was believed; answers whether the key is quarantined for it. */
  boolean started(long node, long generation, long nowNanos) {
    Boot boot = boot(node);
    boolean higher = generation > boot.generation && boot.generation > 0;
    boot.generation = Math.max(boot.generation, generation);
    if (higher && boot.raised(nowNanos) >= RAISES_MAX) {
      boot.quarantined = true;
      boot.untilNanos = nowNanos + SPAN_NANOS;
      return true;
    }
    return false;
  }

  boolean quarantined(long node, long nowNanos) {
    Boot boot = byNode.get(node);
    if (boot == null || !boot.quarantined) {
      return false;
    }
    boot.quarantined = nowNanos < boot.untilNanos;
    return boot.quarantined;
  }

  /**
   * Whether this node may take another generation now: a clone's two halves stop racing each other.
   */
  boolean mayRaise(long nowNanos) {
    return own.raised(nowNanos) < 2 * RAISES_MAX;
  }

  private Boot boot(long node) {
    return byNode.computeIfAbsent(node, _ -> new Boot());
  }

  private static final class Boot {
    long generation;
    boolean quarantined;
    long untilNanos;
    private long sinceNanos;
    private int raises;

    int raised(long nowNanos) {
      if (raises == 0 || nowNanos - sinceNanos > SPAN_NANOS) {
        sinceNanos = nowNanos;
        raises = 0;
      }
      return ++raises;
    }
  }
}
