package starling.frame;

/**
 * Which frame counters were heard: the highest, and a bitmap of the {@value #WIDTH} below it (RFC
 * 4303, section 3.4.3). A counter below the window is taken for heard.
 */
final class ReplayWindow {
  static final int WIDTH = 64;

  private int highest = -1;
  private long seen;

  /** Marks a counter, and answers whether it was new. */
  boolean accept(int counter) {
    if (counter > highest) {
      int step = counter - highest;
      seen = step >= WIDTH || highest < 0 ? 0 : seen << step;
      seen |= 1;
      highest = counter;
      return true;
    }
    int age = highest - counter;
    if (age >= WIDTH || (seen & 1L << age) != 0) {
      return false;
    }
    seen |= 1L << age;
    return true;
  }
}
