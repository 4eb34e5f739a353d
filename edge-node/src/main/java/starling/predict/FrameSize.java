package starling.predict;

/** Typical frames of a cell, in bytes. */
final class FrameSize {
  /** Header and tag, time, versions, votes, what is had. */
  static final int COMMON = 22;

  /** A zone's result with a handful of columns. */
  static final int RESULT = 40;

  /** A frame with such a result and nothing else. */
  static final int ROW_ALONE = 18 + RESULT;

  private static final int CONTRIBUTION = 3;
  private static final int A_CHANNEL = 3;

  private FrameSize() {}

  /** A member's own contribution and what each frame says. */
  static int own(int channels) {
    return COMMON + A_CHANNEL * channels;
  }

  /** A contribution that is passed on. */
  static int row(int channels) {
    return SlotPlan.ROW_HEADER_BYTES + CONTRIBUTION + A_CHANNEL * channels;
  }
}
