package starling.gateway.sparkplug;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import starling.gateway.history.Point;
import starling.gateway.sink.Sink;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Message;
import starling.model.Delivery;
import starling.model.Names;

/**
 * A Sparkplug B edge node. What a node tells it knows at once, for its births; data it is given
 * from the history, as a {@link Sink}: while the broker or the primary host is away that refuses,
 * and data waits on disk. What is older than the newest of its kind is marked as historical.
 *
 * <p>One lock for all; {@code seq} and the order of messages are under it. Publishing never waits.
 */
public final class EdgeNode implements Sink, Consumer<Delivery> {
  /** Under which name points wait for it. */
  public static final String NAME = "sparkplug";

  private static final System.Logger LOG = System.getLogger(EdgeNode.class.getName());
  private static final String PREFIX = "spBv1.0/";
  private static final int SEQUENCE = 256;
  private static final int METRICS_A_MESSAGE = 100;
  private static final int HEARD_MAX_BYTES = 32 << 10;
  private static final long STALL_MILLIS = 30_000;
  private static final int CHECK_SECONDS = 5;
  private static final long REBIRTH_MILLIS = 1000;
  private static final long WRITE_MILLIS = 30_000;
  private static final long CLOSE_MILLIS = 2000;

  /** What is told so much later than its window's end was not told live. */
  private static final long LATE_MILLIS = 60_000;

  /**
   * Who it is, and where.
   *
   * @param brokers where to publish
   * @param site the group
   * @param gateway the edge node
   * @param host the primary host, if nothing is to be told while that is away
   * @param counter the file that {@code bdSeq} is kept in
   */
  public record Settings(
      Brokers brokers, String site, String gateway, Optional<String> host, Path counter) {
    public Settings {
      Names.check(site);
      Names.check(gateway);
      host.ifPresent(EdgeNode::host);
    }
  }

  /** Answers a host's id, or throws with what is allowed. */
  public static String host(String id) {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")) {
      throw new IllegalArgumentException("a host's id has no '/', '+' or '#': '" + id + "'");
    }
    return id;
  }

  /** Which of a source's points was told last. */
  private record Mark(long endMillis, long rank) {
    boolean covers(Point point) {
      return endMillis == point.endMillis() && rank >= point.rank();
    }
  }

  private final Settings settings;
  private final InstantSource clock;
  private final Object lock = new Object();
  private final BirthDeath birthDeath;
  private final PrimaryHost host;
  private final Namespace namespace;
  private final Map<Point.Source, Mark> newest = new HashMap<>();
  private final Map<Point.Source, Mark> told = new HashMap<>();
  private final Lane lane = new Lane(this::publish, this::broken);
  private volatile BrokerSession session;
  private boolean up;
  private boolean born;
  private boolean rebirthDue;
  private boolean closed;
  private int sequence;
  private long bornNanos;

  private EdgeNode(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.birthDeath = new BirthDeath(settings.counter());
    this.host = new PrimaryHost(settings.host());
    this.namespace = new Namespace(settings.site());
    this.session = session();
  }

  /** Begins to connect, and returns at once. */
  public static EdgeNode open(Settings settings, InstantSource clock) {
    EdgeNode node = new EdgeNode(settings, clock);
    node.session.open();
    return node;
  }

  private BrokerSession session() {
    List<String> subscriptions = new ArrayList<>();
    subscriptions.add(topic("NCMD"));
    subscriptions.add(topic("DCMD") + "/+");
    host.topic().ifPresent(subscriptions::add);
    return new BrokerSession(
        new BrokerSession.Settings(
            settings.brokers(),
            "starling-sparkplug-" + settings.site() + "-" + settings.gateway(),
            Optional.empty(),
            subscriptions,
            Optional.empty(),
            HEARD_MAX_BYTES,
            Lane.IN_FLIGHT_MAX + 1,
            STALL_MILLIS,
            CHECK_SECONDS),
        new Ears());
  }

  @Override
  public String name() {
    return NAME;
  }

  // ---- what the node tells

  /** Takes what a node tells; never blocks. */
  @Override
  public void accept(Delivery delivery) {
    synchronized (lock) {
      switch (delivery) {
        case Delivery.NodeState(String node, var state, long _) ->
            turn(node, state != Delivery.State.GONE);
        case Delivery.InForce(var charter) -> {
          namespace.forgetDevices(charter::excludes).forEach(this::deviceDies);
          newest.keySet().removeIf(source -> charter.excludes(source.path()));
          told.keySet().retainAll(newest.keySet());
          if (namespace.forgetZones(charter::excludes)) {
            rebirth();
          }
        }
        default -> Point.of(delivery).ifPresent(this::take);
      }
    }
  }

  private void turn(String node, boolean online) {
    if (namespace.online(node, online) && born) {
      String id = namespace.id(node);
      if (online) {
        deviceIsBorn(id, namespace.device(node).orElseThrow());
      } else {
        deviceDies(id);
      }
    }
  }

  private void take(Point point) {
    Mark known = newest.get(point.source());
    if (known == null || known.endMillis <= point.endMillis()) {
      newest.put(point.source(), new Mark(point.endMillis(), point.rank()));
    }
    namespace.take(point);
  }

  // ---- what the history gives

  @Override
  public void write(List<Point> points) throws IOException {
    synchronized (lock) {
      if (!born) {
        throw new IOException(
            up ? "the primary host " + settings.host().orElse("") + " is away" : "no connection");
      }
      points.forEach(this::take);
      bearWhatIsNew(points);
      Parcel parcel = null;
      for (Point point : points) {
        if (isNews(point)) {
          boolean past = isPast(point);
          if (parcel == null || !parcel.fits(point, past)) {
            send(parcel);
            parcel = new Parcel(point.source(), past);
          }
          parcel.metrics.addAll(namespace.metrics(point));
          if (!past) {
            told.put(point.source(), new Mark(point.endMillis(), point.rank()));
          }
        }
      }
      send(parcel);
    }
    try {
      if (!lane.drain(WRITE_MILLIS)) {
        throw new IOException("the connection ended meanwhile");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Metrics of one device, or of the edge node, for one message. */
  private static final class Parcel {
    private final Point.Source source;
    private final boolean past;
    private final List<Metric> metrics = new ArrayList<>();

    Parcel(Point.Source source, boolean past) {
      this.source = source;
      this.past = past;
    }

    boolean fits(Point point, boolean isPast) {
      boolean sameTarget =
          source.isZone() ? point.source().isZone() : source.equals(point.source());
      return sameTarget
          && past == isPast
          && metrics.size() + point.values().size() <= METRICS_A_MESSAGE;
    }
  }

  private boolean isNews(Point point) {
    Mark last = told.get(point.source());
    boolean known = last != null && last.covers(point);
    return !known
        && (point.source().isZone() || namespace.device(point.source().path()).isPresent());
  }

  private boolean isPast(Point point) {
    Mark last = newest.get(point.source());
    boolean superseded = last != null && last.endMillis > point.endMillis();
    return superseded || point.endMillis() < clock.millis() - point.spanMillis() - LATE_MILLIS;
  }

  /** A metric is in a birth before it is in data. */
  private void bearWhatIsNew(List<Point> points) {
    if (namespace.isDue()) {
      birth();
      return;
    }
    for (Point point : points) {
      namespace
          .device(point.source().path())
          .filter(Namespace.Device::isDue)
          .ifPresent(device -> deviceIsBorn(namespace.id(point.source().path()), device));
    }
  }

  private void send(@Nullable Parcel parcel) {
    if (parcel == null) {
      return;
    }
    long now = clock.millis();
    if (parcel.source.isZone()) {
      lane.add(said(topic("NDATA"), Payload.data(now, next(), parcel.metrics, parcel.past)));
      return;
    }
    String id = namespace.id(parcel.source.path());
    if (namespace.device(parcel.source.path()).filter(Namespace.Device::isOnline).isPresent()) {
      lane.add(
          said(topic("DDATA") + "/" + id, Payload.data(now, next(), parcel.metrics, parcel.past)));
    }
  }

  // ---- births and deaths

  /** Everything from the beginning, with the same {@code bdSeq}. */
  private void birth() {
    long now = clock.millis();
    lane.clear();
    sequence = 0;
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        new Metric(Payload.BIRTH_DEATH, now, new Metric.Value.Whole(birthDeath.current()), ""));
    metrics.add(new Metric(Payload.REBIRTH, now, new Metric.Value.Truth(false), ""));
    metrics.addAll(namespace.own());
    namespace.born();
    lane.add(said(topic("NBIRTH"), Payload.birth(now, next(), metrics)));
    namespace
        .devices()
        .forEach((id, device) -> {
          if (device.isOnline()) {
            deviceIsBorn(id, device);
          }
        });
    newest.forEach((source, mark) -> {
      if (source.isZone()) {
        told.put(source, mark);
      }
    });
    born = true;
    bornNanos = System.nanoTime();
  }

  private void deviceIsBorn(String id, Namespace.Device device) {
    lane.add(
        said(topic("DBIRTH") + "/" + id, Payload.birth(clock.millis(), next(), device.metrics())));
    device.born();
    Point.Source source = new Point.Source(device.path(), "");
    Mark mark = newest.get(source);
    if (mark != null) {
      told.put(source, mark);
    }
  }

  private void deviceDies(String id) {
    if (born) {
      lane.add(said(topic("DDEATH") + "/" + id, Payload.deviceDeath(clock.millis(), next())));
    }
  }

  /** As somebody wishes; not more often than once a second, and then once for all who wished. */
  private void rebirth() {
    long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - bornNanos);
    if (!born || rebirthDue) {
      return;
    }
    if (since >= REBIRTH_MILLIS) {
      birth();
    } else {
      rebirthDue = true;
      session.later(REBIRTH_MILLIS - since, this::wished);
    }
  }

  private void wished() {
    synchronized (lock) {
      rebirthDue = false;
      rebirth();
    }
  }

  /**
   * A message was not written: what followed it has numbers that the host can't follow. Told
   * wherever that shows, so all else is done later.
   */
  private void broken() {
    session.later(
        REBIRTH_MILLIS,
        () -> {
          synchronized (lock) {
            if (up && host.isThere()) {
              birth();
            }
          }
        });
  }

  private void publish(Message message, Consumer<Boolean> outcome) {
    session.publish(message, outcome::accept);
  }

  private Message death(long of) {
    return new Message(topic("NDEATH"), Payload.death(clock.millis(), of), 1, false);
  }

  private static Message said(String topic, byte[] payload) {
    return new Message(topic, payload, 0, false);
  }

  private String topic(String type) {
    return PREFIX + settings.site() + "/" + type + "/" + settings.gateway();
  }

  private int next() {
    int next = sequence;
    sequence = (sequence + 1) % SEQUENCE;
    return next;
  }

  // ---- the connection

  private final class Ears implements BrokerSession.Listener {
    @Override
    public Optional<Message> will() {
      synchronized (lock) {
        return Optional.of(death(birthDeath.next()));
      }
    }

    @Override
    public int subscriptionQos() {
      return 1;
    }

    @Override
    public void state(boolean connected, String reason) {
      LOG.log(connected ? Level.INFO : Level.WARNING, "sparkplug: {0}", reason);
      synchronized (lock) {
        up = connected;
        born = false;
        if (!connected) {
          host.forget(); // Not when it comes back: what is retained may be heard before.
          lane.clear();
        } else if (host.isThere()) {
          birth();
        }
      }
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      synchronized (lock) {
        if (topic.equals(host.topic().orElse(""))) {
          host.heard(payload);
          if (host.isThere() && up && !born) {
            birth();
          } else if (!host.isThere() && born) {
            leave();
          }
        } else if (topic.equals(topic("NCMD")) && !retained && Payload.wantsRebirth(payload)) {
          rebirth();
        }
      }
    }
  }

  /** The primary host is away: dies, and connects again to wait for it. */
  private void leave() {
    BrokerSession old = session;
    born = false;
    up = false;
    lane.clear();
    host.forget();
    Thread.ofVirtual()
        .name("sparkplug reconnect")
        .start(() -> {
          part(old);
          synchronized (lock) {
            if (!closed) {
              session = session();
              session.open();
            }
          }
        });
  }

  private void part(BrokerSession from) {
    var said = new CompletableFuture<Boolean>();
    from.publish(death(birthDeath.current()), said::complete);
    said.completeOnTimeout(false, CLOSE_MILLIS, TimeUnit.MILLISECONDS).join();
    from.close();
  }

  /** Says that it dies, and ends the connection. */
  @Override
  public void close() {
    BrokerSession last;
    synchronized (lock) {
      closed = true;
      born = false;
      lane.clear();
      last = session;
    }
    part(last);
  }
}
