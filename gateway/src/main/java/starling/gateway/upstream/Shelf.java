package starling.gateway.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private boolean held; // until it is on disk
    private boolean there; // at the broker, as far as we know
    private long notBeforeNanos;

    private Item(byte[] payload, @Nullable Rank rank) {
      this.payload = payload;
      this.rank = rank;
    }

    boolean mayGo(long nowNanos) {
      return !underWay && (rank == null || (!held && nowNanos - notBeforeNanos >= 0));
    }

    boolean isCleared() {
      return payload.length == 0;
    }
  }

  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Set<String> due = new LinkedHashSet<>();
  private final Map<String, List<Rank>> others =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Rank>> eldest) {
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
    Rank held = newest(topic);
    if (held == null || rank.replaces(held)) {
      return place(topic, payload, rank);
    }
    if (rank.sameWindow(held)) {
      return Verdict.DROP;
    }
    List<Rank> before = item == null ? others.getOrDefault(topic, List.of()) : item.before;
    if (item == null && rank.endMillis() < before.getFirst().endMillis()) {
      return Verdict.DROP; // of what was published then nothing is known
    }
    return betters(before, rank) ? Verdict.TELL : Verdict.DROP;
  }

  /** An answer that was not acknowledged in an earlier life. */
  void restore(String topic, byte[] payload, Rank rank) {
    place(topic, payload, rank);
  }

  /** What {@link #known} said in an earlier life. */
  void restore(String topic, String known) {
    for (String rank : known.split(" ", LATE_WINDOWS + 2)) {
      betters(others.computeIfAbsent(topic, _ -> new ArrayList<>()), Rank.parse(rank));
    }
  }

  /** The last windows of a topic and how much of each was told, in a few words. */
  String known(String topic) {
    Item item = items.get(topic);
    if (item == null || item.rank == null) {
      return "";
    }
    return Stream.concat(item.before.stream(), Stream.of(item.rank))
        .map(Rank::text)
        .collect(Collectors.joining(" "));
  }

  /** A topic's newest answer is not to go, and not looked at, before it is on disk. */
  void hold(String topic) {
    Item item = items.get(topic);
    if (item != null) {
      item.held = true;
      due.remove(topic);
    }
  }

  /**
   * It may go.
   *
   * @param notBeforeNanos not at once, if another gateway is likely to publish it
   * @return false if it is no longer the topic's newest
   */
  boolean release(String topic, Rank rank, long notBeforeNanos) {
    Item item = items.get(topic);
    if (item == null || !rank.equals(item.rank)) {
      return false;
    }
    item.held = false;
    item.notBeforeNanos = notBeforeNanos;
    if (!item.there) {
      due.add(topic);
    }
    return true;
  }

  /** Nobody else is going to publish what waits. */
  void hurry(long nowNanos) {
    items.values().forEach(item -> item.notBeforeNanos = nowNanos);
  }

  /** Whether a topic's newest answer is still to be acknowledged. */
  boolean isDue(String topic) {
    Item item = items.get(topic);
    return item != null && item.rank != null && !item.there;
  }

  /** Whether it is, and of this window. */
  boolean isDue(String topic, long endMillis) {
    Item item = items.get(topic);
    return item != null && item.rank != null && item.rank.endMillis() == endMillis && !item.there;
  }

  /** The rank of a topic's newest answer, ours or heard. */
  @Nullable Rank newest(String topic) {
    Item item = items.get(topic);
    return item == null ? last(others.get(topic)) : item.rank;
  }

  private static @Nullable Rank last(@Nullable List<Rank> ranks) {
    return ranks == null ? null : ranks.getLast();
  }

  /** Has the broker retain nothing on a topic, whoever published there last. */
  void clear(String topic) {
    Item item = items.computeIfAbsent(topic, _ -> new Item(NOTHING, null));
    item.payload = NOTHING;
    item.rank = null;
    item.there = false;
    due.add(topic);
  }

  /** The topics with payloads on the shelf. */
  Set<String> topics() {
    return Set.copyOf(items.keySet());
  }

  /**
   * Somebody published this: perhaps another gateway, perhaps ourselves in an earlier life.
   *
   * @return what the broker has now without us
   */
  Optional<Rank> heard(String topic, byte[] payload) {
    Item item = items.get(topic);
    if (item != null && item.isCleared()) {
      return Optional.empty();
    }
    if (item != null && Arrays.equals(item.payload, payload)) {
      return heardOurs(topic, item);
    }
    Optional<Rank> rank = Rank.of(payload);
    if (rank.isEmpty()) {
      return Optional.empty();
    }
    if (item == null) {
      betters(others.computeIfAbsent(topic, _ -> new ArrayList<>()), rank.get());
      return Optional.empty();
    }
    if (item.rank != null && rank.get().compareTo(item.rank) <= 0) {
      betters(item.before, rank.get());
      return rank;
    }
    remember(item);
    item.payload = payload;
    item.rank = rank.get();
    item.held = false;
    item.there = true;
    due.remove(topic);
    return rank;
  }

  private Optional<Rank> heardOurs(String topic, Item item) {
    if (item.underWay || item.there || item.rank == null) {
      return Optional.empty(); // our own words
    }
    item.there = true;
    item.held = false;
    due.remove(topic);
    return Optional.of(item.rank);
  }

  /**
   * Takes the next payload to publish, which is then under way until {@link #settled}.
   *
   * @param ranked whether ranked ones may go too, or still wait to hear what is retained
   * @param nowNanos of the same clock as {@link #release}
   */
  Optional<Message> next(boolean ranked, long nowNanos) {
    for (Iterator<String> topics = due.iterator(); topics.hasNext(); ) {
      String topic = topics.next();
      Item item = items.get(topic);
      if (item != null && item.mayGo(nowNanos) && (ranked || item.rank == null)) {
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
    item.there = !item.held && !due.contains(topic);
    if (!item.there || !item.isCleared()) {
      return false;
    }
    items.remove(topic);
    return true;
  }

  /** The broker may have forgotten everything. */
  void allDue() {
    due.addAll(items.keySet());
    items.values().forEach(item -> item.there = false);
  }

  /** The broker has something else there. */
  void again(String topic) {
    if (items.containsKey(topic)) {
      due.add(topic);
    }
  }

  private Verdict place(String topic, byte[] payload, @Nullable Rank rank) {
    Item item = items.get(topic);
    if (item == null) {
      if (items.size() >= TOPICS_MAX) {
        return Verdict.FULL;
      }
      Item first = new Item(payload, rank);
      first.before.addAll(Objects.requireNonNullElse(others.remove(topic), List.of()));
      items.put(topic, first);
    } else if (Arrays.equals(item.payload, payload)) {
      return Verdict.DROP;
    } else {
      remember(item);
      item.payload = payload;
      item.rank = rank;
      item.there = false;
      item.held = false;
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
    if (windows.size() > 1 && windows.get(windows.size() - 2).compareTo(rank) > 0) {
      windows.sort(null);
    }
    return windows.size() <= LATE_WINDOWS || !windows.removeFirst().equals(rank);
  }
}
