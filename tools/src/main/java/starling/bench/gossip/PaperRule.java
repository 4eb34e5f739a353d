package starling.bench.gossip;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Astrolabe's own rule (van Renesse et al. 2003): synchronous rounds; each leaf exchanges with one
 * partner on each of its levels; who does not know is answered at no cost.
 */
final class PaperRule {
  private static final byte NEVER = Byte.MAX_VALUE;

  private final ZoneTree tree;
  private final double loss;
  private final SplittableRandom random;
  private final byte[] learned;
  private int uninformed;
  private byte round;

  PaperRule(ZoneTree tree, double loss, SplittableRandom random) {
    this.tree = tree;
    this.loss = loss;
    this.random = random;
    learned = new byte[tree.leaves()];
  }

  /** Rounds until all leaves know what a random one knows first. */
  double rounds() {
    Arrays.fill(learned, NEVER);
    learned[random.nextInt(learned.length)] = 0;
    uninformed = learned.length - 1;
    for (round = 0; uninformed > 0; ) {
      round++;
      if (round == NEVER) {
        throw new IllegalStateException("no end after " + round + " rounds");
      }
      for (int leaf = 0; leaf < learned.length; leaf++) {
        int levels = tree.levels(leaf);
        for (int level = 0; level < levels; level++) {
          exchange(leaf, tree.partner(leaf, level, random));
        }
      }
    }
    return round;
  }

  private void exchange(int leaf, int partner) {
    boolean knows = learned[leaf] < round;
    boolean other = learned[partner] < round;
    if (knows != other && arrives()) {
      if (knows) {
        learn(partner);
      } else if (arrives()) {
        learn(leaf);
      }
    }
  }

  private void learn(int leaf) {
    if (learned[leaf] == NEVER) {
      learned[leaf] = round;
      uninformed--;
    }
  }

  private boolean arrives() {
    return loss == 0 || random.nextDouble() >= loss;
  }
}
