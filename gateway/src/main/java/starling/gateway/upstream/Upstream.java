package starling.gateway.upstream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import starling.gateway.outbox.Entry;
import starling.gateway.outbox.Gap;
import starling.gateway.outbox.Outbox;
import starling.gateway.outbox.Page;
import starling.gateway.outbox.Stock;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Login;
import starling.link.mqtt.Message;
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
 * so that a gateway that was away replaces nothing newer than its own. While there are others it
 * goes on listening: what another gateway has published need not be published again, and where
 * others go before it ({@link Rivals}), it waits for them a while. Alone it hears no zone's
 * answers, as they would be its own words, at the price of as many bytes again.
 *
 * <p>When a newer charter has no such zone or node any more, what this gateway published of it,
 * also in earlier lives, is taken back: nothing is retained there.
 *
 * <p>{@link Intake} turns deliveries into messages, and {@link Dispatch} says which goes next. Here
 * are the connection and the one lock that both are under.
 */
public final class Upstream implements Consumer<Delivery>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Upstream.class.getName());
  private static final int HEARD_MAX_BYTES = 32 << 10;
  private static final long STALL_MILLIS = 30_000;
  private static final int CHECK_SECONDS = 5;
  private static final long RETRY_MILLIS = 200;
  private static final long QUIET_MILLIS = 300;
  private static final long LISTEN_MAX_MILLIS = 5_000;
  private static final long CLOSE_MILLIS = 2_000;
  private static final long TICK_MILLIS = 100;

  /** So that not all of a house's bridges speak at once when Home Assistant has started. */
  private static final long BIRTH_PAUSE_MILLIS = 2_000;

  /**
   * Who publishes where.
   *
   * @param brokers where: the first of them that is there
   * @param site the root zone's name
   * @param gateway this gateway's name, different from any other's on the site
   * @param version the program's
   * @param keeping what is kept until it is acknowledged
   * @param homeAssistant the prefix of Home Assistant's discovery topics; empty for no discovery
   */
  public record Settings(
      Brokers brokers,
      String site,
      String gateway,
      String version,
      Keeping keeping,
      Optional<String> homeAssistant) {
    public Settings {
      Names.check(site);
      Names.check(gateway);
    }

    /** With one broker that wants no certificate. */
    public Settings(
        URI broker,
        Optional<Login> login,
        String site,
        String gateway,
        String version,
        Keeping keeping,
        Optional<String> homeAssistant) {
      this(Brokers.at(broker, login), site, gateway, version, keeping, homeAssistant);
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
  private final String statusTopic;
  private final Holdings holdings;
  private final Dispatch dispatch;
  private final Intake intake;
  private final BrokerSession session;

  private final AtomicInteger pumps = new AtomicInteger();
  private final Object lock = new Object();
  private boolean up;
  private boolean paused;
  private boolean listening;
  private boolean hearing; // zones' answers
  private long listenNanos;
  private long heardNanos;

  /**
   * An upstream that is not open yet.
   *
   * @throws IOException when its outbox can't be used
   */
  public Upstream(Settings settings, InstantSource clock) throws IOException {
    this.settings = settings;
    long startedMillis = clock.millis();
    holdings = Holdings.open(settings, clock);
    statusTopic = holdings.topics().gateway(settings.gateway(), "status");
    dispatch = new Dispatch(holdings, settings.keeping().latePerSecond());
    intake = new Intake(settings, clock, startedMillis, holdings, dispatch);
    session = new BrokerSession(session(settings), new Ears());
  }

  private BrokerSession.Settings session(Settings of) {
    Topics topics = holdings.topics();
    List<String> subscriptions = new ArrayList<>();
    subscriptions.add(topics.zones());
    subscriptions.add(topics.gateways("status"));
    subscriptions.add(topics.gateways("info"));
    intake.birthTopic().ifPresent(subscriptions::add);
    return new BrokerSession.Settings(
        of.brokers(),
        "starling-gateway-" + of.site() + "-" + of.gateway(),
        Optional.of(new Message(statusTopic, Payloads.status(false), 1, true)),
        subscriptions,
        Optional.empty(),
        HEARD_MAX_BYTES,
        Dispatch.IN_FLIGHT_MAX + 1,
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
    holdings.outbox().start(new Keeper());
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
      return new Counts(
          dispatch.kept(), intake.known(), dispatch.published(), dispatch.lost(), intake.refused());
    }
  }

  /** What waits on disk. */
  public Stock stock() {
    return holdings.outbox().stock();
  }

  /** Whether no other gateway goes before this one where the whole site is published. */
  public boolean isFirst() {
    synchronized (lock) {
      return holdings.rivals().before("/" + settings.site()) == 0;
    }
  }

  /**
   * Publishes all that is to be retained once more, but for the zones in which another gateway goes
   * before this one, and may have said something newer; answers on how many topics.
   */
  public int announce() {
    int topics = 0;
    synchronized (lock) {
      for (String topic : holdings.shelf().topics()) {
        if (holdings.before(topic) == 0) {
          holdings.shelf().again(topic);
          topics++;
        }
      }
    }
    pump();
    return topics;
  }

  /** Takes what a node tells; returns at once. */
  @Override
  public void accept(Delivery delivery) {
    Consumer<Intake> spelled = Intake.spelled(delivery);
    synchronized (lock) {
      spelled.accept(intake);
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
    holdings.outbox().close();
  }

  // ---- what goes to the broker

  /**
   * Publishes what is due, as far as the window of unacknowledged messages allows. One thread at a
   * time, or two would take messages in their order and hand them over in another; who comes
   * meanwhile has that one look again.
   */
  private void pump() {
    if (pumps.getAndIncrement() > 0) {
      return;
    }
    for (int seen = 1; seen > 0; seen = pumps.addAndGet(-seen)) {
      for (Parcel next = next(); next != null; next = next()) {
        Parcel parcel = next;
        session.publish(parcel.message(), sent -> settled(parcel, sent));
      }
    }
  }

  private @Nullable Parcel next() {
    synchronized (lock) {
      return up && !paused ? dispatch.next(listening) : null;
    }
  }

  private void settled(Parcel parcel, boolean sent) {
    synchronized (lock) {
      dispatch.settled(parcel, sent);
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

  /** For what waits for others, or for the rate of late messages. */
  private void tick() {
    session.later(TICK_MILLIS, this::tick);
    pump();
  }

  private void listened() {
    synchronized (lock) {
      long now = System.nanoTime();
      if (now - heardNanos < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)
          && now - listenNanos < TimeUnit.MILLISECONDS.toNanos(LISTEN_MAX_MILLIS)) {
        session.later(QUIET_MILLIS, this::listened);
        return;
      }
      listening = false;
      if (holdings.rivals().none()) {
        hearing = false;
        session.ignore(holdings.topics().zones());
      }
    }
    pump();
  }

  /** Nothing of zones goes until what is retained of them has come. */
  private void listen() {
    hearing = true;
    listenNanos = System.nanoTime();
    heardNanos = listenNanos;
    if (!listening) {
      listening = true;
      session.later(QUIET_MILLIS, this::listened);
    }
  }

  // ---- what comes from the outbox

  private final class Keeper implements Outbox.Owner {
    @Override
    public void kept(List<Entry> entries, boolean onDisk) {
      synchronized (lock) {
        dispatch.kept(entries, onDisk);
      }
      pump();
    }

    @Override
    public void late(Page page) {
      synchronized (lock) {
        dispatch.came(page);
      }
      pump();
    }

    @Override
    public Entry event(Gap gap) {
      return intake.event("gap", Payloads.gap(gap));
    }

    @Override
    public String words(String topic) {
      synchronized (lock) {
        return holdings.shelf().known(topic);
      }
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
          listen();
        } else {
          // Not when it comes back: what is retained may be heard before we hear that we are up.
          holdings.shelf().allDue();
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
        Optional<String> gateway = holdings.topics().gatewayOf(topic);
        if (intake.birthTopic().filter(topic::equals).isPresent()) {
          session.later(
              ThreadLocalRandom.current().nextLong(BIRTH_PAUSE_MILLIS),
              Upstream.this::announceAgain);
        } else if (gateway.isEmpty()) {
          dispatch.heard(topic, payload, now);
        } else if (gateway.get().equals(settings.gateway())) {
          if (topic.equals(statusTopic) && isOffline(payload)) {
            holdings.shelf().again(statusTopic); // the last words of an earlier connection
          }
        } else {
          heardOf(gateway.get(), topic, payload, now);
        }
      }
    }

    private void heardOf(String gateway, String topic, byte[] payload, long now) {
      if (holdings.rivals().heard(gateway, topic.substring(topic.lastIndexOf('/') + 1), payload)) {
        if (!hearing && !holdings.rivals().none()) {
          session.hear(holdings.topics().zones());
          listen();
        }
        intake.introduce();
        session.later(0, Upstream.this::announceAgain);
        dispatch.hurry(now);
      }
    }
  }

  private void announceAgain() {
    synchronized (lock) {
      intake.announceAgain();
    }
    pump();
  }

  private static boolean isOffline(byte[] payload) {
    return Arrays.equals(payload, Payloads.status(false));
  }
}
