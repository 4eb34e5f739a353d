package starling.gateway.upstream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import starling.gateway.homeassistant.Discovery;
import starling.gateway.outbox.Entry;
import starling.gateway.outbox.Gap;
import starling.gateway.outbox.Outbox;
import starling.gateway.outbox.Page;
import starling.gateway.outbox.Stock;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Login;
import starling.link.mqtt.Message;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Names;

/**
 * Publishes what a node tells to a broker, at QoS 1. Takes deliveries at any time and never blocks.
 *
 * <p>Zones' answers and events are in an {@link Outbox} before they are sent, and leave it when the
 * broker has acknowledged them. The newest answer of each topic goes first and is retained; what
 * had to wait for longer follows in order, at a bounded rate, and is not. Of nodes' states the
 * newest is kept, in memory, and everything retained is published again when a broker comes back
 * that has forgotten it.
 *
 * <p>Before it publishes any zone's answer over a connection, it listens to what is retained there,
 * so that a gateway that was away replaces nothing newer than its own. It goes on listening: what
 * another gateway has published need not be published again, and where others go before it ({@link
 * Rivals}), it waits for them a while.
 *
 * <p>When a newer charter has no such zone or node any more, what this gateway published of it,
 * also in earlier lives, is taken back: nothing is retained there.
 */
public final class Upstream implements Consumer<Delivery>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Upstream.class.getName());
  private static final int IN_FLIGHT_MAX = 128;
  private static final int LATE_IN_FLIGHT_MAX = IN_FLIGHT_MAX / 2;
  private static final int HEARD_MAX_BYTES = 32 << 10;
  private static final long STALL_MILLIS = 30_000;
  private static final int CHECK_SECONDS = 5;
  private static final long RETRY_MILLIS = 200;
  private static final long QUIET_MILLIS = 300;
  private static final long LISTEN_MAX_MILLIS = 5_000;
  private static final long CLOSE_MILLIS = 2_000;
  private static final long TICK_MILLIS = 100;

  /** The second of several gateways waits half a window for the first, any other a whole one. */
  private static final int PATIENCE_MAX_HALVES = 2;

  /** So that not all of a house's bridges speak at once when Home Assistant has started. */
  private static final long BIRTH_PAUSE_MILLIS = 2_000;

  /** Others that brought something late so recently are likely to bring more. */
  private static final long OTHERS_NANOS = 3_000_000_000L;

  /**
   * Who publishes where.
   *
   * @param broker {@code mqtt://host:port}
   * @param login if the broker wants one
   * @param site the root zone's name
   * @param gateway this gateway's name, different from any other's on the site
   * @param version the program's
   * @param keeping what is kept until it is acknowledged
   * @param homeAssistant the prefix of Home Assistant's discovery topics; empty for no discovery
   */
  public record Settings(
      URI broker,
      Optional<Login> login,
      String site,
      String gateway,
      String version,
      Keeping keeping,
      Optional<String> homeAssistant) {
    public Settings {
      Names.check(site);
      Names.check(gateway);
    }
  }

  /**
   * What is kept across restarts.
   *
   * @param directory for the outbox and a list of the topics on which something was published;
   *     without, nothing survives a restart
   * @param bytesMax of the outbox
   * @param latePerSecond how many messages a second that have become late are sent, at most
   */
  public record Keeping(Optional<Path> directory, long bytesMax, int latePerSecond) {
    public static final Keeping IN_MEMORY = new Keeping(Optional.empty(), 16 << 20, 500);

    public Keeping {
      if (latePerSecond < 1) {
        throw new IllegalArgumentException("at least one late message a second");
      }
    }
  }

  private final Settings settings;
  private final Topics topics;
  private final String statusTopic;
  private final String infoTopic;
  private final InstantSource clock;
  private final long startedMillis;
  private final Outbox outbox;
  private final BrokerSession session;

  private final Object lock = new Object();
  private final Shelf shelf = new Shelf();
  private final Published remembered;
  private final Alerts alerts = new Alerts();
  private final LateLane late;
  private final Rivals rivals;
  private final Optional<Discovery> discovery;
  private long windowMillis = 60_000; // until the charter says
  private int inFlight;
  private boolean up;
  private boolean paused;
  private boolean listening;
  private long upNanos;
  private long heardNanos;
  private long othersNanos = System.nanoTime() - OTHERS_NANOS;
  private long kept; // messages
  private long known;
  private long published;
  private long lost;
  private long refused;

  /**
   * An upstream that is not open yet.
   *
   * @throws IOException when its outbox can't be used
   */
  public Upstream(Settings settings, InstantSource clock) throws IOException {
    this.settings = settings;
    this.clock = clock;
    startedMillis = clock.millis();
    topics = new Topics(settings.site());
    Keeping keeping = settings.keeping();
    remembered = new Published(keeping.directory().map(d -> d.resolve("published")));
    rivals = new Rivals(settings.gateway());
    statusTopic = topics.gateway(settings.gateway(), "status");
    infoTopic = topics.gateway(settings.gateway(), "info");
    discovery =
        settings
            .homeAssistant()
            .map(prefix ->
                new Discovery(
                    new Discovery.Settings(
                        prefix, settings.site(), settings.gateway(), settings.version()),
                    statusTopic));
    outbox =
        Outbox.open(
            new Outbox.Settings(
                keeping.directory().map(d -> d.resolve("outbox.db")), keeping.bytesMax()),
            clock);
    late = new LateLane(outbox, keeping.latePerSecond(), LATE_IN_FLIGHT_MAX);
    shelf.put(statusTopic, Payloads.status(true));
    restore();
    introduce();
    discovery.ifPresent(announced -> announce(announced.gateway()));
    session = new BrokerSession(session(settings), new Ears());
  }

  private BrokerSession.Settings session(Settings of) {
    List<String> subscriptions = new ArrayList<>();
    subscriptions.add(topics.zones());
    subscriptions.add(topics.gateways("status"));
    subscriptions.add(topics.gateways("info"));
    discovery.map(Discovery::birthTopic).ifPresent(subscriptions::add);
    return new BrokerSession.Settings(
        of.broker(),
        "starling-gateway-" + of.site() + "-" + of.gateway(),
        of.login(),
        Optional.of(new Message(statusTopic, Payloads.status(false), 1, true)),
        subscriptions,
        Optional.empty(),
        HEARD_MAX_BYTES,
        IN_FLIGHT_MAX + 1,
        STALL_MILLIS,
        CHECK_SECONDS);
  }

  /**
   * What became of messages since the start.
   *
   * @param kept answers and events that came to be on disk
   * @param known answers that were no news
   * @param published acknowledged by the broker
   * @param lost neither on disk nor sent, since the disk takes nothing and the broker is away
   * @param refused deliveries that can't be published: their names are no topic, or too many
   */
  public record Counts(long kept, long known, long published, long lost, long refused) {}

  /** Begins to connect, and returns at once. */
  public void open() {
    outbox.start(new Keeper());
    session.open();
    tick();
  }

  /** Whether the broker is there. */
  public boolean isUp() {
    return session.isUp();
  }

  /** What was published so far. */
  public Counts counts() {
    synchronized (lock) {
      return new Counts(kept, known, published, lost, refused);
    }
  }

  /** What waits on disk. */
  public Stock stock() {
    return outbox.stock();
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
   * Says {@code offline} (or lets the will say it), and ends the connection and its threads. What
   * was not acknowledged stays on disk. Idempotent.
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
    outbox.close();
  }

  // ---- what comes from the node

  private void take(Delivery delivery) {
    switch (delivery) {
      case Delivery.SampleDue _, Delivery.Inquired _ -> {}
      case Delivery.Result result -> take(result);
      case Delivery.Latest latest -> take(latest);
      case Delivery.NodeState node -> take(node);
      case Delivery.Health health ->
          retain(
              topics.node(health.node(), "health"),
              Payloads.health(health, waiting(), outbox.stock()));
      case Delivery.Timing timing -> tell("timing", _ -> Payloads.timing(timing));
      case Delivery.Warning(String kind, String subject, String text) ->
          tell("warning", now -> Payloads.told(kind, subject, text, now));
      case Delivery.Notice(String kind, String subject, String text) ->
          tell("notice", now -> Payloads.told(kind, subject, text, now));
      case Delivery.InForce(Charter charter) -> tidy(charter);
    }
  }

  private void take(Delivery.Result result) {
    String topic = topics.zone(result.zone(), result.query());
    byte[] payload = Payloads.result(result);
    Rank rank = Rank.of(result);
    boolean waiting = shelf.isDue(topic);
    Shelf.Verdict verdict = shelf.put(topic, payload, rank);
    switch (verdict) {
      case FULL -> refuse("more than " + Shelf.TOPICS_MAX + " topics");
      case DROP -> known++;
      case RETAIN, TELL -> {
        if (verdict == Shelf.Verdict.RETAIN) {
          shelf.hold(topic);
          remembered.add(topic);
          stirIf(waiting);
          announce(result, topic);
        }
        if (rivals.hold(result.zone())) {
          introduce();
        }
        outbox.put(entry(topic, rank, payload));
      }
    }
  }

  private void announce(Delivery.Result result, String topic) {
    if (discovery.isPresent() && publishes(result.zone())) {
      discovery.get().answer(result, topic).ifPresent(this::announce);
    }
  }

  private void take(Delivery.Latest latest) {
    String topic = topics.node(latest.node(), "latest");
    retain(topic, Payloads.latest(latest));
    if (discovery.isPresent() && publishes(latest.node())) {
      List<String> all =
          List.of(
              topic, topics.node(latest.node(), "status"), topics.node(latest.node(), "health"));
      discovery.get().latest(latest, all, windowMillis).ifPresent(this::announce);
    }
  }

  /** Whether no other gateway goes before this one in a zone, or in a node's. */
  private boolean publishes(String path) {
    return rivals.before(path) == 0 && rivals.before(path.substring(0, path.lastIndexOf('/'))) == 0;
  }

  private void announce(Discovery.Config config) {
    if (config.payload().length == 0) {
      shelf.clear(config.topic());
      outbox.know(config.topic(), "");
    } else {
      retain(config.topic(), config.payload());
      outbox.know(config.topic(), config.path());
    }
  }

  private void take(Delivery.NodeState node) {
    boolean online = node.state() != Delivery.State.GONE;
    retain(topics.node(node.node(), "status"), Payloads.status(online));
    tell("node", now -> Payloads.node(node, now));
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
    if (rivals.leave(charter::excludes)) {
      introduce();
    }
    charter.site().ifPresent(site -> windowMillis = site.windowMillis());
    discovery.ifPresent(announced -> announced.inForce(charter).forEach(this::announce));
  }

  /** Home Assistant has started, or this gateway may be another's successor. */
  private void announceAgain() {
    synchronized (lock) {
      discovery.ifPresent(announced ->
          announced.topics().stream()
              .filter(topic -> publishes(announced.path(topic)))
              .forEach(shelf::again));
    }
    pump();
  }

  private void tell(String kind, LongFunction<byte[]> payload) {
    outbox.put(event(kind, payload.apply(clock.millis())));
  }

  private Entry event(String kind, byte[] payload) {
    long number = outbox.nextEvent();
    return Entry.event(
        topics.event(kind), number, Payloads.stamped(payload, settings.gateway(), number));
  }

  private static Entry entry(String topic, Rank rank, byte[] payload) {
    return new Entry(
        topic, rank.endMillis(), rank.lengthMillis(), rank.reported(), rank.revision(), payload);
  }

  private static Rank rank(Entry entry) {
    return new Rank(
        entry.number() - entry.lengthMillis(), entry.number(), entry.reported(), entry.revision());
  }

  private void restore() {
    outbox
        .known()
        .forEach((topic, words) -> {
          if (topics.path(topic).isPresent()) {
            shelf.restore(topic, words);
          } else {
            discovery.filter(d -> d.isConfig(topic)).ifPresent(d -> d.restore(topic, words));
          }
        });
    for (Entry entry : outbox.newest()) {
      shelf.restore(entry.topic(), entry.payload(), rank(entry));
    }
  }

  private void introduce() {
    shelf.put(
        infoTopic,
        Payloads.info(
            settings.gateway(),
            settings.version(),
            startedMillis,
            rivals.publishes(),
            rivals.standsBy()));
  }

  /** How many messages the broker has not been sent yet, besides those on disk only. */
  private int waiting() {
    return alerts.size() + shelf.waiting() + inFlight;
  }

  private void refuse(String why) {
    synchronized (lock) {
      if (refused++ > 0) {
        return;
      }
    }
    LOG.log(Level.WARNING, "not published, and further ones are counted only: {0}", why);
  }

  // ---- what goes to the broker

  /** Publishes what is due, as far as the window of unacknowledged messages allows. */
  private void pump() {
    for (Parcel next = next(); next != null; next = next()) {
      Parcel parcel = next;
      session.publish(parcel.message(), sent -> settled(parcel, sent));
    }
  }

  private @Nullable Parcel next() {
    synchronized (lock) {
      if (!up || paused || inFlight >= IN_FLIGHT_MAX) {
        return null;
      }
      long now = System.nanoTime();
      Parcel next = alerts.next().map(event -> Parcel.event(Parcel.Lane.ALERT, event)).orElse(null);
      if (next == null) {
        next = shelf.next(!listening, now).map(this::shelved).orElse(null);
      }
      if (next == null && !listening) {
        next = nextLate(now);
      }
      inFlight += next == null ? 0 : 1;
      return next;
    }
  }

  private Parcel shelved(Message message) {
    Rank rank = shelf.newest(message.topic());
    return new Parcel(
        Parcel.Lane.SHELF,
        message,
        Optional.ofNullable(rank).map(of -> entry(message.topic(), of, message.payload())));
  }

  private @Nullable Parcel nextLate(long now) {
    for (Optional<Entry> next = late.next(now); next.isPresent(); next = late.next(now)) {
      Entry entry = next.get();
      if (isLive(entry)) {
        continue;
      }
      if (isOthers(entry, now)) {
        late.stir();
        continue;
      }
      late.sending(entry);
      return Parcel.event(Parcel.Lane.LATE, entry);
    }
    return null;
  }

  private boolean isLive(Entry entry) {
    return entry.isEvent() ? alerts.has(entry) : shelf.isDue(entry.topic(), entry.number());
  }

  /** Whether another gateway goes before this one and is just bringing what is late. */
  private boolean isOthers(Entry entry, long now) {
    return now - othersNanos < OTHERS_NANOS && !entry.isEvent() && before(entry.topic()) > 0;
  }

  private int before(String topic) {
    return topics.path(topic).map(rivals::before).orElse(0);
  }

  private void settled(Parcel parcel, boolean sent) {
    synchronized (lock) {
      inFlight--;
      switch (parcel.lane()) {
        case ALERT -> stirIf(alerts.settled(parcel.kept().orElseThrow(), sent));
        case LATE -> late.settled(sent);
        case SHELF -> {
          if (shelf.settled(parcel.message().topic(), sent)) {
            remembered.remove(parcel.message().topic());
          }
          stirIf(!sent); // something newer may have come meanwhile
        }
      }
      if (sent) {
        published++;
        parcel.kept().ifPresent(this::done);
      } else if (!paused) {
        paused = true;
        session.later(RETRY_MILLIS, this::resume);
      }
    }
    pump();
  }

  private void stirIf(boolean late) {
    if (late) {
      this.late.stir();
    }
  }

  private void done(Entry entry) {
    outbox.done(entry, entry.isEvent() ? "" : shelf.known(entry.topic()));
  }

  private void resume() {
    synchronized (lock) {
      paused = false;
    }
    pump();
  }

  /** For what waits for others, or for the rate of late messages. */
  private void tick() {
    session.later(TICK_MILLIS, this::tick);
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

  // ---- what comes from the outbox

  private final class Keeper implements Outbox.Owner {
    @Override
    public void kept(List<Entry> entries, boolean onDisk) {
      synchronized (lock) {
        long now = System.nanoTime();
        for (Entry entry : entries) {
          kept(entry, onDisk, now);
        }
        kept += onDisk ? entries.size() : 0;
      }
      pump();
    }

    private void kept(Entry entry, boolean onDisk, long now) {
      boolean live =
          entry.isEvent()
              ? alerts.add(entry, onDisk)
              : shelf.release(entry.topic(), rank(entry), notBefore(entry, now));
      if (!live && onDisk) {
        late.stir();
      } else if (!live && !alerts.add(entry, false)) {
        lost++;
      }
    }

    private long notBefore(Entry entry, long now) {
      int halves = Math.min(before(entry.topic()), PATIENCE_MAX_HALVES);
      return now + TimeUnit.MILLISECONDS.toNanos(halves * entry.lengthMillis() / 2);
    }

    @Override
    public void late(Page page) {
      synchronized (lock) {
        late.came(page);
      }
      pump();
    }

    @Override
    public Entry event(Gap gap) {
      return Upstream.this.event("gap", Payloads.gap(gap));
    }

    @Override
    public void warn(String text) {
      accept(new Delivery.Warning("outbox", settings.gateway(), text));
    }
  }

  // ---- what comes from the broker

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
        long now = System.nanoTime();
        if (retained) {
          heardNanos = now;
        }
        Optional<String> gateway = topics.gatewayOf(topic);
        if (discovery.filter(d -> d.birthTopic().equals(topic)).isPresent()) {
          session.later(
              ThreadLocalRandom.current().nextLong(BIRTH_PAUSE_MILLIS),
              Upstream.this::announceAgain);
        } else if (gateway.isEmpty()) {
          shelf.heard(topic, payload).ifPresent(rank -> isThere(topic, rank, now));
        } else if (gateway.get().equals(settings.gateway())) {
          if (topic.equals(statusTopic) && isOffline(payload)) {
            shelf.again(statusTopic); // the last words of an earlier connection
          }
        } else {
          heardOf(gateway.get(), topic, payload, now);
        }
      }
    }

    private void isThere(String topic, Rank rank, long now) {
      if (!late.sentLately(topic, rank.endMillis())) {
        Rank newest = shelf.newest(topic);
        if (newest != null && rank.endMillis() < newest.endMillis()) {
          othersNanos = now;
        }
        late.stir();
        done(entry(topic, rank, new byte[0]));
      }
    }

    private void heardOf(String gateway, String topic, byte[] payload, long now) {
      if (rivals.heard(gateway, topic.substring(topic.lastIndexOf('/') + 1), payload)) {
        introduce();
        session.later(0, Upstream.this::announceAgain);
        shelf.hurry(now);
        late.stir();
      }
    }
  }

  private static boolean isOffline(byte[] payload) {
    return Arrays.equals(payload, Payloads.status(false));
  }
}
