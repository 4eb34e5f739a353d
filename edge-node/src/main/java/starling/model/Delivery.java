package starling.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

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
   * @param values numbers by output column; an unknown value is an absent key
   * @param others answers that are no numbers, by output column
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
      SortedMap<String, Answer> others,
      SortedMap<String, String> units,
      int reported,
      int expected,
      long oldestMillis,
      int revision,
      long contributors)
      implements Delivery {

    /** A result of numbers alone. */
    public Result(
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
        long contributors) {
      this(
          zone,
          query,
          startMillis,
          endMillis,
          values,
          new TreeMap<>(),
          units,
          reported,
          expected,
          oldestMillis,
          revision,
          contributors);
    }
  }

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
   * How a node is, told by gateways: of itself and of its cell's members at most once a minute and
   * whenever a member's state changes, of nodes in other cells with that alone. What it rests on is
   * heard anyway: it costs no airtime.
   *
   * @param atMillis when that was, in network time
   * @param state as its neighbours see it
   * @param generation counts its boots; 0 where that is not known
   * @param hearing of a member of the own cell
   * @param self of the gateway itself
   */
  record Health(
      String node,
      long atMillis,
      State state,
      long generation,
      Optional<Hearing> hearing,
      Optional<Vitals> self)
      implements Delivery {
    /** The same of a member that is heard so. */
    public Health with(Hearing heard) {
      return new Health(node, atMillis, state, generation, Optional.of(heard), self);
    }
  }

  /**
   * How a member is heard.
   *
   * @param agoMillis since its last frame
   * @param promiseMillis within what time it said that it would speak again
   * @param loss share of its frames that was lost on the way, 0 to 1; empty where frames can't be
   *     counted, as on addressed media, where not all are for this node
   * @param signal how well its frames come in by radio; empty where the modem does not tell
   */
  record Hearing(long agoMillis, long promiseMillis, OptionalDouble loss, Optional<Signal> signal) {
    /** The same with what the modem told. */
    public Hearing with(Optional<Signal> told) {
      return new Hearing(agoMillis, promiseMillis, loss, told);
    }
  }

  /**
   * How well frames come in, as the modem tells it; what it does not tell is empty.
   *
   * @param rssiDbm signal strength of the last frame
   * @param rssiMeanDbm of about the last sixteen
   * @param snrDb signal to noise ratio of the last frame
   * @param snrMeanDb of about the last sixteen
   */
  record Signal(
      OptionalDouble rssiDbm,
      OptionalDouble rssiMeanDbm,
      OptionalDouble snrDb,
      OptionalDouble snrMeanDb) {}

  /**
   * What a node knows of itself.
   *
   * @param uptimeMillis since its process began to run
   * @param clockUncertaintyMicros how far off its network time may be
   * @param clockHops how many nodes are between it and the root of that time
   * @param links its media
   * @param framesRefused of ours by their looks, but not believed, since it started
   * @param noise what was heard and is no frame, since it started
   * @param queues what waits, by where
   * @param boardCelsius the board's temperature, if it says one
   */
  record Vitals(
      long uptimeMillis,
      long clockUncertaintyMicros,
      int clockHops,
      List<LinkVitals> links,
      long framesRefused,
      long noise,
      SortedMap<String, Integer> queues,
      OptionalDouble boardCelsius) {}

  /**
   * One medium of a node.
   *
   * @param name the owner's
   * @param medium the preset's
   * @param up whether it can be used
   * @param loss of what its neighbours sent there, the share that was lost, 0 to 1; empty where
   *     that can't be known
   * @param signal how well its neighbours' frames come in; empty where the modem does not tell
   * @param used the share of the last minute that this node's own frames took, 0 to 1
   * @param budget the share of any minute that they may take
   * @param hourUsed the share of the last hour
   * @param hourMax what the law allows of any hour
   * @param queued frames handed over that have not left yet
   */
  record LinkVitals(
      String name,
      String medium,
      boolean up,
      OptionalDouble loss,
      Optional<Signal> signal,
      double used,
      double budget,
      double hourUsed,
      double hourMax,
      int queued) {}

  /**
   * How long a window took to become complete, beside what the model predicts from size, loss and
   * medium.
   *
   * @param predictedMillis from the window's end until every living member's contribution is in
   * @param observedMillis what it took here; negative while incomplete
   */
  record Timing(String zone, long endMillis, long predictedMillis, long observedMillis)
      implements Delivery {}

  /**
   * What came of an inquiry: the rows inside a zone, or why there are none.
   *
   * @param id the inquiry's
   * @param zone the zone's path, as it was asked for
   * @param outcome rows, or what kind of reason there is for none
   * @param fault why there are no rows, empty if there are
   * @param endMillis of a cell, the end of the newest settled window; 0 if there is none
   * @param zones the rows of an inner zone's children, for each query's newest settled window; a
   *     silent child has none of its nodes reported
   * @param nodes what each sensing member of a cell said last: {@code endMillis} is 0 if nothing
   *     that is still remembered
   * @param omitted how many queries were left out, since all rows together would be too long
   */
  record Inquired(
      long id,
      String zone,
      Outcome outcome,
      String fault,
      long endMillis,
      List<Result> zones,
      List<Latest> nodes,
      int omitted)
      implements Delivery {
    public Inquired {
      zones = List.copyOf(zones);
      nodes = List.copyOf(nodes);
    }

    /** No rows, and why. */
    public static Inquired failed(long id, String zone, Outcome outcome, String fault) {
      return new Inquired(id, zone, outcome, fault, 0, List.of(), List.of(), 0);
    }
  }

  /** What can come of an inquiry. */
  enum Outcome {
    /** The rows inside the zone. */
    ROWS,
    /** The site has no such zone, or no such query. */
    UNKNOWN,
    /** Nobody who represents the zone answered in time. */
    UNANSWERED,
    /** As many inquiries are under way as there may be. */
    BUSY,
    /** There is nothing to tell yet. */
    UNREADY
  }

  /** Something that a person should know; at most one of a kind and subject an hour. */
  record Warning(String kind, String subject, String text) implements Delivery {}

  /** Something worth an event: a node joined, time was found, a charter came into force. */
  record Notice(String kind, String subject, String text) implements Delivery {}

  /** The charter by which this node lives from now on, as far as it holds it. */
  record InForce(Charter charter) implements Delivery {}

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
