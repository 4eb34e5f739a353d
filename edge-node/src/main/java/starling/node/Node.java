package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import starling.charter.CharterSpread;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.engine.Statistics;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.mqtt.Login;
import starling.link.mqtt.MqttLink;
import starling.link.serial.SerialLink;
import starling.membership.Membership;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Self;
import starling.zone.Zone;

/**
 * One running node: an engine, the thread that drives it, its links, its sensors and its durable
 * log.
 *
 * <p>All inputs reach the engine through one bounded queue and one thread. When the queue is full,
 * frames are dropped (the next ones say it better), nothing else is. Persisting is done on that
 * thread too: the log's fsync is a few milliseconds and nothing may be said before it anyway.
 * Sensors are read on their own thread, since they may block.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Node.class.getName());
  private static final int INPUTS_MAX = 1024;
  private static final int FRAMES_MAX = 512;
  private static final long SYSTEM_TIME_EVERY_NANOS = 10_000_000_000L;
  private static final long CLOSE_MILLIS = 3_000;

  private final NodeSettings settings;
  private final NodeSettings.Place place;
  private final Consumer<Delivery> owner;
  private final Journal journal;
  private final SensorRack sensors;
  private final List<Link> links = new ArrayList<>();
  private final BlockingQueue<Runnable> inputs = new ArrayBlockingQueue<>(INPUTS_MAX);
  private final BlockingQueue<Long> samplesDue = new ArrayBlockingQueue<>(4);
  private final List<Journal.Entry> unwritten = new ArrayList<>();
  private final List<Long> unwrittenIds = new ArrayList<>();
  private final Engine engine;
  private final Thread engineThread;
  private final Thread sensorThread;
  private final long startedNanos = System.nanoTime();
  private volatile boolean running = true;
  private long firstFrameNanos = -1;
  private long systemTimeNanos = System.nanoTime() - SYSTEM_TIME_EVERY_NANOS;
  private long wakeNanos = System.nanoTime();
  private volatile Statistics statistics = new Statistics(0, 0, 0, 0, 0, 0);

  private Node(NodeSettings settings, Journal journal, SensorRack sensors, Consumer<Delivery> owner)
      throws ConfigurationException, IOException {
    this.settings = settings;
    this.journal = journal;
    this.sensors = sensors;
    this.owner = owner;
    Charter newest = newestCharter();
    this.place = settings.place(newest);
    for (NodeSettings.LinkSettings link : settings.links()) {
      links.add(link(link));
    }
    RandomGenerator random = new SplittableRandom(System.nanoTime() ^ settings.id().bits());
    List<LinkProfile> profiles = links.stream().map(Link::profile).toList();
    this.engine =
        new Engine(
            new Self(settings.id(), place.cell().zone(), place.member().slot(), 0),
            settings.charter(),
            settings.keyring(),
            List.of(
                new Clock(),
                new CharterSpread(
                    settings.operator(), settings.charter(), settings.signed(), random),
                new Membership(),
                new Zone(profiles)),
            profiles,
            random,
            new Effector());
    journal.entries().forEach((key, value) -> engine.restore(key.protocol(), key.key(), value));
    this.engineThread = Thread.ofPlatform().name("engine").unstarted(this::run);
    this.sensorThread = Thread.ofPlatform().name("sensors").daemon().unstarted(this::sense);
  }

  /**
   * Opens a node's state and sensors, and begins to run it.
   *
   * @param owner is told every delivery, on the engine's thread: it must not block
   */
  public static Node start(NodeSettings settings, Consumer<Delivery> owner)
      throws ConfigurationException, IOException {
    Journal journal = Journal.open(settings.state());
    if (journal.tornBytes() > 0) {
      LOG.log(
          Level.WARNING,
          "{0} bytes of a record that was never finished were cut off the log",
          journal.tornBytes());
    }
    SensorRack sensors = SensorRack.open(settings.sensors());
    Node node = new Node(settings, journal, sensors, owner);
    node.begin();
    return node;
  }

  /** The pages in the log are newer than the file's if the charter has spread since. */
  private Charter newestCharter() {
    Charter newest = settings.charter();
    for (Map.Entry<Journal.Key, byte[]> entry : journal.entries().entrySet()) {
      if (entry.getKey().protocol() == SectionType.CHARTER.code()) {
        newest = CharterSpread.merge(newest, entry.getValue(), settings.operator());
      }
    }
    return newest;
  }

  private Link link(NodeSettings.LinkSettings of) throws IOException {
    return switch (of) {
      case NodeSettings.LinkSettings.Serial serial ->
          new SerialLink(serial.port(), serial.baud(), serial.profile());
      case NodeSettings.LinkSettings.Mqtt mqtt -> {
        String site = settings.charter().site().orElseThrow().site();
        Address self = new Address(place.cell().zone(), place.member().slot());
        String client = "starling-" + settings.id() + "-" + Long.toHexString(startedNanos & 0xFFFF);
        yield new MqttLink(
            mqtt.broker(), client, login(mqtt), "starling-air/" + site, self, mqtt.profile());
      }
    };
  }

  private static Optional<Login> login(NodeSettings.LinkSettings.Mqtt mqtt) throws IOException {
    if (mqtt.user() == null) {
      return Optional.empty();
    }
    String password =
        mqtt.passwordFile() == null ? "" : Files.readString(mqtt.passwordFile()).strip();
    return Optional.of(new Login(mqtt.user(), password));
  }

  private void begin() {
    inputs.add(() -> engine.start(System.nanoTime()));
    engineThread.start();
    sensorThread.start();
    for (int i = 0; i < links.size(); i++) {
      links.get(i).open(new Ear(i, settings.links().get(i).name()));
    }
  }

  /** This node's path: {@code /orchard/north/n17}. */
  public String path() {
    return settings.charter().path(place.cell().zone()).orElse("") + "/" + place.member().name();
  }

  /** What was counted so far; safe from any thread. */
  public Statistics statistics() {
    return statistics;
  }

  // ---- the engine's thread

  private void run() {
    List<Runnable> batch = new ArrayList<>();
    try {
      while (running) {
        await(batch);
        for (Runnable input : batch) {
          input.run();
        }
        batch.clear();
        long now = System.nanoTime();
        if (settings.systemClock() && now - systemTimeNanos >= SYSTEM_TIME_EVERY_NANOS) {
          systemTimeNanos = now;
          tellSystemTime(now);
        }
        if (now >= wakeNanos) {
          engine.tick(now);
        }
        write();
        statistics = engine.statistics(now);
        wakeNanos = engine.nextWakeNanos(System.nanoTime());
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the log can't be written: {0}; stopping", e.getMessage());
      fail();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "stopping: a fault in the engine", e);
      fail();
    }
  }

  private void await(List<Runnable> batch) {
    long waitNanos = Math.max(0, wakeNanos - System.nanoTime());
    if (settings.systemClock()) {
      waitNanos = Math.min(waitNanos, SYSTEM_TIME_EVERY_NANOS);
    }
    try {
      Runnable first =
          inputs.poll(Math.min(waitNanos, TimeUnit.MINUTES.toNanos(1)), TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        inputs.drainTo(batch);
      }
    } catch (InterruptedException e) {
      running = false;
    }
  }

  private void tellSystemTime(long nowNanos) {
    java.time.Instant now = java.time.Instant.now();
    long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    engine.say(new Local.SystemTime(micros, settings.clockUncertaintyMicros()), nowNanos);
  }

  private void write() throws IOException {
    while (!unwritten.isEmpty()) {
      journal.append(unwritten);
      List<Long> ids = List.copyOf(unwrittenIds);
      unwritten.clear();
      unwrittenIds.clear();
      for (long id : ids) {
        engine.durable(id, System.nanoTime());
      }
    }
  }

  private void fail() {
    running = false;
    System.exit(1); // the supervisor starts us again, as another boot
  }

  private void sense() {
    try {
      while (running) {
        Local.Readings readings = sensors.read(samplesDue.take());
        put(() -> engine.say(readings, System.nanoTime()));
      }
    } catch (InterruptedException e) {
      // closing
    }
  }

  private void put(Runnable input) {
    try {
      inputs.put(input);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Carries out what the engine wants. */
  private final class Effector implements Host {
    @Override
    public void send(
        int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
      if (firstFrameNanos < 0) {
        firstFrameNanos = System.nanoTime();
        LOG.log(Level.INFO, "first frame after {0} ms", sinceJvmStartMillis());
      }
      links.get(link).send(frameId, to, permit, frame);
    }

    @Override
    public void deliver(Delivery delivery) {
      switch (delivery) {
        case Delivery.SampleDue due -> {
          if (!samplesDue.offer(due.windowEndMillis())) {
            LOG.log(Level.WARNING, "sensors are slow: no readings for a window");
          }
        }
        case Delivery.Warning warning ->
            LOG.log(
                Level.WARNING, "{0} {1}: {2}", warning.kind(), warning.subject(), warning.text());
        case Delivery.Notice notice ->
            LOG.log(Level.INFO, "{0} {1}: {2}", notice.kind(), notice.subject(), notice.text());
        case Delivery.NodeState state ->
            LOG.log(
                Level.INFO,
                "{0} is {1}, generation {2}",
                state.node(),
                state.state().name().toLowerCase(java.util.Locale.ROOT),
                Long.toString(state.generation()));
        case Delivery.Result _, Delivery.Latest _, Delivery.Timing _ -> {}
      }
      owner.accept(delivery);
    }

    @Override
    public void persist(long id, int protocol, long key, byte[] value) {
      unwritten.add(new Journal.Entry(new Journal.Key(protocol, key), value));
      unwrittenIds.add(id);
    }
  }

  private static long sinceJvmStartMillis() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> java.time.Duration.between(start, java.time.Instant.now()).toMillis())
        .orElse(-1L);
  }

  /** Hands what a link says to the engine's thread. */
  private final class Ear implements Link.Listener {
    private final int link;
    private final String name;

    Ear(int link, String name) {
      this.link = link;
      this.name = name;
    }

    @Override
    public void heard(byte[] frame, long heardNanos) {
      if (inputs.size() < FRAMES_MAX) {
        inputs.offer(() -> engine.heard(link, frame, heardNanos, System.nanoTime()));
      }
    }

    @Override
    public void left(long frameId, boolean left) {
      inputs.offer(() -> engine.left(link, frameId, left, System.nanoTime()));
    }

    @Override
    public void state(boolean up, String reason) {
      LOG.log(Level.INFO, "link {0} is {1}: {2}", name, up ? "up" : "down", reason);
      put(() -> engine.linkState(link, up, System.nanoTime()));
    }
  }

  /** Stops: nothing more is said, everything said was durable. Idempotent. */
  @Override
  public void close() {
    running = false;
    engineThread.interrupt();
    sensorThread.interrupt();
    links.forEach(Link::close);
    try {
      engineThread.join(CLOSE_MILLIS);
      journal.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the log did not close: {0}", e.getMessage());
    }
    sensors.close();
  }
}
