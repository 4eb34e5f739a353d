package starling.predict;

import starling.link.LinkProfile;

/**
 * What a cell's exchange of contributions goes by: the protocol does it, predictions count with it.
 */
public final class SlotPlan {
  /** Representatives of a cell, at most. */
  public static final int REPRESENTATIVES = 3;

  /** Members that answer one request on a broadcast medium, at most. */
  public static final int ANSWERERS = 3;

  /** Rows that one answer passes on, at most. */
  public static final int ROWS_MAX = 8;

  /** What a row takes in an answer besides the contribution. */
  public static final int ROW_HEADER_BYTES = 3;

  /** An answer that the gaps between answers are made for. */
  public static final int ANSWER_BYTES = 100;

  /** Answers that a request waits for before it is made again. */
  public static final int GAP_ANSWERS = 4;

  /** How much longer each request waits than the one before. */
  public static final double GAP_GROWTH = 1.6;

  /** What clocks and modems may be off, between one frame's end and the next one's start. */
  public static final long MARGIN_MICROS = 50_000;

  private static final int OWN_BYTES = 60;

  private SlotPlan() {}

  /** From one answerer's turn to the next one's, microseconds. */
  public static long answerMicros(LinkProfile medium) {
    int bytes = Math.min(ANSWER_BYTES, medium.mtuBytes());
    return medium.airtime().micros(bytes) + MARGIN_MICROS;
  }

  /** What is kept at a slot's start for its member's own frame, microseconds. */
  public static long ownMicros(LinkProfile medium) {
    int bytes = Math.min(OWN_BYTES, medium.mtuBytes());
    return medium.airtime().micros(bytes) + MARGIN_MICROS;
  }

  /** The share of a window, from its start, in which members say what the last one amounted to. */
  public static long speakingMillis(long windowMillis) {
    return windowMillis / 2;
  }
}
