package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.charter.CharterSpread;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.engine.Statistics;
import starling.frame.FrameHeader;
import starling.inquiry.Inquiries;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Reception;
import starling.membership.Membership;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.NetworkTime;
import starling.model.Page;
import starling.model.Self;
import starling.zone.Zone;

/**
 * One running node: an engine, the thread that drives it, its links, its sensors and its durable
 * log.
 *
 * <p>All inputs reach the engine through one bounded queue and one thread. Whoever hands one in
 * never waits, so that no link's thread can wait for the engine while the engine waits for it: the
 * lower half of the queue takes frames (what does not fit is dropped: the next ones say it better),
 * and the upper half holds more than all else that can be under way. Persisting is done on the
 * engine's thread too: nothing may be said before a record is on disk anyway. Sensors are read on
 * their own thread, since they may block.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Node.class.getName());
  private static final int INPUTS_MAX = 1024;
  private static final int FRAMES_MAX = 512;
  private static final int BATCH_MAX = 64;
  private static final int STRANGER = -1;
  private static final int SAMPLES_DUE_MAX = 4;
  private static final long SYSTEM_TIME_EVERY_NANOS = 10_000_000_000L;
  private static final long WAIT_MAX_NANOS = SYSTEM_TIME_EVERY_NANOS;
  private static final long STATISTICS_EVERY_NANOS = 1_000_000_000L;
  private static final long CHARTER_EVERY_NANOS = 2_000_000_000L;
  private static final long LEAVING_LOOK_NANOS = 100_000_000L;
  private static final long HEALTH_EVERY_NANOS = 60_000_000_000L;
  private static final long JOIN_MILLIS = 2_000;

  private final NodeSettings settings;
  private final Charter charter; // when it began
  private final NodeSettings.Place place;
  private final Consumer<Delivery> owner;
  private final Journal journal;
  private final SensorRack sensors;
  private final Optional<StatusFile> status;
  private final Checkup checkup = new Checkup();
  private final CharterFile charterFile;
  private final List<Link> links;
  private final List<Ear> ears = new ArrayList<>();
  private final Signals signals = new Signals();
  private final BlockingQueue<Runnable> inputs = new ArrayBlockingQueue<>(INPUTS_MAX);
  private final BlockingQueue<Long> samplesDue = new ArrayBlockingQueue<>(SAMPLES_DUE_MAX);
  private final List<Journal.Entry> unwritten = new ArrayList<>();
  private final List<Long> unwrittenIds = new ArrayList<>();
  private final Engine engine;
  private final Thread engineThread = Thread.ofPlatform().name("engine").unstarted(this::run);
  private final Thread sensorThread =
      Thread.ofPlatform().name("sensors").daemon().unstarted(this::sense);
  private final Askers askers = new Askers();
  private final AtomicBoolean spoke = new AtomicBoolean();
  private final AtomicBoolean full = new AtomicBoolean();
  private volatile boolean running = true;
  private volatile long workedNanos = System.nanoTime();
  private volatile Statistics statistics = new Statistics(0, 0, 0, 0, 0, 0);
  private Reception reception = Reception.UNTOLD; // of the frame that the engine hears now
  private Charter inForce = Charter.EMPTY;
  private NodeSettings.@Nullable Place next; // where the charter has moved this node
  private boolean out; // of the roster
  private long systemTimeNanos = System.nanoTime() - SYSTEM_TIME_EVERY_NANOS;
  private long statisticsNanos = System.nanoTime() - STATISTICS_EVERY_NANOS;
  private long healthNanos = System.nanoTime();
  private long charterNanos = System.nanoTime();
  private long wakeNanos = System.nanoTime();
  private long statusNanos = System.nanoTime();
  private boolean sensorsSlow;
  private volatile @Nullable ControlSocket control;

  private Node(
      NodeSettings settings,
      Journal journal,
      SensorRack sensors,
      Consumer<Delivery> owner,
      Optional<StatusFile> status)
      throws ConfigurationException, IOException {
    this.status = status;
    this.settings = settings;
    this.journal = journal;
    this.sensors = sensors;
    this.owner = owner;
    this.charter = newestCharter();
    this.place = settings.place(charter);
    this.charterFile = new CharterFile(settings.charterFile());
    this.links = Links.of(settings, place);
    settings.links().forEach(link -> ears.add(new Ear(ears.size(), link.name())));
    RandomGenerator random = new SplittableRandom(System.nanoTime() ^ settings.id().bits());
    List<LinkProfile> profiles = links.stream().map(Link::profile).toList();
    Zone zone = new Zone(profiles);
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
                zone,
                new Inquiries(zone, profiles)),
            profiles,
            random,
            new Effector());
    journal.entries().forEach((key, value) -> engine.restore(key.protocol(), key.key(), value));
  }

  /**
   * Opens a node's state and sensors, and begins to run it. If its log fails later, or its engine
   * has a fault, or the charter moves it to another place, it ends the process with status 1: the
   * supervisor starts it as another boot.
   *
   * @param owner is told every delivery, on the engine's thread: it must not block
   */
  public static Node start(NodeSettings settings, Consumer<Delivery> owner)
      throws ConfigurationException, IOException {
    return start(settings, owner, Optional.empty());
  }

  /**
   * The same.
   *
   * @param status where to say how the node is
   */
  static Node start(NodeSettings settings, Consumer<Delivery> owner, Optional<StatusFile> status)
      throws ConfigurationException, IOException {
    SensorRack sensors = SensorRack.open(settings.sensors());
    Journal journal = null;
    try {
      journal = Journal.open(settings.state());
      Node node = new Node(settings, journal, sensors, owner, status);
      if (journal.tornBytes() > 0) {
        String bytes = Long.toString(journal.tornBytes());
        LOG.log(Level.WARNING, "{0} bytes of an unfinished record were cut off the log", bytes);
      }
      node.begin();
      return node;
    } catch (ConfigurationException | IOException | RuntimeException e) {
      sensors.close();
      if (journal != null) {
        journal.close();
      }
      throw e;
    }
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

  private void begin() {
    put(() -> engine.start(System.nanoTime()));
    engineThread.start();
    sensorThread.start();
    String root = settings.charter().path(Page.ROOT).orElse("/");
    control =
        ControlSocket.open(
            settings.state(), root, said -> put(() -> engine.say(said, System.nanoTime())));
    for (int i = 0; i < links.size(); i++) {
      links.get(i).open(ears.get(i));
    }
  }

  /** This node's path: {@code /orchard/north/n17}. */
  public String path() {
    return path(charter, place);
  }

  private static String path(Charter of, NodeSettings.Place place) {
    return of.path(place.cell().zone()).orElse("") + "/" + place.member().name();
  }

  /** How long ago the engine has done something; safe from any thread. */
  long idleNanos() {
    return System.nanoTime() - workedNanos;
  }

  /** What was counted until a second ago; safe from any thread. */
  public Statistics statistics() {
    return statistics;
  }

  // ---- from any thread

  /** Gives the node a signed page; it takes what the operator signed and is newer. */
  public void take(byte[] signedPage) {
    put(() -> engine.say(new Local.SignedPage(signedPage), System.nanoTime()));
  }

  /**
   * Asks for the rows inside any zone of the site.
   *
   * @param zone its path, such as {@code /orchard/north}; empty for the root
   * @param query a standing query's name; empty for all of them
   * @param patienceMillis when to give up, 1 s to 1 h
   * @param asker is told once what came of it, on the engine's thread: it must not block
   */
  public void ask(
      String zone, String query, long patienceMillis, Consumer<Delivery.Inquired> asker) {
    String path = zone.isEmpty() ? charter.path(Page.ROOT).orElse("/") : zone;
    Local.Inquiry inquiry = askers.ask(path, query, patienceMillis, asker);
    if (!put(() -> engine.say(inquiry, System.nanoTime()))) {
      String fault = "busy: this node does not keep up; ask again later";
      askers.tell(Delivery.Inquired.failed(inquiry.id(), path, Delivery.Outcome.BUSY, fault));
    }
  }

  /** Hands an input to the engine's thread; never waits. Answers whether there was room. */
  private boolean put(Runnable input) {
    boolean room = inputs.offer(input);
    if (!room && running && full.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "the engine does not keep up: inputs are dropped");
    }
    return room;
  }

  private void sense() {
    try {
      if (place.member().gateway()) {
        checkup.feelBoard();
      }
      while (running) {
        Long due = samplesDue.poll(HEALTH_EVERY_NANOS, TimeUnit.NANOSECONDS);
        if (due != null) {
          Local.Readings readings = sensors.read(due);
          put(() -> engine.say(readings, System.nanoTime()));
        } else if (place.member().gateway()) {
          checkup.feelBoard();
        }
      }
    } catch (InterruptedException e) {
      // closing
    }
  }

  // ---- the engine's thread

  private void run() {
    List<Runnable> batch = new ArrayList<>();
    try {
      while (running) {
        await(batch);
        batch.forEach(Runnable::run);
        batch.clear();
        ears.forEach(Ear::tell);
        work(System.nanoTime());
      }
    } catch (IOException e) {
      fail("the log can't be written", e);
    } catch (RuntimeException e) {
      fail("a fault in the engine", e);
    }
  }

  private void fail(String what, Exception e) {
    if (running) {
      LOG.log(Level.ERROR, "stopping: " + what, e);
      running = false;
      Stop.fail();
    }
  }

  /** Takes what has come in; waits for the first of it until the engine wants to be woken. */
  private void await(List<Runnable> batch) {
    long waitNanos = Math.clamp(wakeNanos - System.nanoTime(), 0, WAIT_MAX_NANOS);
    try {
      Runnable first = inputs.poll(waitNanos, TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        inputs.drainTo(batch, BATCH_MAX - 1);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread: it would close the log under it.
    }
  }

  private void work(long nowNanos) throws IOException {
    workedNanos = nowNanos;
    if (settings.systemClock() && nowNanos - systemTimeNanos >= SYSTEM_TIME_EVERY_NANOS) {
      systemTimeNanos = nowNanos;
      Instant now = Instant.now();
      long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
      engine.say(new Local.SystemTime(micros, settings.clockUncertaintyMicros()), nowNanos);
    }
    if (nowNanos - charterNanos >= CHARTER_EVERY_NANOS) {
      charterNanos = nowNanos;
      charterFile.news().forEach(page -> engine.say(new Local.SignedPage(page), nowNanos));
    }
    if (nowNanos >= wakeNanos) {
      engine.tick(nowNanos);
    }
    write();
    lookAtCharter(nowNanos);
    if (nowNanos - statisticsNanos >= STATISTICS_EVERY_NANOS) {
      statisticsNanos = nowNanos;
      statistics = engine.statistics(nowNanos);
    }
    if (status.isPresent() && nowNanos >= statusNanos) {
      statusNanos = nowNanos + StatusFile.EVERY_NANOS;
      status.get().write(portrait(nowNanos));
    }
    if (place.member().gateway() && nowNanos >= healthNanos && engine.facts().time().known()) {
      healthNanos = nowNanos + HEALTH_EVERY_NANOS;
      owner.accept(health(nowNanos));
    }
    wakeNanos = engine.nextWakeNanos(System.nanoTime());
    if (status.isPresent()) {
      wakeNanos = Math.min(wakeNanos, statusNanos);
    }
    if (next != null || out) {
      wakeNanos = Math.min(wakeNanos, nowNanos + LEAVING_LOOK_NANOS);
    }
  }

  /**
   * Whoever is moved leaves once its last contribution has been told, and goes on as a new boot.
   */
  private void lookAtCharter(long nowNanos) {
    Charter now = engine.facts().charter();
    if (!now.equals(inForce)) {
      inForce = now;
      next = settings.movedFrom(place, now).orElse(null);
      out = settings.isOut(now);
      owner.accept(new Delivery.InForce(now));
    }
    if (out && running && isSecondHalf(nowNanos)) {
      LOG.log(
          Level.ERROR,
          "stopping: {0} is not in the roster any more: this board was retired or replaced",
          path());
      running = false;
      Stop.fail();
    }
    if (next != null && running && isSecondHalf(nowNanos)) {
      LOG.log(
          Level.WARNING,
          "stopping: the charter has moved this node from {0} to {1}; started again, it is there",
          path(),
          path(now, next));
      running = false;
      Stop.fail();
    }
  }

  private boolean isSecondHalf(long nowNanos) {
    NetworkTime time = engine.facts().time();
    long windowMillis = inForce.site().map(Page.Site::windowMillis).orElse(1L);
    long lengthMillis = windowMillis << engine.facts().pace().exponent();
    return !time.known() || Math.floorMod(time.millis(nowNanos), lengthMillis) * 2 >= lengthMillis;
  }

  private StatusFile.Status portrait(long nowNanos) {
    List<Portrait.Medium> media =
        ears.stream()
            .map(ear -> new Portrait.Medium(settings.links().get(ear.link), ear.up, ear.reason))
            .toList();
    return Portrait.of(path(), engine, settings, media, nowNanos);
  }

  private Delivery.Health health(long nowNanos) {
    List<String> names = settings.links().stream().map(NodeSettings.LinkSettings::name).toList();
    List<LinkProfile> profiles = links.stream().map(Link::profile).toList();
    SortedMap<String, Integer> queues =
        new TreeMap<>(Map.of("inputs", inputs.size(), "samples", samplesDue.size()));
    return new Delivery.Health(
        path(),
        engine.facts().time().millis(nowNanos),
        Delivery.State.UP,
        engine.facts().self().generation(),
        Optional.empty(),
        Optional.of(checkup.vitals(engine, names, profiles, signals, queues, nowNanos)));
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

  /** Carries out what the engine wants. */
  private final class Effector implements Host {
    @Override
    public void send(
        int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
      links.get(link).send(frameId, to, permit, frame);
    }

    @Override
    public void believed(int link, FrameHeader header) {
      signals.heard(
          link, header.cell() == place.cell().zone() ? header.slot() : STRANGER, reception);
    }

    /** Adds what modems tell of a mate to what the engine knows of it. */
    private Delivery withSignal(Delivery delivery) {
      if (delivery instanceof Delivery.Health health && health.hearing().isPresent()) {
        Optional<Delivery.Signal> signal =
            engine.facts().charter().cell(place.cell().zone()).stream()
                .flatMap(cell -> cell.members().stream())
                .filter(mate -> health.node().endsWith("/" + mate.name()))
                .findFirst()
                .flatMap(mate -> signals.ofMate(mate.slot()));
        return health.with(health.hearing().get().with(signal));
      }
      return delivery;
    }

    @Override
    public void deliver(Delivery delivery) {
      switch (delivery) {
        case Delivery.SampleDue due -> {
          boolean slow = !samplesDue.offer(due.windowEndMillis());
          if (slow && !sensorsSlow) {
            LOG.log(Level.WARNING, "sensors are slow: windows go without readings");
          }
          sensorsSlow = slow;
        }
        case Delivery.Warning warning ->
            log(Level.WARNING, warning.kind(), warning.subject(), warning.text());
        case Delivery.Notice notice ->
            log(Level.INFO, notice.kind(), notice.subject(), notice.text());
        case Delivery.NodeState state ->
            LOG.log(
                Level.INFO,
                "{0} is {1}, generation {2}",
                state.node(),
                state.state().name().toLowerCase(Locale.ROOT),
                Long.toString(state.generation()));
        case Delivery.Result _,
            Delivery.Latest _,
            Delivery.Timing _,
            Delivery.Health _,
            Delivery.InForce _ -> {}
        case Delivery.Inquired inquired -> answer(inquired);
      }
      owner.accept(withSignal(delivery));
    }

    private void answer(Delivery.Inquired inquired) {
      ControlSocket asked = control;
      if (!askers.tell(inquired) && asked != null) {
        asked.answer(inquired);
      }
    }

    private void log(Level level, String kind, String subject, String text) {
      LOG.log(level, subject.isEmpty() ? "{0}: {2}" : "{0} {1}: {2}", kind, subject, text);
    }

    @Override
    public void persist(long id, int protocol, long key, byte[] value) {
      unwritten.add(new Journal.Entry(new Journal.Key(protocol, key), value));
      unwrittenIds.add(id);
    }
  }

  /** Hands what a link says to the engine's thread. */
  private final class Ear implements Link.Listener {
    private final int link;
    private final String name;
    private volatile boolean up;
    private volatile String reason = "not opened yet";
    private boolean told = true; // what an engine takes for granted

    Ear(int link, String name) {
      this.link = link;
      this.name = name;
    }

    @Override
    public void heard(byte[] frame, Reception told, long heardNanos) {
      if (running && inputs.size() < FRAMES_MAX) {
        put(() -> {
          reception = told;
          engine.heard(link, frame, heardNanos, System.nanoTime());
        });
      }
    }

    @Override
    public void left(long frameId, boolean left) {
      put(() -> engine.left(link, frameId, left, System.nanoTime()));
      if (left && spoke.compareAndSet(false, true)) {
        LOG.log(Level.INFO, "first frame after {0} ms", Long.toString(ProcessAge.millis()));
      }
    }

    @Override
    public void state(boolean now, String reason) {
      LOG.log(Level.INFO, "link {0} is {1}: {2}", name, now ? "up" : "down", reason);
      up = now;
      this.reason = reason;
      put(() -> {}); // wakes the engine's thread, which looks
    }

    /** On the engine's thread: what counts is how the link is, not how it came to be. */
    void tell() {
      boolean now = up;
      if (now != told) {
        told = now;
        statusNanos = System.nanoTime();
        engine.linkState(link, now, System.nanoTime());
        healthNanos = System.nanoTime();
      }
    }
  }

  /** Stops: nothing more is said, and everything said was durable. Idempotent. */
  @Override
  public synchronized void close() {
    running = false;
    put(() -> {});
    ControlSocket asked = control;
    if (asked != null) {
      asked.close();
    }
    sensorThread.interrupt();
    join(engineThread);
    status.ifPresent(StatusFile::delete);
    links.forEach(Link::close);
    join(sensorThread);
    try {
      sensors.close();
      journal.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "stopped, but: {0}", Refusals.describe(e));
    }
  }

  private static void join(Thread thread) {
    try {
      if (thread != Thread.currentThread()) {
        thread.join(JOIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
