package starling.predict;

/** Drawing with and without putting back. */
final class Binomial {
  private Binomial() {}

  /** The probability of {@code hits} in {@code tries} that succeed each with {@code chance}. */
  static double probability(int tries, int hits, double chance) {
    return choose(tries, hits) * Math.pow(chance, hits) * Math.pow(1 - chance, tries - hits);
  }

  /**
   * The probability that {@code hits} of {@code draws} different ones from {@code all} are among
   * the {@code good} ones (hypergeometric).
   */
  static double drawn(int all, int good, int draws, int hits) {
    return choose(good, hits) * choose(all - good, draws - hits) / choose(all, draws);
  }

  /** The probabilities of 0 to {@code tries} hits. */
  static double[] row(int tries, double chance) {
    double[] row = new double[tries + 1];
    if (chance >= 1) {
      row[tries] = 1;
      return row;
    }
    // From the likeliest one outwards, so that nothing underflows that matters.
    int mode = (int) Math.min(tries, (tries + 1) * chance);
    double odds = chance / (1 - chance);
    row[mode] = 1;
    double sum = 1;
    for (int i = mode; i < tries; i++) {
      row[i + 1] = row[i] * (tries - i) / (i + 1) * odds;
      sum += row[i + 1];
    }
    for (int i = mode; i > 0 && odds > 0; i--) {
      row[i - 1] = row[i] * i / (tries - i + 1) / odds;
      sum += row[i - 1];
    }
    for (int i = 0; i <= tries; i++) {
      row[i] /= sum;
    }
    return row;
  }

  /** Few from any number. */
  private static double choose(int from, int few) {
    double ways = few > from ? 0 : 1;
    for (int i = 0; i < few && ways != 0; i++) {
      ways = ways * (from - i) / (i + 1);
    }
    return ways;
  }
}
