package starling.predict;

import starling.link.LinkProfile;

/**
 * A group on an addressed medium, where each member tells representatives its own, in frames that
 * leave as soon as there is something to say.
 *
 * @param members who contribute, 1 and up
 * @param channels values in a contribution
 * @param loss share of frames lost, 0 to {@link Gossip#LOSS_MAX}
 * @param above how many zones' results are told to the cell
 */
public record AddressedCell(LinkProfile profile, int members, int channels, double loss, int above)
    implements Cell {
  /**
   * News that leaves at once takes half of what it takes in synchronous rounds, or less (as {@code
   * starling bench astrolabe} shows).
   */
  private static final double NEWS_NOW = 0.5;

  public AddressedCell {
    if (members < 1 || channels < 0 || above < 0) {
      throw new IllegalArgumentException("a cell has at least 1 member");
    }
  }

  /** Rumours among so many, each pushed to as many neighbours a round as the medium affords. */
  public static long rumourMillis(LinkProfile profile, int members, double loss) {
    int fanout = Math.min(profile.fanoutMax(), Gossip.FANOUT_MAX);
    Gossip push = new Gossip(Gossip.Mode.PUSH, Math.max(2, members), fanout, loss);
    double micros =
        push.roughRounds() * NEWS_NOW * profile.roundMillis() * 1000 + profile.delay().micros();
    return Math.round(micros / 1000);
  }

  @Override
  public long completeMillis(long windowMillis) {
    return rumourMillis(profile, members, loss);
  }

  @Override
  public Traffic traffic() {
    int representatives = Math.min(SlotPlan.REPRESENTATIVES, members);
    int others = members - representatives;
    double told = representatives * (members - 1.0);
    double results = above == 0 ? 0 : (double) representatives * others;
    double ownMicros = micros(FrameSize.own(channels));
    double resultMicros = micros(FrameSize.COMMON + above * FrameSize.RESULT);
    return new Traffic(
        told,
        0,
        0,
        results,
        told * ownMicros + results * resultMicros,
        (representatives - 1) * ownMicros + results / representatives * resultMicros);
  }

  private double micros(int bytes) {
    return profile.airtime().micros(Math.min(profile.mtuBytes(), bytes));
  }
}
