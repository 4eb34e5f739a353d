package starling.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
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

  private static final int INTS = 2;
  private static final int HEARD = 1;

  private Boot[] boots = {};

  // In one array, for a node hears many: each one's next counter, and what was heard.
  private int[] counters = {};

  // From half full on: who was heard since the clock's hand came by.
  private @Nullable BitSet lately;
  private int hand;

  int size() {
    return boots.length;
  }

  private int find(int sender) {
    for (int i = 0; i < boots.length; i++) {
      if (boots[i].sender() == sender) {
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
  @Nullable Boot put(Boot boot) {
    int at = find(boot.sender());
    Boot before = null;
    if (at < 0 && boots.length < Opener.SENDERS_MAX) {
      at = grow();
    } else {
      at = at < 0 ? notHeardLately() : at;
      before = boots[at];
    }
    boots[at] = boot;
    counters[INTS * at] = 0;
    counters[INTS * at + HEARD] = 0;
    return before;
  }

  /** Marks a counter of a sender that is here, and answers whether it was new. */
  boolean accept(int sender, int counter) {
    int at = INTS * find(sender);
    int next = counters[at]; // 0 until one was heard
    int heard = counters[at + HEARD];
    if (counter >= next) {
      int step = counter + 1 - next;
      counters[at + HEARD] = (step >= WIDTH ? 0 : heard << step) | 1;
      counters[at] = counter + 1;
      return true;
    }
    int age = next - 1 - counter;
    if (age >= WIDTH || (heard & 1 << age) != 0) {
      return false;
    }
    counters[at + HEARD] = heard | 1 << age;
    return true;
  }

  /** Forgets some senders, and answers their boots. */
  List<Boot> forget(Predicate<Boot> choice) {
    List<Boot> forgotten = new ArrayList<>();
    for (int i = boots.length - 1; i >= 0; i--) {
      if (choice.test(boots[i])) {
        forgotten.add(boots[i]);
        cut(i);
      }
    }
    return forgotten;
  }

  /** The last one takes the place of one that goes. */
  private void cut(int at) {
    int last = boots.length - 1;
    boots[at] = boots[last];
    System.arraycopy(counters, INTS * last, counters, INTS * at, INTS);
    boots = Arrays.copyOf(boots, last);
    counters = Arrays.copyOf(counters, INTS * last);
    lately = last < Opener.SENDERS_MAX / 2 ? null : lately; // at worst all were heard lately
    hand = 0;
  }

  private int grow() {
    int length = boots.length + 1;
    counters = Arrays.copyOf(counters, INTS * length);
    boots = Arrays.copyOf(boots, length);
    lately = length == Opener.SENDERS_MAX / 2 ? new BitSet(Opener.SENDERS_MAX) : lately;
    return length - 1;
  }

  private int notHeardLately() {
    BitSet others = lately == null ? new BitSet() : lately;
    while (others.get(hand)) {
      others.clear(hand);
      hand = (hand + 1) % boots.length;
    }
    int place = hand;
    hand = (hand + 1) % boots.length;
    return place;
  }
}
