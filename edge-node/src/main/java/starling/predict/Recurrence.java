package starling.predict;

import java.util.ArrayList;
import java.util.List;

/**
 * The mean-field recurrence of the uninformed share (Demers et al. 1987): a round leaves of it what
 * neither pushes nor pulls reach on average.
 */
final class Recurrence {
  /** Expected uninformed members at the mean time of the last one: e to minus Euler's constant. */
  private static final double LAST = 0.5615;

  /** The last member learns it in a whole round: on average so much later than the crossing. */
  private static final double WHOLE = 0.67;

  private static final int ROUNDS_MAX = 100_000;

  private final List<Double> informedShare = new ArrayList<>();
  private final double frames;
  private final double rounds;

  Recurrence(Gossip gossip) {
    int members = gossip.members();
    double uninformed = members - 1;
    double before = uninformed;
    double sent = 0;
    int whole = 0;
    informedShare.add(0.0);
    while (uninformed > LAST && whole < ROUNDS_MAX) {
      double informed = members - uninformed;
      sent += gossip.frames(informed);
      before = uninformed;
      uninformed *= gossip.unpushed(informed) * gossip.unpulled(informed);
      informedShare.add(1 - uninformed / (members - 1));
      whole++;
    }
    frames = sent;
    double part = Math.log(before / LAST) / Math.log(before / uninformed);
    rounds = whole == 0 ? 0 : whole - 1 + part + WHOLE;
  }

  /** About the mean number of rounds until the last member knows; not whole. */
  double rounds() {
    return rounds;
  }

  double frames() {
    return frames;
  }

  Rounds member() {
    return new Rounds(informedShare.stream().mapToDouble(p -> p).toArray());
  }
}
