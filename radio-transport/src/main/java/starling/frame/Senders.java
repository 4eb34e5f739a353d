package starling.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
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

  /** In one array, for a node hears many: who it is, its next counter, and what was heard. */
  private static final int INTS = 3;

  private static final int NEXT_COUNTER = 1; // 0 until one was heard
  private static final int HEARD = 2;

  private int[] senders = {};
  private Boot[] boots = {};

  // From half full on: who was heard since the clock's hand came by.
  private @Nullable BitSet lately;
  private int hand;

  int size() {
    return boots.length;
  }

  private int find(int sender) {
    for (int i = 0; i < boots.length; i++) {
      if (senders[INTS * i] == sender) {
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
    if (at < 0 && boots.length < Opener.SENDERS_MAX) {
      at = grow();
    } else {
      at = at < 0 ? notHeardLately() : at;
      before = boots[at];
    }
    boots[at] = boot;
    senders[INTS * at] = sender;
    senders[INTS * at + NEXT_COUNTER] = 0;
    senders[INTS * at + HEARD] = 0;
    return before;
  }

  /** Marks a counter of a sender that is here, and answers whether it was new. */
  boolean accept(int sender, int counter) {
    int at = INTS * find(sender);
    int next = senders[at + NEXT_COUNTER];
    int heard = senders[at + HEARD];
    if (counter >= next) {
      int step = counter + 1 - next;
      senders[at + HEARD] = (step >= WIDTH ? 0 : heard << step) | 1;
      senders[at + NEXT_COUNTER] = counter + 1;
      return true;
    }
    int age = next - 1 - counter;
    if (age >= WIDTH || (heard & 1 << age) != 0) {
      return false;
    }
    senders[at + HEARD] = heard | 1 << age;
    return true;
  }

  /** Which senders are meant. */
  interface Choice {
    boolean is(int sender, Boot boot);
  }

  /** Forgets some senders, and answers their boots. */
  List<Boot> forget(Choice choice) {
    List<Boot> forgotten = new ArrayList<>();
    for (int i = boots.length - 1; i >= 0; i--) {
      if (choice.is(senders[INTS * i], boots[i])) {
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
    System.arraycopy(senders, INTS * last, senders, INTS * at, INTS);
    boots = Arrays.copyOf(boots, last);
    senders = Arrays.copyOf(senders, INTS * last);
    lately = last < Opener.SENDERS_MAX / 2 ? null : lately; // at worst all were heard lately
    hand = 0;
  }

  private int grow() {
    int length = boots.length + 1;
    senders = Arrays.copyOf(senders, INTS * length);
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
