package starling.bench.gossip;

import java.util.Arrays;
import java.util.SplittableRandom;
import starling.predict.Gossip;

/**
 * One change spreading in a group, played out: synchronous rounds, each member's partners drawn
 * from all others, each frame lost by chance. It shares nothing with the prediction but the
 * question.
 */
final class Epidemic {
  private static final int NEVER = Integer.MAX_VALUE;

  private final Gossip gossip;
  private final SplittableRandom random;
  private final int[] learned;
  private final int[] partners;
  private int uninformed;
  private int round;

  Epidemic(Gossip gossip, SplittableRandom random) {
    this.gossip = gossip;
    this.random = random;
    learned = new int[gossip.members()];
    partners = new int[Math.min(gossip.fanout(), gossip.members() - 1)];
  }

  /** Rounds until all know. */
  int rounds() {
    Arrays.fill(learned, NEVER);
    learned[0] = 0;
    uninformed = learned.length - 1;
    for (round = 0; uninformed > 0; ) {
      round++;
      for (int member = 0; member < learned.length; member++) {
        turn(member);
      }
    }
    return round;
  }

  private void turn(int member) {
    boolean knows = learned[member] < round;
    switch (gossip.mode()) {
      case PUSH -> {
        if (knows) {
          push(member);
        }
      }
      case PULL -> {
        if (!knows) {
          pull(member);
        }
      }
      case PUSH_PULL -> {
        if (knows) {
          push(member);
        } else {
          pull(member);
        }
      }
    }
  }

  private void push(int member) {
    drawPartners(member);
    for (int partner : partners) {
      if (arrives()) {
        learn(partner);
      }
    }
  }

  private void pull(int member) {
    drawPartners(member);
    for (int partner : partners) {
      if (arrives() && learned[partner] < round && arrives()) {
        learn(member);
      }
    }
  }

  private void learn(int member) {
    if (learned[member] == NEVER) {
      learned[member] = round;
      uninformed--;
    }
  }

  private boolean arrives() {
    return gossip.loss() == 0 || random.nextDouble() >= gossip.loss();
  }

  private void drawPartners(int member) {
    for (int i = 0; i < partners.length; ) {
      int drawn = random.nextInt(learned.length - 1);
      partners[i] = drawn < member ? drawn : drawn + 1;
      boolean fresh = true;
      for (int j = 0; j < i; j++) {
        fresh &= partners[j] != partners[i];
      }
      i += fresh ? 1 : 0;
    }
  }
}
