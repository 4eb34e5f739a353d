package starling.bench.gossip;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Starling's rule on addressed links: each leaf has its own rounds and sends one frame in each, its
 * levels in turn, to a partner drawn from that level. News leaves now: if this round's frame has
 * not left when news arrives, it leaves at once, on the top level first; else at the round's end.
 * Who does not know asks with its frame; the answer is free, or strictly the peer's frame of its
 * round, and waits if that is spent. A frame takes a tenth of a round.
 *
 * <p>Crashed leaves are silent from the start. After {@value #DETECTION} rounds all know of them,
 * and the first present members of a cell represent it.
 */
final class StarlingRule {
  /** Rounds until a crashed leaf is known to be (three broken promises, and votes). */
  private static final int DETECTION = 5;

  private static final int TICKS = 100;
  private static final int HOP = TICKS / 10;
  private static final int ROUNDS_MAX = 1000;
  private static final int NOBODY = -1;
  private static final int TRIES = 8;

  private final ZoneTree tree;
  private final boolean strict;
  private final double loss;
  private final BitSet crashed;
  private final SplittableRandom random;

  /** In a round of its own: has the leaf sent its frame? And does it know? */
  private final BitSet spent;

  private final BitSet knows;

  /** The level of each leaf's next frame. */
  private final byte[] turn;

  /** Strict: who waits for an answer, the last one that asked. */
  private final int[] waiting;

  /** Leaves by the tick at which their rounds end. */
  private final int[] byPhase;

  private final int[] phaseStart = new int[TICKS + 1];

  /**
   * Frames under way, by tick of arrival: the sender's number, complemented if it asks; the
   * receiver's.
   */
  private final Frames[] arriving = new Frames[HOP + 1];

  private boolean detected;
  private int uninformed;
  private int tick;

  private static final class Frames {
    long[] frames = new long[16];
    int count;

    void add(int from, int to) {
      if (count == frames.length) {
        frames = Arrays.copyOf(frames, 2 * count);
      }
      frames[count++] = (long) from << 32 | to;
    }
  }

  StarlingRule(
      ZoneTree tree, boolean strict, double loss, BitSet crashed, SplittableRandom random) {
    this.tree = tree;
    this.strict = strict;
    this.loss = loss;
    this.crashed = crashed;
    this.random = random;
    int leaves = tree.leaves();
    spent = new BitSet(leaves);
    knows = new BitSet(leaves);
    turn = new byte[leaves];
    waiting = new int[strict ? leaves : 0];
    byPhase = new int[leaves];
    Arrays.setAll(arriving, _ -> new Frames());
  }

  /** Rounds until all present leaves know what a random one knows first; infinite if never. */
  double rounds() {
    int leaves = tree.leaves();
    tree.seat(new BitSet());
    Arrays.fill(waiting, NOBODY);
    phases();
    for (int leaf = 0; leaf < leaves; leaf++) {
      turn[leaf] = (byte) random.nextInt(tree.levels(leaf));
    }
    int writer = random.nextInt(leaves);
    while (crashed.get(writer)) {
      writer = random.nextInt(leaves);
    }
    uninformed = leaves - crashed.cardinality();
    learn(writer);
    while (uninformed > 0) {
      tick++;
      if (tick > ROUNDS_MAX * TICKS) {
        return Double.POSITIVE_INFINITY;
      }
      if (tick == DETECTION * TICKS && !crashed.isEmpty()) {
        tree.seat(crashed);
        detected = true;
      }
      arrive();
      endRounds();
    }
    return (double) tick / TICKS;
  }

  /** Draws at which tick of each hundred a leaf's rounds end; crashed ones have none. */
  private void phases() {
    int leaves = tree.leaves();
    byte[] phase = new byte[leaves];
    for (int leaf = crashed.nextClearBit(0); leaf < leaves; leaf = crashed.nextClearBit(leaf + 1)) {
      phase[leaf] = (byte) random.nextInt(TICKS);
      phaseStart[phase[leaf] + 1]++;
    }
    for (int i = 0; i < TICKS; i++) {
      phaseStart[i + 1] += phaseStart[i];
    }
    int[] next = phaseStart.clone();
    for (int leaf = crashed.nextClearBit(0); leaf < leaves; leaf = crashed.nextClearBit(leaf + 1)) {
      byPhase[next[phase[leaf]]++] = leaf;
    }
  }

  private void arrive() {
    Frames now = arriving[tick % arriving.length];
    for (int i = 0; i < now.count; i++) {
      int from = (int) (now.frames[i] >> 32);
      int to = (int) now.frames[i];
      if (from >= 0) {
        learn(to);
      } else if (knows.get(to)) {
        answer(to, ~from);
      }
    }
    now.count = 0;
  }

  private void answer(int leaf, int asker) {
    if (!strict) {
      send(leaf, asker);
    } else if (spent.get(leaf)) {
      waiting[leaf] = asker;
    } else {
      spent.set(leaf);
      send(leaf, asker);
    }
  }

  private void endRounds() {
    int phase = tick % TICKS;
    for (int i = phaseStart[phase]; i < phaseStart[phase + 1]; i++) {
      int leaf = byPhase[i];
      if (!spent.get(leaf)) {
        speak(leaf);
      }
      spent.clear(leaf);
      if (strict && waiting[leaf] != NOBODY) {
        spent.set(leaf);
        speak(leaf);
      }
    }
  }

  private void learn(int leaf) {
    if (knows.get(leaf)) {
      return;
    }
    knows.set(leaf);
    uninformed--;
    turn[leaf] = (byte) (tree.levels(leaf) - 1);
    if (!spent.get(leaf)) {
      spent.set(leaf);
      speak(leaf);
    }
  }

  /** This round's frame: to who waits for an answer, else to a partner on the level in turn. */
  private void speak(int leaf) {
    boolean informed = knows.get(leaf);
    if (strict && waiting[leaf] != NOBODY) {
      send(leaf, waiting[leaf]);
      waiting[leaf] = NOBODY;
      return;
    }
    int levels = tree.levels(leaf);
    int level = Math.min(turn[leaf], levels - 1);
    turn[leaf] = (byte) (level == 0 ? levels - 1 : level - 1);
    int partner = tree.partner(leaf, level, random);
    for (int again = 0; detected && crashed.get(partner) && again < TRIES; again++) {
      partner = tree.partner(leaf, level, random);
    }
    send(informed ? leaf : ~leaf, partner);
  }

  /** Says that it knows by its number, asks by its complement. */
  private void send(int says, int to) {
    boolean arrives = loss == 0 || random.nextDouble() >= loss;
    if (arrives && !crashed.get(to)) {
      arriving[(tick + HOP) % arriving.length].add(says, to);
    }
  }
}
