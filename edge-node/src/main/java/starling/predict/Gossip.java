package starling.predict;

import java.util.List;

/**
 * Gossip of one change in a group: synchronous rounds, {@code fanout} different partners a round
 * drawn uniformly from all others, each frame lost on its own (Demers et al. 1987; Karp et al.
 * 2000).
 *
 * @param members of the group, the one that knows first among them; 1 and up
 * @param fanout partners a member contacts a round, 1 to {@value #FANOUT_MAX}
 * @param loss share of frames lost, 0 to {@value #LOSS_MAX}
 */
public record Gossip(Mode mode, int members, int fanout, double loss) {
  /** The most partners a round. */
  public static final int FANOUT_MAX = 8;

  /** More is no link. */
  public static final double LOSS_MAX = 0.9;

  /**
   * Up to here the exact chain is computed, in a few milliseconds. Beyond, its distribution moves
   * by what the recurrence says that the additional members cost: chance rules the first few
   * members and the last few, and both are alike in all large groups.
   */
  public static final int EXACT_MAX = 256;

  public Gossip {
    if (members < 1) {
      throw new IllegalArgumentException("a group has at least 1 member, not " + members);
    }
    if (fanout < 1 || fanout > FANOUT_MAX) {
      throw new IllegalArgumentException("fan-out is 1 to " + FANOUT_MAX + ", not " + fanout);
    }
    if (!(loss >= 0 && loss <= LOSS_MAX)) {
      throw new IllegalArgumentException("loss is 0 to " + LOSS_MAX + ", not " + loss);
    }
  }

  /** Who tells whom. */
  public enum Mode {
    /** Who knows sends. */
    PUSH,
    /** Who does not know asks, and is answered. */
    PULL,
    /** All send what they have, and are answered with what they lack. */
    PUSH_PULL;

    boolean pushes() {
      return this != PULL;
    }

    boolean pulls() {
      return this != PUSH;
    }
  }

  /** How one change spreads from one member. */
  public Spread spread() {
    if (members <= EXACT_MAX) {
      return new Chain(this).spread();
    }
    Spread near = new Chain(among(EXACT_MAX)).spread();
    Recurrence more = new Recurrence(this);
    double rounds = more.rounds() - new Recurrence(among(EXACT_MAX)).rounds();
    return new Spread(near.all().later(rounds), more.member(), more.frames());
  }

  /**
   * How many know after each round, from none on, until all do with this probability; by the exact
   * chain.
   *
   * @throws IllegalArgumentException if there are more than {@value #EXACT_MAX} members
   */
  public List<Delivered> delivery(double enough) {
    if (members > EXACT_MAX || !(enough < 1)) {
      throw new IllegalArgumentException("the chain has at most " + EXACT_MAX + " members");
    }
    return new Chain(this).delivery(enough);
  }

  /**
   * The mean rounds until the last member knows, by the recurrence alone: within half a round of
   * {@link #spread} where members push, within one where they only pull; at hardly any cost.
   */
  public double roughRounds() {
    return new Recurrence(this).rounds();
  }

  /** The same among so many. */
  public Gossip among(int others) {
    return new Gossip(mode, others, fanout, loss);
  }

  /** Frames that a member sends to different partners in a round. */
  int partners() {
    return Math.min(fanout, members - 1);
  }

  /** The probability that {@code arriving} of a member's {@link #partners} exchanges do. */
  private double arrive(int arriving, double lost) {
    return Binomial.probability(partners(), arriving, 1 - lost);
  }

  /**
   * The probability that the frames that one informed member sends are the first ones that {@code
   * hit} of {@code fresh} uninformed members get.
   */
  double pushed(int hit, int fresh) {
    double probability = 0;
    for (int arriving = hit; arriving <= partners(); arriving++) {
      probability += arrive(arriving, loss) * Binomial.drawn(members - 1, fresh, arriving, hit);
    }
    return probability;
  }

  /** The probability that none of {@code informed} members' frames reaches a given other one. */
  double unpushed(double informed) {
    return mode.pushes() ? Math.pow(1 - (1 - loss) * partners() / (members - 1.0), informed) : 1;
  }

  /**
   * The probability that an uninformed member learns nothing by asking while {@code informed}
   * others know: request and answer may both be lost.
   */
  double unpulled(double informed) {
    if (!mode.pulls()) {
      return 1;
    }
    double lost = 1 - (1 - loss) * (1 - loss);
    double none = 1;
    double probability = 0;
    for (int arriving = 0; arriving <= partners(); arriving++) {
      probability += arrive(arriving, lost) * none;
      none *= Math.max(0, (members - 1 - informed - arriving) / (members - 1.0 - arriving));
    }
    return probability;
  }

  /** Frames sent in a round while {@code informed} members know: pushes, requests, answers. */
  double frames(double informed) {
    double asked = partners() * (members - informed);
    double answers = mode.pulls() ? asked * (1 - loss) * informed / (members - 1.0) : 0;
    return switch (mode) {
      case PUSH -> partners() * informed;
      case PULL -> asked + answers;
      case PUSH_PULL -> partners() * (double) members + answers;
    };
  }
}
