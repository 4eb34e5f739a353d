package starling.simulate;

/**
 * What was sent in the last minute, in steps of some seconds: the sum is that of one sliding window
 * that ends at the next step, so what is too much here was too much.
 */
final class Minute {
  static final long NANOS = 60_000_000_000L;
  private static final int SECONDS = 60;

  private final int[] byStep;
  private long step;
  private int sum;

  /**
   * An empty one.
   *
   * @param secondsAtOnce how long a step is, a divisor of 60: memory against how many windows are
   *     looked at
   */
  Minute(int secondsAtOnce) {
    byStep = new int[SECONDS / secondsAtOnce];
  }

  /** Adds, and answers what the minute now amounts to. */
  int add(int amount, long nowNanos) {
    long now = nowNanos / (NANOS / byStep.length);
    for (long past = Math.max(step + 1, now - byStep.length + 1); past <= now; past++) {
      int place = (int) (past % byStep.length);
      sum -= byStep[place];
      byStep[place] = 0;
    }
    step = now;
    byStep[(int) (now % byStep.length)] += amount;
    sum += amount;
    return sum;
  }
}
