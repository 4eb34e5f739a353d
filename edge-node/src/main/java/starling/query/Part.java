package starling.query;

import starling.wire.MalformedException;
import starling.wire.WireReader;

/** What a plan keeps of nodes for one or several of its outputs. */
sealed interface Part permits Need, Bars, Claim, Podium, Spectrum {
  /** What it is for, as the query says it; parts of one plan differ in it. */
  String text();

  /** The state of no nodes. */
  State none();

  /** The state of one node. */
  State of(Sample sample);

  /**
   * Reads a state; each has one encoding.
   *
   * @param nodes of how many it is, 1 or more
   */
  State decode(WireReader from, int nodes) throws MalformedException;

  /** The most bytes of a state of up to so many nodes. */
  int bytesMax(int nodes);
}
