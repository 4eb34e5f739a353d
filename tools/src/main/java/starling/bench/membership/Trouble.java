package starling.bench.membership;

/**
 * How a cell's members fail to hear each other. Each sort strikes independently of the others.
 *
 * @param each the share of receptions lost one by one
 * @param links the share of time that a directed link is in a burst and carries nothing
 * @param receivers the share of time that a member is in a burst and hears nobody
 * @param senderBurstsADay how often a day, in the whole cell, a member goes unheard by all for a
 *     burst: an antenna that is touched, a supply that sags. Nobody can tell it from a crash.
 * @param deaf so many members, the first ones, hear nobody at all any more, but speak on
 */
record Trouble(double each, double links, double receivers, double senderBurstsADay, int deaf) {
  /** The mean length of a burst, in frames or periods. */
  static final double BURST = 5;

  /** The share of receptions that is lost in the long run, but for bursts of senders. */
  double loss() {
    return 1 - (1 - each) * (1 - links) * (1 - receivers);
  }
}
