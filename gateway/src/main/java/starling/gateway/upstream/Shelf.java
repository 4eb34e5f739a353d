package starling.gateway.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import starling.link.mqtt.Message;

/**
 * What the broker should be retaining: the newest payload of each topic, and whether it is there.
 * Payloads that the network was too slow for are replaced, not queued. At most one payload of a
 * topic is under way at a time, so none overtakes another.
 *
 * <p>Answers of zones are ranked ({@link Rank}): a lower one never replaces a higher one, whoever
 * published that. One that is better than what its own window had, but whose window is no longer
 * the newest, is not retained, yet worth telling to those who listen.
 */
final class Shelf {
  /** Topics that a gateway may retain, and as many of others' that it remembers. */
  static final int TOPICS_MAX = 4096;

  /** What a broker takes for: retain nothing here any more. */
  private static final byte[] NOTHING = {};

  /** How many windows late rows count for. */
  private static final int LATE_WINDOWS = 4;

  /** What becomes of a payload. */
  enum Verdict {
    /** It is the topic's newest. */
    RETAIN,
    /** It betters an earlier window. */
    TELL,
    /** There is as good or better. */
    DROP,
    /** There are too many topics. */
    FULL
  }

  private static final class Item {
    private final List<Rank> before = new ArrayList<>(LATE_WINDOWS + 1);
    private byte[] payload;
    private @Nullable Rank rank;
    private boolean underWay;

    private Item(byte[] payload, @Nullable Rank rank) {
      this.payload = payload;
      this.rank = rank;
    }

    boolean isCleared() {
      return payload.length == 0;
    }
  }

  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Set<String> due = new LinkedHashSet<>();
  private final Map<String, Rank> others =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rank> eldest) {
          return size() > TOPICS_MAX;
        }
      };

  /** Puts a payload that always replaces the one before. */
  Verdict put(String topic, byte[] payload) {
    return place(topic, payload, null);
  }

  /** Puts a payload that replaces lower ones only. */
  Verdict put(String topic, byte[] payload, Rank rank) {
    Item item = items.get(topic);
    Rank held = item == null ? others.get(topic) : item.rank;
    if (held == null || rank.replaces(held)) {
      return place(topic, payload, rank);
    }
    if (item == null || rank.sameWindow(held)) {
      return Verdict.DROP;
    }
    return betters(item.before, rank) ? Verdict.TELL : Verdict.DROP;
  }

  /** Has the broker retain nothing on a topic, whoever published there last. */
  void clear(String topic) {
    Item item = items.computeIfAbsent(topic, _ -> new Item(NOTHING, null));
    item.payload = NOTHING;
    item.rank = null;
    due.add(topic);
  }

  /** The topics with payloads on the shelf. */
  Set<String> topics() {
    return Set.copyOf(items.keySet());
  }

  /** Somebody published this: perhaps another gateway, perhaps ourselves in an earlier life. */
  void heard(String topic, byte[] payload) {
    Item item = items.get(topic);
    if (item != null && (item.isCleared() || Arrays.equals(item.payload, payload))) {
      return;
    }
    Optional<Rank> rank = Rank.of(payload);
    if (rank.isEmpty()) {
      return;
    }
    Rank held = item == null ? others.get(topic) : item.rank;
    if (held != null && rank.get().compareTo(held) <= 0) {
      return;
    }
    if (item == null) {
      others.put(topic, rank.get());
    } else {
      remember(item);
      item.payload = payload;
      item.rank = rank.get();
      due.remove(topic);
    }
  }

  /**
   * Takes the next payload to publish, which is then under way until {@link #settled}.
   *
   * @param ranked whether ranked ones may go too, or still wait to hear what is retained
   */
  Optional<Message> next(boolean ranked) {
    for (Iterator<String> topics = due.iterator(); topics.hasNext(); ) {
      String topic = topics.next();
      Item item = items.get(topic);
      if (item != null && !item.underWay && (ranked || item.rank == null)) {
        topics.remove();
        item.underWay = true;
        return Optional.of(new Message(topic, item.payload, 1, true));
      }
    }
    return Optional.empty();
  }

  /** How many payloads are still to be published. */
  int waiting() {
    return due.size();
  }

  /**
   * The broker has it, or not.
   *
   * @return whether it retains nothing on that topic now; so the shelf has forgotten it
   */
  boolean settled(String topic, boolean sent) {
    Item item = items.get(topic);
    if (item == null) {
      return false;
    }
    item.underWay = false;
    if (!sent) {
      due.add(topic);
    }
    if (due.contains(topic) || !item.isCleared()) {
      return false;
    }
    items.remove(topic);
    return true;
  }

  /** The broker may have forgotten everything. */
  void allDue() {
    due.addAll(items.keySet());
  }

  private Verdict place(String topic, byte[] payload, @Nullable Rank rank) {
    Item item = items.get(topic);
    if (item == null) {
      if (items.size() >= TOPICS_MAX) {
        return Verdict.FULL;
      }
      others.remove(topic);
      items.put(topic, new Item(payload, rank));
    } else if (Arrays.equals(item.payload, payload)) {
      return Verdict.DROP;
    } else {
      remember(item);
      item.payload = payload;
      item.rank = rank;
    }
    due.add(topic);
    return Verdict.RETAIN;
  }

  private static void remember(Item item) {
    if (item.rank != null) {
      betters(item.before, item.rank);
    }
  }

  /** Whether a rank is news for its window among the last few; if so it is noted. */
  private static boolean betters(List<Rank> windows, Rank rank) {
    for (int i = 0; i < windows.size(); i++) {
      Rank known = windows.get(i);
      if (known.sameWindow(rank)) {
        if (rank.compareTo(known) > 0) {
          windows.set(i, rank);
          return true;
        }
        return false;
      }
    }
    windows.add(rank);
    windows.sort(null);
    return windows.size() <= LATE_WINDOWS || !windows.removeFirst().equals(rank);
  }
}
