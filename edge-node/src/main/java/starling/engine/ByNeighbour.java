package starling.engine;

/**
 * A small number for each neighbour, 0 until it is set: those of broadcast links and mates by
 * {@link LinkView#index}, then those of contacts.
 */
public final class ByNeighbour extends SmallNumbers {
  private static final int TICK_SHIFT = 24;

  private byte firstContact; // the mates before it are 64 at most

  /** A monotonic time in steps of 17 ms, as such a number; never 0. */
  public static int ticks(long nanos) {
    return (int) (nanos >> TICK_SHIFT) | 1;
  }

  /** How long ago that was, to within 34 ms; right within a year. */
  public static long sinceNanos(int ticks, long nowNanos) {
    return (long) ((int) (nowNanos >> TICK_SHIFT) - ticks) << TICK_SHIFT;
  }

  public int get(LinkView neighbour) {
    int index = neighbour.index();
    if (neighbour.isContact()) {
      return (int) at(firstContact + index);
    }
    return index < 0 || index >= firstContact ? 0 : (int) at(index);
  }

  /** Sets a neighbour's number; a stranger has none. */
  public void set(LinkView neighbour, int value) {
    int index = neighbour.index();
    if (index < 0) {
      return;
    }
    if (neighbour.isContact()) {
      put(firstContact + index, value);
      return;
    }
    if (index >= firstContact) {
      insert(firstContact, index + 1 - firstContact);
      firstContact = (byte) (index + 1);
    }
    put(index, value);
  }
}
