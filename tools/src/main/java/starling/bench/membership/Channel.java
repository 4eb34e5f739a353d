package starling.bench.membership;

import java.util.SplittableRandom;

/**
 * One cell's channel: who does not hear a frame, as bits over slots. Links, receivers and senders
 * are in a good state that loses nothing or in a burst that loses everything (Gilbert, BSTJ 39,
 * 1960); beside that each reception is lost for itself.
 */
final class Channel {
  private static final double UNIT = 0x1p32;

  private final int nodes;
  private final Trouble trouble;
  private final SplittableRandom random;
  private final long[] badLinks; // by sender, bits over receivers
  private long badReceivers;
  private long badSenders;
  private long deaf;

  Channel(int nodes, Trouble trouble, long seed) {
    this.nodes = nodes;
    this.trouble = trouble;
    this.random = new SplittableRandom(seed);
    this.badLinks = new long[nodes];
  }

  /** From now on the deaf hear nobody. */
  void deafen() {
    deaf = (1L << trouble.deaf()) - 1;
  }

  /** Those who don't hear the sender's next frame. */
  long lost(int sender, int periodsADay) {
    long bit = 1L << sender;
    badReceivers = aged(badReceivers, trouble.receivers(), bit);
    double share = trouble.senderBurstsADay() * Trouble.BURST / periodsADay / nodes;
    badSenders = aged(badSenders, share, bit);
    long all = (1L << nodes) - 1;
    badLinks[sender] = aged(badLinks[sender], trouble.links(), all);
    long each = 0;
    for (long left = trouble.each() > 0 ? all : 0; left != 0; left &= left - 1) {
      each |= chance(trouble.each()) ? Long.lowestOneBit(left) : 0;
    }
    return (badSenders & bit) != 0 ? all : deaf | badReceivers | badLinks[sender] | each;
  }

  /** One step of those of {@code states} that {@code which} says. */
  private long aged(long states, double share, long which) {
    if (share <= 0) {
      return states;
    }
    long next = states;
    double begins = share / (1 - share) / Trouble.BURST;
    for (long left = which; left != 0; left &= left - 1) {
      long bit = Long.lowestOneBit(left);
      boolean turns = chance((states & bit) == 0 ? begins : 1 / Trouble.BURST);
      next ^= turns ? bit : 0;
    }
    return next;
  }

  private boolean chance(double share) {
    return Integer.toUnsignedLong(random.nextInt()) < share * UNIT;
  }
}
