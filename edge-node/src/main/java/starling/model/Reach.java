package starling.model;

import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Who of a radio cell hears whom well enough to count on, as this node was told: bitmaps over
 * slots, by listener.
 *
 * @param heard whom each listener hears; -1 while it has not said
 * @param audible whom anybody hears
 */
public record Reach(List<Long> heard, long audible) implements Fact {
  /** Everybody hears everybody, as far as is known: a cell of one hop. */
  public static final Reach ALL = new Reach(List.of(), 0);

  private static final long UNSAID = -1;
  private static final double REMOTE = 3 / 8.0;

  /** From whom each member said that it hears, 0 for those that have not said. */
  public static Reach of(IntToLongFunction heard, long audible) {
    List<Long> all =
        IntStream.range(0, Member.SLOTS_MAX)
            .mapToLong(heard)
            .map(one -> one == 0 ? UNSAID : one)
            .boxed()
            .toList();
    return new Reach(all, audible);
  }

  /**
   * Whether a member misses more than three in eight of those whom anybody hears. Of fewer some of
   * any three mates know enough; and word of whom it hears may be lost.
   */
  public static boolean isRemote(int listener, long heard, long audible) {
    long missed = audible & ~heard & ~(1L << listener);
    return Long.bitCount(missed) > REMOTE * Long.bitCount(audible);
  }

  /** The same of one of these. */
  public boolean isRemote(int listener) {
    return isRemote(listener, heardBy(listener), audible);
  }

  /** Whether nobody is known to be out of another's reach. */
  public boolean all() {
    return heard.isEmpty();
  }

  /** Whom a member hears; all of them if it has not said. */
  public long heardBy(int listener) {
    return listener < heard.size() ? heard.get(listener) : UNSAID;
  }

  /** Whether a member has said whom it hears. */
  public boolean said(int listener) {
    return heardBy(listener) != UNSAID;
  }

  /** Whether one member's frames reach another. */
  public boolean hears(int listener, int speaker) {
    return (heardBy(listener) & 1L << speaker) != 0;
  }

  /** Those who hear a member, among some; those who have not said do. */
  public long hearersOf(int speaker, long among) {
    long hearers = 0;
    for (long left = among; left != 0; left &= left - 1) {
      int listener = Long.numberOfTrailingZeros(left);
      hearers |= hears(listener, speaker) ? 1L << listener : 0;
    }
    return hearers;
  }

  /**
   * Whose contributions some members may have at first hand: their own, and those of whom they said
   * to hear.
   */
  public long firstHandOf(long members) {
    return IntStream.range(0, Member.SLOTS_MAX)
        .filter(slot -> (members & 1L << slot) != 0 && said(slot))
        .mapToLong(this::heardBy)
        .reduce(members, (one, other) -> one | other);
  }
}
