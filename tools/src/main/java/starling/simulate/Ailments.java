package starling.simulate;

/** What is wrong with one node: with most of them nothing, and they share that. */
final class Ailments {
  /** Nothing: it stays as it is. */
  static final Ailments NONE = new Ailments();

  private static final int NEVER = Integer.MAX_VALUE;

  /** How far a gateway's system clock is off. */
  long clockErrorMillis;

  /** How many millionths its own clock runs fast by. */
  int driftPpm;

  /** It stands still until then. */
  long pausedUntilNanos;

  /** Nothing gets from it to the broker or back. */
  boolean cutOff;

  /** What gets lost at its own antenna or plug. */
  Antenna antenna = Antenna.GOOD;

  private int writesLeft = NEVER;
  private boolean beforeWrite;

  /** Its power will fail at a write to its disk, counted from 0: before it is done, or after. */
  void powerFails(int atWrite, boolean before) {
    writesLeft = atWrite;
    beforeWrite = before;
  }

  /** It writes to its disk: whether its power fails at that. */
  boolean dies() {
    return writesLeft != NEVER && writesLeft-- == 0;
  }

  /** Whether it fails before the write is done. */
  boolean beforeWrite() {
    return beforeWrite;
  }
}
