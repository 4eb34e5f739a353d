package starling.predict;

/**
 * What a cell sends in a window, on average.
 *
 * @param own frames with members' own contributions
 * @param requests frames that only ask
 * @param answers frames that pass contributions on
 * @param results frames that tell the results of the zones above, where own ones have no room
 * @param micros airtime of all of them
 * @param busiestMicros airtime of a representative's
 */
public record Traffic(
    double own,
    double requests,
    double answers,
    double results,
    double micros,
    double busiestMicros) {
  /** All frames. */
  public double frames() {
    return own + requests + answers + results;
  }
}
