package starling.gateway.upstream;

import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Login;
import starling.link.mqtt.Message;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Names;

/**
 * Publishes what a node tells to a broker, at QoS 1. Takes deliveries at any time and never blocks:
 * while the broker is away, each topic's newest state is kept, and published (again) whenever it
 * comes back, since a broker may have forgotten; of events, the last {@value #EVENTS_MAX} are kept.
 *
 * <p>Before it publishes any zone's answer over a connection, it listens to what is retained there,
 * so that a gateway that was away replaces nothing newer than its own.
 *
 * <p>When a newer charter has no such zone or node any more, what this gateway published of it,
 * also in earlier lives, is taken back: nothing is retained there.
 */
public final class Upstream implements Consumer<Delivery>, AutoCloseable {
  /** Events that wait for the broker; the oldest make room. */
  static final int EVENTS_MAX = 256;

  private static final System.Logger LOG = System.getLogger(Upstream.class.getName());
  private static final int IN_FLIGHT_MAX = 32;
  private static final int HEARD_MAX_BYTES = 32 << 10;
  private static final long STALL_MILLIS = 30_000;
  private static final int CHECK_SECONDS = 10;
  private static final long RETRY_MILLIS = 200;
  private static final long QUIET_MILLIS = 300;
  private static final long LISTEN_MAX_MILLIS = 5_000;
  private static final long CLOSE_MILLIS = 2_000;

  /**
   * Who publishes where.
   *
   * @param broker {@code mqtt://host:port}
   * @param login if the broker wants one
   * @param site the root zone's name
   * @param gateway this gateway's name, different from any other's on the site
   * @param version the program's
   * @param published the file that remembers on which topics something was published; without,
   *     nothing is remembered across restarts
   */
  public record Settings(
      URI broker,
      Optional<Login> login,
      String site,
      String gateway,
      String version,
      Optional<Path> published) {
    public Settings {
      Names.check(site);
      Names.check(gateway);
    }
  }

  private final Topics topics;
  private final String statusTopic;
  private final InstantSource clock;
  private final BrokerSession session;

  private final Object lock = new Object();
  private final Shelf shelf = new Shelf();
  private final Published remembered;
  private final Deque<Message> events = new ArrayDeque<>();
  private int inFlight;
  private boolean up;
  private boolean paused;
  private boolean listening;
  private long upNanos;
  private long heardNanos;
  private long published; // messages
  private long lost;
  private long refused;

  /** An upstream that is not open yet. */
  public Upstream(Settings settings, InstantSource clock) {
    this.clock = clock;
    topics = new Topics(settings.site());
    remembered = new Published(settings.published());
    statusTopic = topics.gateway(settings.gateway(), "status");
    shelf.put(statusTopic, Payloads.status(true));
    shelf.put(
        topics.gateway(settings.gateway(), "info"),
        Payloads.info(settings.gateway(), settings.version(), clock.millis()));
    session =
        new BrokerSession(
            new BrokerSession.Settings(
                settings.broker(),
                "starling-gateway-" + settings.site() + "-" + settings.gateway(),
                settings.login(),
                Optional.of(new Message(statusTopic, Payloads.status(false), 1, true)),
                List.of(topics.zones()),
                Optional.empty(),
                HEARD_MAX_BYTES,
                IN_FLIGHT_MAX + 1,
                STALL_MILLIS,
                CHECK_SECONDS),
            new Ears());
  }

  /**
   * What became of messages since the start.
   *
   * @param published acknowledged by the broker
   * @param lost events that made room for newer ones
   * @param refused deliveries that can't be published: their names are no topic, or too many
   */
  public record Counts(long published, long lost, long refused) {}

  /** Begins to connect, and returns at once. */
  public void open() {
    session.open();
  }

  /** Whether the broker is there. */
  public boolean isUp() {
    return session.isUp();
  }

  /** What was published so far. */
  public Counts counts() {
    synchronized (lock) {
      return new Counts(published, lost, refused);
    }
  }

  /** Takes what a node tells; returns at once. */
  @Override
  public void accept(Delivery delivery) {
    try {
      synchronized (lock) {
        take(delivery);
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
    pump();
  }

  /**
   * Says {@code offline} (or lets the will say it), and ends the connection and its threads.
   * Idempotent.
   */
  @Override
  public void close() {
    synchronized (lock) {
      up = false;
    }
    var said = new CompletableFuture<Boolean>();
    session.publish(new Message(statusTopic, Payloads.status(false), 1, true), said::complete);
    if (said.completeOnTimeout(false, CLOSE_MILLIS, TimeUnit.MILLISECONDS).join()) {
      session.close();
    } else {
      session.abort();
    }
  }

  private void take(Delivery delivery) {
    switch (delivery) {
      case Delivery.SampleDue _, Delivery.Inquired _ -> {}
      case Delivery.Result result -> take(result);
      case Delivery.Latest latest ->
          retain(topics.node(latest.node(), "latest"), Payloads.latest(latest));
      case Delivery.NodeState node -> take(node);
      case Delivery.Health health ->
          retain(topics.node(health.node(), "health"), Payloads.health(health, waiting()));
      case Delivery.Timing timing -> tell("timing", Payloads.timing(timing));
      case Delivery.Warning(String kind, String subject, String text) ->
          tell("warning", Payloads.told(kind, subject, text, clock.millis()));
      case Delivery.Notice(String kind, String subject, String text) ->
          tell("notice", Payloads.told(kind, subject, text, clock.millis()));
      case Delivery.InForce(Charter charter) -> tidy(charter);
    }
  }

  private void take(Delivery.Result result) {
    String topic = topics.zone(result.zone(), result.query());
    byte[] payload = Payloads.result(result);
    switch (shelf.put(topic, payload, Rank.of(result))) {
      case TELL -> queue(new Message(topic, payload, 1, false));
      case FULL -> refuse("more than " + Shelf.TOPICS_MAX + " topics");
      case RETAIN -> remembered.add(topic);
      case DROP -> {}
    }
  }

  private void take(Delivery.NodeState node) {
    boolean online = node.state() != Delivery.State.GONE;
    retain(topics.node(node.node(), "status"), Payloads.status(online));
    tell("node", Payloads.node(node));
  }

  private void retain(String topic, byte[] payload) {
    switch (shelf.put(topic, payload)) {
      case FULL -> refuse("more than " + Shelf.TOPICS_MAX + " topics");
      case RETAIN -> remembered.add(topic);
      case TELL, DROP -> {}
    }
  }

  /** Takes back what was published of zones and nodes that are not there any more. */
  private void tidy(Charter charter) {
    Set<String> ours = new HashSet<>(shelf.topics());
    ours.addAll(remembered.topics());
    for (String topic : ours) {
      if (topics.path(topic).filter(charter::excludes).isPresent()) {
        shelf.clear(topic);
      }
    }
  }

  private void tell(String kind, byte[] payload) {
    queue(new Message(topics.event(kind), payload, 1, false));
  }

  /** How many messages the broker has not been sent yet. */
  private int waiting() {
    return events.size() + shelf.waiting() + inFlight;
  }

  private void queue(Message event) {
    if (events.size() >= EVENTS_MAX) {
      events.removeFirst();
      lost++;
    }
    events.addLast(event);
  }

  private void putBack(Message event) {
    if (events.size() < EVENTS_MAX) {
      events.addFirst(event);
    } else {
      lost++;
    }
  }

  private void refuse(String why) {
    synchronized (lock) {
      if (refused++ > 0) {
        return;
      }
    }
    LOG.log(Level.WARNING, "not published, and further ones are counted only: {0}", why);
  }

  /** Publishes what is due, as far as the window of unacknowledged messages allows. */
  private void pump() {
    for (Optional<Message> next = next(); next.isPresent(); next = next()) {
      Message message = next.get();
      session.publish(message, sent -> settled(message, sent));
    }
  }

  private Optional<Message> next() {
    synchronized (lock) {
      if (!up || paused || inFlight >= IN_FLIGHT_MAX) {
        return Optional.empty();
      }
      Optional<Message> next =
          events.isEmpty() ? shelf.next(!listening) : Optional.of(events.removeFirst());
      inFlight += next.isPresent() ? 1 : 0;
      return next;
    }
  }

  private void settled(Message message, boolean sent) {
    synchronized (lock) {
      inFlight--;
      if (message.retained()) {
        if (shelf.settled(message.topic(), sent)) {
          remembered.remove(message.topic());
        }
      } else if (!sent) {
        putBack(message);
      }
      published += sent ? 1 : 0;
      if (!sent && !paused) {
        paused = true;
        session.later(RETRY_MILLIS, this::resume);
      }
    }
    pump();
  }

  private void resume() {
    synchronized (lock) {
      paused = false;
    }
    pump();
  }

  private void listened() {
    synchronized (lock) {
      long now = System.nanoTime();
      if (now - heardNanos < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)
          && now - upNanos < TimeUnit.MILLISECONDS.toNanos(LISTEN_MAX_MILLIS)) {
        session.later(QUIET_MILLIS, this::listened);
        return;
      }
      listening = false;
    }
    pump();
  }

  private final class Ears implements BrokerSession.Listener {
    @Override
    public void state(boolean connected, String reason) {
      LOG.log(connected ? Level.INFO : Level.WARNING, "upstream: {0}", reason);
      synchronized (lock) {
        up = connected;
        if (connected) {
          listening = true;
          upNanos = System.nanoTime();
          heardNanos = upNanos;
          session.later(QUIET_MILLIS, Upstream.this::listened);
        } else {
          // Not when it comes back: what is retained may be heard before we hear that we are up.
          shelf.allDue();
        }
      }
      pump();
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      synchronized (lock) {
        if (retained) {
          heardNanos = System.nanoTime();
        }
        shelf.heard(topic, payload);
      }
    }
  }
}
