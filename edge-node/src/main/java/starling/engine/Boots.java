package starling.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  private long[] nodes = {}; // those known for longest first
  private int[] generations = {};
  private int[] startedTicks = {};
  private @Nullable Map<Long, Contest> contests; // mostly there are none
  private final Contest own = new Contest();

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
    int at = place(node);
    generations[at] = (int) generation;
  }

  /** The newest generation believed of a node, 0 if none. */
  long floor(long node) {
    int at = find(node);
    return at < 0 ? 0 : Integer.toUnsignedLong(generations[at]);
  }

  /** A new boot was believed; answers whether the key is quarantined for it. */
  boolean started(long node, long generation, long nowNanos) {
    if (generation <= floor(node)) {
      return false;
    }
    int at = place(node);
    generations[at] = (int) generation;
    startedTicks[at] = ByNeighbour.ticks(nowNanos);
    Contest contest = contests == null ? null : contests.get(node);
    if (contest == null || !contest.open) {
      return false;
    }
    contest.open = false;
    if (contest.raised(nowNanos) < RAISES_MAX) {
      return false;
    }
    contest.quarantined = true;
    contest.untilNanos = nowNanos + SPAN_NANOS;
    return true;
  }

  /** Another boot of a node than the one believed speaks, and not just what was under way. */
  void contested(long node, long nowNanos) {
    int at = find(node);
    if (at >= 0 && ByNeighbour.sinceNanos(startedTicks[at], nowNanos) > UNDER_WAY_NANOS) {
      if (contests == null) {
        contests = new HashMap<>();
      }
      contests.computeIfAbsent(node, _ -> new Contest()).open = true;
    }
  }

  boolean quarantined(long node, long nowNanos) {
    Contest contest = contests == null ? null : contests.get(node);
    if (contest == null || !contest.quarantined) {
      return false;
    }
    contest.quarantined = nowNanos < contest.untilNanos;
    return contest.quarantined;
  }

  /**
   * Whether this node may take another generation now: a clone's two halves stop racing each other.
   */
  boolean mayRaise(long nowNanos) {
    return own.raised(nowNanos) < 2 * RAISES_MAX;
  }

  private int find(long node) {
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] == node) {
        return i;
      }
    }
    return -1;
  }

  /** A node's place; a new one's is the last, and the oldest makes room. */
  private int place(long node) {
    int at = find(node);
    if (at >= 0) {
      return at;
    }
    if (nodes.length == NODES_MAX) {
      forgetFirst();
    }
    int last = nodes.length;
    nodes = Arrays.copyOf(nodes, last + 1);
    generations = Arrays.copyOf(generations, last + 1);
    startedTicks = Arrays.copyOf(startedTicks, last + 1);
    nodes[last] = node;
    return last;
  }

  private void forgetFirst() {
    if (contests != null) {
      contests.remove(nodes[0]);
    }
    nodes = Arrays.copyOfRange(nodes, 1, nodes.length);
    generations = Arrays.copyOfRange(generations, 1, generations.length);
    startedTicks = Arrays.copyOfRange(startedTicks, 1, startedTicks.length);
  }

  /** Two boots of one node, and how often they took turns lately. */
  private static final class Contest {
    boolean open;
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
