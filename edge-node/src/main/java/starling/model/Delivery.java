package starling.model;

import java.util.SortedMap;

/** What a node tells its owner: the runtime, and through it a gateway or a tool. */
public sealed interface Delivery {

  /**
   * Readings are wanted for the window that ends at {@code windowEndMillis}; answer before {@code
   * lateMillis}.
   */
  record SampleDue(long windowEndMillis, long lateMillis) implements Delivery {}

  /**
   * A zone's answer to a standing query for one window, told each time that the node takes in
   * another one: more contributions, or as many others. A pure function of the contributions that
   * it covers, so that two gateways tell the same for the same coverage.
   *
   * @param zone the zone's path, such as {@code /orchard/north}
   * @param query the query's name
   * @param startMillis the window, in network time (Unix milliseconds, UTC), start inclusive
   * @param endMillis end exclusive
   * @param values by output column; an unknown value is an absent key
   * @param units UCUM code by output column
   * @param reported how many nodes contributed
   * @param expected how many the roster has
   * @param oldestMillis the age of the oldest reading at the window's end
   * @param revision the number of contributing leaves; grows within a window, never falls
   * @param contributors a cell's contributing slots as a bitmap, slot 0 the lowest bit; 0 for an
   *     inner zone and for a silent one
   */
  record Result(
      String zone,
      String query,
      long startMillis,
      long endMillis,
      SortedMap<String, Double> values,
      SortedMap<String, String> units,
      int reported,
      int expected,
      long oldestMillis,
      int revision,
      long contributors)
      implements Delivery {}

  /** The newest readings of one node of the own cell. */
  record Latest(
      String node,
      long endMillis,
      SortedMap<String, Double> values,
      SortedMap<String, String> units)
      implements Delivery {}

  /** What the neighbours think of a node. */
  record NodeState(String node, State state, long generation) implements Delivery {}

  /**
   * How long a window took to become complete, beside what the model predicts from size, loss and
   * medium.
   *
   * @param predictedMillis from the window's end until every living member's contribution is in
   * @param observedMillis what it took here; negative while incomplete
   */
  record Timing(String zone, long endMillis, long predictedMillis, long observedMillis)
      implements Delivery {}

  /** Something that a person should know; at most one of a kind and subject an hour. */
  record Warning(String kind, String subject, String text) implements Delivery {}

  /** Something worth an event: a node joined, time was found, a charter came into force. */
  record Notice(String kind, String subject, String text) implements Delivery {}

  /** A node as its neighbours see it. */
  enum State {
    /** Heard as promised. */
    UP,
    /** Most of those who used to hear it miss it. */
    SUSPECT,
    /** Missed for so long that others take its duties for good; its place in the roster stays. */
    GONE
  }
}
