package starling.simulate;

/**
 * What one node loses of all that it sends and hears, whoever is at the other end.
 *
 * @param sent the share of its frames that nobody hears, 0 to 1; it does not know
 * @param heard the share of others' frames that it does not hear
 * @param flipNanos after so long all is well for as long, and so on; 0 if it never is
 * @param sinceNanos when that began
 */
record Antenna(double sent, double heard, long flipNanos, long sinceNanos) {
  /** Loses nothing. */
  static final Antenna GOOD = new Antenna(0, 0, 0, 0);

  /** Whether a frame of the node is lost, of which {@code draw} decides, 0 to below 1. */
  boolean losesSent(long nowNanos, double draw) {
    return draw < sent && isBad(nowNanos);
  }

  /** Whether a frame for the node is lost. */
  boolean losesHeard(long nowNanos, double draw) {
    return draw < heard && isBad(nowNanos);
  }

  private boolean isBad(long nowNanos) {
    return flipNanos == 0 || (nowNanos - sinceNanos) / flipNanos % 2 == 0;
  }
}
