package starling.zone;

import starling.link.LinkProfile;

/**
 * How long a window takes to become complete, by the model (epidemic recurrences; radio timing of
 * the slot plan): what is exported beside what was observed.
 */
public final class Spread {
  private static final double ENOUGH = 0.5;
  private static final int ROUNDS_MAX = 64;

  private Spread() {}

  /**
   * A cell on a broadcast medium: the last representative's slot, then as many requests as losses
   * make necessary. A request is heard by an answerer and its answer by the asker with probability
   * (1 - loss)^2; up to three answer.
   *
   * @param members who speak
   * @param loss share of frames lost, 0 to 1
   * @param lengthMillis of the window
   */
  public static long broadcastMillis(
      LinkProfile profile, int members, double loss, long lengthMillis) {
    double missing = members * loss;
    double once = (1 - loss) * (1 - loss);
    double answered = 1 - Math.pow(1 - once, Math.min(Ranks.ANSWERERS, Math.max(1, members - 2)));
    double millis = lengthMillis / 2.0 * (members - 1) / Math.max(1, members);
    double gap = 4 * (profile.airtime().micros(120) / 1000.0 + 50);
    for (int round = 0; missing > ENOUGH && round < ROUNDS_MAX; round++) {
      millis += round == 0 ? gap / 2 : gap;
      gap *= round == 0 ? 1 : 1.6;
      missing *= 1 - answered;
    }
    return Math.round(
        millis + profile.airtime().micros(60) / 1000.0 + profile.delayMicros() / 1000.0);
  }

  /**
   * Rumours on an addressed medium, news leaving at once: rounds until all of {@code members} know,
   * by the push recurrence s' = s e^(-f (1 - loss) x), each hop taking the medium's delay.
   */
  public static long addressedMillis(LinkProfile profile, int members, double loss) {
    double uninformed = 1 - 1.0 / Math.max(2, members);
    int rounds = 0;
    while (uninformed * members > ENOUGH && rounds < ROUNDS_MAX) {
      double informed = 1 - uninformed;
      uninformed *= Math.exp(-profile.fanoutMax() * (1 - loss) * informed);
      rounds++;
    }
    return rounds * profile.roundMillis() / 2 + profile.delayMicros() / 1000;
  }
}
