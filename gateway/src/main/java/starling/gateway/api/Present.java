package starling.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import starling.gateway.upstream.Payloads;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Page;

/**
 * The present as a node tells it: the newest answer of each zone and query, what is known of each
 * node, the last events. The objects are those that are published. Everything new is also told to
 * those who follow the stream, and the last messages are kept for who was cut off for a while.
 */
public final class Present implements Consumer<Delivery> {
  /** Of more zones and queries, or nodes, the further ones are left out. */
  static final int KEPT_MAX = 2048;

  static final int EVENTS_MAX = 512;

  /** Messages that who comes back is told again, if they are not too long. */
  static final int MESSAGES_MAX = 1024;

  private static final int MESSAGES_MAX_CHARS = 1 << 20;

  /** What is known of one node; each an object or a word as it is published. */
  private static final class Known {
    String status = "online";
    @Nullable String latest;
    @Nullable String health;

    String json(String node) {
      return "{\"node\":\""
          + node
          + "\",\"status\":\""
          + status
          + "\""
          + (latest == null ? "" : ",\"latest\":" + latest)
          + (health == null ? "" : ",\"health\":" + health)
          + "}";
    }
  }

  private record Window(long endMillis, int reported, int revision, String json) {
    boolean isBetterThan(@Nullable Window other) {
      if (other == null || endMillis != other.endMillis) {
        return other == null || endMillis > other.endMillis;
      }
      return reported > other.reported || reported == other.reported && revision > other.revision;
    }
  }

  private final InstantSource clock;
  private final Function<Delivery.Health, byte[]> health;
  private final String life;
  private final SortedMap<String, SortedMap<String, Window>> zones = new TreeMap<>();
  private final SortedMap<String, Known> nodes = new TreeMap<>();
  private final Deque<Told> events = new ArrayDeque<>();
  private final Deque<Told> messages = new ArrayDeque<>();
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private Charter charter = Charter.EMPTY;
  private int answers; // in all zones
  private long number;
  private int chars; // of all messages

  /**
   * Nothing known yet.
   *
   * @param health what is published of how a node is
   */
  public Present(InstantSource clock, Function<Delivery.Health, byte[]> health) {
    this.clock = clock;
    this.health = health;
    this.life = Long.toString(clock.millis(), Character.MAX_RADIX);
  }

  /** Takes what a node tells; never blocks. */
  @Override
  public synchronized void accept(Delivery delivery) {
    switch (delivery) {
      case Delivery.Result result -> answer(result);
      case Delivery.Latest latest ->
          know(latest.node(), node -> node.latest = text(Payloads.latest(latest)));
      case Delivery.Health told ->
          know(told.node(), node -> node.health = text(health.apply(told)));
      case Delivery.NodeState state -> {
        boolean online = state.state() != Delivery.State.GONE;
        know(state.node(), node -> node.status = text(Payloads.status(online)));
        event("node", state.node(), Payloads.node(state, clock.millis()));
      }
      case Delivery.Warning(String kind, String subject, String text) ->
          event("warning", subject, Payloads.told(kind, subject, text, clock.millis()));
      case Delivery.Notice(String kind, String subject, String text) ->
          event("notice", subject, Payloads.told(kind, subject, text, clock.millis()));
      case Delivery.InForce(Charter next) -> inForce(next);
      case Delivery.SampleDue _, Delivery.Inquired _, Delivery.Timing _ -> {}
    }
  }

  private void answer(Delivery.Result result) {
    SortedMap<String, Window> answered = zones.getOrDefault(result.zone(), new TreeMap<>());
    Window known = answered.get(result.query());
    Window next =
        new Window(
            result.endMillis(),
            result.reported(),
            result.revision(),
            text(Payloads.result(result)));
    if (!next.isBetterThan(known) || known == null && answers >= KEPT_MAX) {
      return;
    }
    answers += known == null ? 1 : 0;
    answered.put(result.query(), next);
    zones.put(result.zone(), answered);
    tell(Told.Kind.ZONE, result.zone(), next.json());
  }

  private void know(String path, Consumer<Known> news) {
    Known node = nodes.get(path);
    if (node == null) {
      if (nodes.size() >= KEPT_MAX) {
        return;
      }
      node = new Known();
      nodes.put(path, node);
    }
    String before = node.json(path);
    news.accept(node);
    String now = node.json(path);
    if (!now.equals(before)) {
      tell(Told.Kind.NODE, path, now);
    }
  }

  private void event(String kind, String subject, byte[] about) {
    String path = subject.startsWith("/") ? subject : "";
    String json =
        "{\"v\":1,\"number\":"
            + (number + 1)
            + ",\"event\":\""
            + kind
            + "\",\"about\":"
            + text(about)
            + "}";
    events.add(tell(Told.Kind.EVENT, path, json));
    if (events.size() > EVENTS_MAX) {
      events.removeFirst();
    }
  }

  private Told tell(Told.Kind kind, String path, String json) {
    Told told = new Told(++number, kind, path, json);
    messages.add(told);
    chars += json.length();
    while (messages.size() > MESSAGES_MAX || chars > MESSAGES_MAX_CHARS) {
      chars -= messages.removeFirst().json().length();
    }
    for (Subscriber subscriber : subscribers) {
      if (subscriber.taken() < number - messages.size()) {
        subscriber.letGo();
      }
    }
    notifyAll();
    return told;
  }

  /** What a newer charter does not have any more is forgotten. */
  private void inForce(Charter next) {
    charter = next;
    zones.keySet().removeIf(next::excludes);
    nodes.keySet().removeIf(next::excludes);
    Set<String> asked = new LinkedHashSet<>();
    next.site().ifPresent(site -> site.queries().forEach(query -> asked.add(query.name())));
    if (next.site().isPresent()) {
      zones.values().forEach(answered -> answered.keySet().retainAll(asked));
    }
    zones.values().removeIf(Map::isEmpty);
    answers = zones.values().stream().mapToInt(Map::size).sum();
  }

  // ---- what is asked

  /** The window's length, once the charter is known. */
  synchronized Optional<Long> windowMillis() {
    return charter.site().map(Page.Site::windowMillis);
  }

  synchronized List<Page.StandingQuery> queries() {
    return charter.site().map(Page.Site::queries).orElse(List.of());
  }

  /** Whether there can be nothing with this path. */
  synchronized boolean excludes(String path) {
    String root = charter.path(Page.ROOT).orElse(path);
    return !isWithin(path, root) || charter.excludes(path);
  }

  /** The newest answers of a zone and of those below it, by path; empty names mean all. */
  synchronized SortedMap<String, List<String>> zones(String path, String query) {
    SortedMap<String, List<String>> found = new TreeMap<>();
    zones.forEach((zone, answered) -> {
      List<String> objects = new ArrayList<>();
      answered.forEach((name, window) -> {
        if (query.isEmpty() || query.equals(name)) {
          objects.add(window.json());
        }
      });
      if (isWithin(zone, path) && !objects.isEmpty()) {
        found.put(zone, objects);
      }
    });
    return found;
  }

  /** A node, or all in a zone. */
  synchronized List<String> nodes(String path) {
    return nodes.entrySet().stream()
        .filter(node -> isWithin(node.getKey(), path))
        .map(node -> node.getValue().json(node.getKey()))
        .toList();
  }

  /** Events with a larger number than this one, oldest first. */
  synchronized List<String> events(long after) {
    return events.stream().filter(told -> told.number() > after).map(Told::json).toList();
  }

  /**
   * Begins to tell somebody.
   *
   * @param last the id of the last message that it has, from an earlier connection
   * @return all that there was since, or the whole present if that is too long ago
   */
  synchronized List<Told> follow(Subscriber subscriber, String last) {
    subscribers.add(subscriber);
    subscriber.takes(number);
    long seen = seen(last);
    return seen < 0 ? everything() : after(seen);
  }

  /** What is new to somebody; empty if nothing comes within this time. */
  synchronized List<Told> await(Subscriber subscriber, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; subscriber.taken() == number && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    List<Told> news = after(subscriber.taken());
    subscriber.takes(number);
    return news;
  }

  private List<Told> everything() {
    List<Told> all = new ArrayList<>();
    zones.forEach((zone, answered) ->
        answered
            .values()
            .forEach(window -> all.add(new Told(0, Told.Kind.ZONE, zone, window.json()))));
    nodes.forEach((path, node) -> all.add(new Told(0, Told.Kind.NODE, path, node.json(path))));
    return all;
  }

  private List<Told> after(long seen) {
    return messages.stream().filter(told -> told.number() > seen).toList();
  }

  synchronized void unfollow(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /** What a client says to go on after this message. */
  String id(long of) {
    return life + "-" + of;
  }

  /** The number in an id of this life, if all that came after it is still kept; else negative. */
  private long seen(String id) {
    if (!id.matches(life + "-[0-9]{1,18}")) {
      return -1;
    }
    long seen = Long.parseLong(id.substring(life.length() + 1));
    return seen <= number && seen >= number - messages.size() ? seen : -1;
  }

  /** Whether a path is another's or below it; everything is below the empty one. */
  static boolean isWithin(String path, String above) {
    return path.startsWith(above)
        && (path.length() == above.length()
            || above.isEmpty()
            || path.charAt(above.length()) == '/');
  }

  private static String text(byte[] payload) {
    return new String(payload, UTF_8);
  }
}
