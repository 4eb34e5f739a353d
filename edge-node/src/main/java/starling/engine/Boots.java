package starling.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The newest boot of each node ever believed, and which of them can't be one node: if {@value
 * #RAISES_MAX} times within ten minutes a boot is superseded and still speaks, two cards take
 * turns, and the key is quarantined for as long. Bounded to {@value #NODES_MAX} nodes.
 */
final class Boots {
  private static final int NODES_MAX = 256;
  private static final int RAISES_MAX = 5;
  private static final long SPAN_NANOS = 600_000_000_000L;
  private static final long UNDER_WAY_NANOS = 2_000_000_000L;

  private final Map<Long, Boot> byNode =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boot> eldest) {
          return size() > NODES_MAX;
        }
      };
  private final Boot own = new Boot();

  /** A generation as it is kept on disk. */
  static byte[] record(long generation) {
    return WireWriter.ofSize(4).u32(generation).toBytes();
  }

  /** The generation in such a record. */
  static long generation(byte[] record) {
    try {
      return new WireReader(record).u32();
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a durable generation has four bytes", e);
    }
  }

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
    if (generation <= boot.generation) {
      return false;
    }
    boolean contested = boot.contested;
    boot.generation = generation;
    boot.contested = false;
    boot.startedNanos = nowNanos;
    if (contested && boot.raised(nowNanos) >= RAISES_MAX) {
      boot.quarantined = true;
      boot.untilNanos = nowNanos + SPAN_NANOS;
      return true;
    }
    return false;
  }

  /** Another boot of a node than the one believed speaks, and not just what was under way. */
  void contested(long node, long nowNanos) {
    Boot boot = byNode.get(node);
    if (boot != null && nowNanos - boot.startedNanos > UNDER_WAY_NANOS) {
      boot.contested = true;
    }
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
    boolean contested;
    boolean quarantined;
    long startedNanos;
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
