package starling.engine;

import java.util.Arrays;

/**
 * To which neighbours something was ever said, a bit each, and to which lately: those are few, and
 * of them it keeps when.
 */
public final class Lately {
  private static final long LATELY_NANOS = 2_000_000_000L;
  private static final int[] NOBODY = {};
  private static final int EACH = 2;
  private static final int CONTACTS = 128; // behind all mates

  private int links; // broadcast ones
  private long mates;
  private long contacts;
  private int[] recent = NOBODY; // who and when, in turns

  /** Whether it was ever said to a neighbour. */
  public boolean ever(LinkView neighbour) {
    long said = neighbour.isContact() ? contacts : neighbour.profile().broadcast() ? links : mates;
    return !neighbour.stranger() && (said & bit(neighbour)) != 0;
  }

  /** Whether it was said to a neighbour within the last two seconds. */
  public boolean lately(LinkView neighbour, long nowNanos) {
    for (int at = 0; at < recent.length; at += EACH) {
      if (recent[at] == who(neighbour)) {
        return isRecent(at, nowNanos);
      }
    }
    return false;
  }

  /** It was said to a neighbour now; of strangers nothing is kept. */
  public void said(LinkView neighbour, long nowNanos) {
    if (neighbour.stranger()) {
      return;
    }
    if (neighbour.isContact()) {
      contacts |= bit(neighbour);
    } else if (neighbour.profile().broadcast()) {
      links |= (int) bit(neighbour);
    } else {
      mates |= bit(neighbour);
    }
    int[] next = new int[recent.length + EACH];
    int kept = 0;
    for (int at = 0; at < recent.length; at += EACH) {
      if (recent[at] != who(neighbour) && isRecent(at, nowNanos)) {
        next[kept] = recent[at];
        next[kept + 1] = recent[at + 1];
        kept += EACH;
      }
    }
    next[kept] = who(neighbour);
    next[kept + 1] = ByNeighbour.ticks(nowNanos);
    recent = Arrays.copyOf(next, kept + EACH);
  }

  private boolean isRecent(int at, long nowNanos) {
    return ByNeighbour.sinceNanos(recent[at + 1], nowNanos) < LATELY_NANOS;
  }

  private static long bit(LinkView neighbour) {
    return 1L << (neighbour.profile().broadcast() ? neighbour.link() : neighbour.bit());
  }

  private static int who(LinkView neighbour) {
    return neighbour.isContact() ? CONTACTS + neighbour.index() : neighbour.index();
  }
}
