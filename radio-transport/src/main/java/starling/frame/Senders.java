package starling.frame;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The boots that one link hears, by sender, and which of their frame counters were heard: the
 * highest, and a bitmap of the {@value #WIDTH} below it (RFC 4303, section 3.4.3). A counter below
 * that is taken for heard. At most {@value Opener#SENDERS_MAX} senders: the one not heard for
 * longest makes room.
 */
final class Senders {
  static final int WIDTH = 64;

  private int[] senders = {};
  private Boot[] boots = {};
  private int[] nextCounters = {}; // 0 until one was heard
  private long[] heard = {};
  private int[] lastUses = {};
  private int uses;

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
    lastUses[at] = ++uses;
    return boots[at];
  }

  /** A sender's boot, of which nothing was heard yet, in place of an earlier one. */
  void put(int sender, Boot boot) {
    int at = find(sender);
    if (at < 0) {
      at = senders.length < Opener.SENDERS_MAX ? grow() : longestUnused();
    }
    senders[at] = sender;
    boots[at] = boot;
    nextCounters[at] = 0;
    heard[at] = 0;
    lastUses[at] = ++uses;
  }

  void remove(int sender) {
    int at = find(sender);
    if (at >= 0) {
      int last = senders.length - 1;
      senders[at] = senders[last];
      boots[at] = boots[last];
      nextCounters[at] = nextCounters[last];
      heard[at] = heard[last];
      lastUses[at] = lastUses[last];
      resize(last);
    }
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
    if (age >= WIDTH || (heard[at] & 1L << age) != 0) {
      return false;
    }
    heard[at] |= 1L << age;
    return true;
  }

  private int grow() {
    resize(senders.length + 1);
    return senders.length - 1;
  }

  private void resize(int length) {
    senders = Arrays.copyOf(senders, length);
    boots = Arrays.copyOf(boots, length);
    nextCounters = Arrays.copyOf(nextCounters, length);
    heard = Arrays.copyOf(heard, length);
    lastUses = Arrays.copyOf(lastUses, length);
  }

  private int longestUnused() {
    int longest = 0;
    for (int i = 1; i < lastUses.length; i++) {
      longest = lastUses[i] - lastUses[longest] < 0 ? i : longest;
    }
    return longest;
  }
}
