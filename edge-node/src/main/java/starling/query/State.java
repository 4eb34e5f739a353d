package starling.query;

import starling.wire.WireWriter;

/** What one {@link Part} of a plan keeps of a set of nodes: a pure function of that set. */
sealed interface State permits Tally, Counts, Held, Ranking, Values {
  /** This and the state of other nodes, of the same part. */
  State merge(State other);

  /**
   * Writes it.
   *
   * @param nodes of how many it is, 1 or more: the reader knows that
   */
  void encode(WireWriter to, int nodes);
}
