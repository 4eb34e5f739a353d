package starling.frame;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The boots that one link hears, by sender, and which of their frame counters were heard: the
 * highest, and a bitmap of the {@value #WIDTH} from it down, the least that RFC 4303 asks for
 * (section 3.4.3): links keep the order of frames, or nearly so. A counter below that is taken for
 * heard. At most {@value Opener#SENDERS_MAX} senders: then one that was not heard lately makes
 * room, by the clock algorithm (Corbato, 1968).
 */
final class Senders {
  static final int WIDTH = Integer.SIZE;

  private int[] senders = {};
  private Boot[] boots = {};
  private int[] nextCounters = {}; // 0 until one was heard
  private int[] heard = {};

  // From half full on: who was heard since the clock's hand came by.
  private @Nullable BitSet lately;
  private int hand;

  int size() {
    return senders.length;
  }

  private int find(int sender) {
    for (int i = 0; i < senders.length; i++) {
      if (senders[i] == sender) {
        return i;
      }
    }
    return -1;
  }

  @Nullable Boot boot(int sender) {
    int at = find(sender);
    if (at < 0) {
      return null;
    }
    if (lately != null) {
      lately.set(at);
    }
    return boots[at];
  }

  /** The newest generation of a node's boots that are here, 0 if none is. */
  long generation(long node) {
    long newest = 0;
    for (Boot boot : boots) {
      if (boot.introduction().node() == node) {
        newest = Math.max(newest, boot.introduction().generation());
      }
    }
    return newest;
  }

  /** A sender's boot, of which nothing was heard yet; answers the boot that made room for it. */
  @Nullable Boot put(int sender, Boot boot) {
    int at = find(sender);
    Boot before = null;
    if (at < 0 && senders.length < Opener.SENDERS_MAX) {
      at = grow();
    } else {
      at = at < 0 ? notHeardLately() : at;
      before = boots[at];
    }
    senders[at] = sender;
    boots[at] = boot;
    nextCounters[at] = 0;
    heard[at] = 0;
    return before;
  }

  /** Marks a counter of a sender that is here, and answers whether it was new. */
  boolean accept(int sender, int counter) {
    int at = find(sender);
    int next = nextCounters[at];
    if (counter >= next) {
      int step = counter + 1 - next;
      heard[at] = (step >= WIDTH ? 0 : heard[at] << step) | 1;
      nextCounters[at] = counter + 1;
      return true;
    }
    int age = next - 1 - counter;
    if (age >= WIDTH || (heard[at] & 1 << age) != 0) {
      return false;
    }
    heard[at] |= 1 << age;
    return true;
  }

  private int grow() {
    int length = senders.length + 1;
    senders = Arrays.copyOf(senders, length);
    boots = Arrays.copyOf(boots, length);
    nextCounters = Arrays.copyOf(nextCounters, length);
    heard = Arrays.copyOf(heard, length);
    lately = length == Opener.SENDERS_MAX / 2 ? new BitSet(Opener.SENDERS_MAX) : lately;
    return length - 1;
  }

  private int notHeardLately() {
    BitSet others = lately == null ? new BitSet() : lately;
    while (others.get(hand)) {
      others.clear(hand);
      hand = (hand + 1) % senders.length;
    }
    int place = hand;
    hand = (hand + 1) % senders.length;
    return place;
  }
}
