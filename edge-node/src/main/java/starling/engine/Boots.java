package starling.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What is known of nodes' boots beside those that are heard now ({@link
 * starling.frame.Opener#generation}): the newest one ever believed of each node that is not, and
 * which keys can't be one node's. If {@value #RAISES_MAX} times within ten minutes a boot is
 * superseded and still speaks, two cards take turns, and the key is quarantined for as long.
 * Bounded to {@value #NODES_MAX} nodes.
 */
final class Boots {
  private static final int NODES_MAX = 256;
  private static final int RAISES_MAX = 5;
  private static final long SPAN_NANOS = 600_000_000_000L;
  private static final long UNDER_WAY_NANOS = 2_000_000_000L;
  private static final long[] NO_NODES = {};
  private static final int[] NONE = {};

  // Not heard now; those known for longest first.
  private long[] nodes = NO_NODES;
  private int[] generations = NONE;

  // Begun so lately that frames of the boots before may still be under way, the oldest first.
  private long[] begun = NO_NODES;
  private int[] begunTicks = NONE;

  private @Nullable Map<Long, Contest> contests; // mostly there are none
  private @Nullable Contest own;

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

  /** A boot was believed, of a node that is not heard now. */
  void keep(long node, long generation) {
    long newest = Math.max(generation, floor(node));
    forget(node);
    if (nodes.length == NODES_MAX) {
      forget(nodes[0]);
    }
    nodes = with(node, nodes);
    generations = with((int) newest, generations);
  }

  private void forget(long node) {
    int at = find(node, nodes);
    if (at >= 0) {
      nodes = without(at, nodes);
      generations = without(at, generations);
    }
  }

  /** The newest generation believed of a node that is not heard now, 0 if none. */
  long floor(long node) {
    int at = find(node, nodes);
    return at < 0 ? 0 : Integer.toUnsignedLong(generations[at]);
  }

  /** A node's boot is heard from now on. */
  void heard(long node) {
    forget(node);
  }

  /** A newer boot than all before was believed; answers whether the key is quarantined for it. */
  boolean started(long node, long nowNanos) {
    begun = with(node, begun);
    begunTicks = with(ByNeighbour.ticks(nowNanos), begunTicks);
    settle(nowNanos);
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
    settle(nowNanos);
    if (find(node, begun) >= 0) {
      return;
    }
    Map<Long, Contest> all = contests == null ? new HashMap<>() : contests;
    contests = all;
    if (all.size() < NODES_MAX || all.containsKey(node)) {
      all.computeIfAbsent(node, _ -> new Contest()).open = true;
    }
  }

  /** Forgets who began so long ago that nothing of the boot before is under way any more. */
  private void settle(long nowNanos) {
    while (begun.length > 0
        && (begun.length > NODES_MAX
            || ByNeighbour.sinceNanos(begunTicks[0], nowNanos) > UNDER_WAY_NANOS)) {
      begun = without(0, begun);
      begunTicks = without(0, begunTicks);
    }
  }

  boolean quarantined(long node, long nowNanos) {
    settle(nowNanos);
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
    own = own == null ? new Contest() : own;
    return own.raised(nowNanos) < 2 * RAISES_MAX;
  }

  private static int find(long node, long[] among) {
    for (int i = 0; i < among.length; i++) {
      if (among[i] == node) {
        return i;
      }
    }
    return -1;
  }

  private static long[] with(long last, long[] before) {
    long[] all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = last;
    return all;
  }

  private static int[] with(int last, int[] before) {
    int[] all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = last;
    return all;
  }

  private static long[] without(int at, long[] from) {
    if (from.length == 1) {
      return NO_NODES;
    }
    long[] rest = Arrays.copyOf(from, from.length - 1);
    System.arraycopy(from, at + 1, rest, at, rest.length - at);
    return rest;
  }

  private static int[] without(int at, int[] from) {
    if (from.length == 1) {
      return NONE;
    }
    int[] rest = Arrays.copyOf(from, from.length - 1);
    System.arraycopy(from, at + 1, rest, at, rest.length - at);
    return rest;
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
