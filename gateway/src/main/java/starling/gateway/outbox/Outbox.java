package starling.gateway.outbox;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps messages on disk from before they are sent until the broker has acknowledged them. One
 * thread does all the writing, as many messages in one transaction as have come in meanwhile;
 * whoever hands one in never waits for the disk, and is told when it is there.
 *
 * <p>When it is full it thins out what it holds ({@link Thinning}), and names what is gone. While
 * the disk takes nothing, messages pass through unkept; a damaged file is set aside for a person to
 * look at, and a new one begun.
 */
public final class Outbox implements AutoCloseable {
  /** The least room that makes sense: some minutes of a few zones. */
  public static final long BYTES_MIN = 1 << 20;

  private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

  /** What may wait for the disk; what comes on top passes through unkept. */
  private static final int QUEUE_MAX = 8192;

  private static final long QUEUE_MAX_BYTES = 8 << 20;
  private static final int BATCH_MAX = 1024;
  private static final long LOOK_MILLIS = 1_000;

  /**
   * So long, what was acknowledged may wait for a transaction that is needed anyway: each costs a
   * wait for the disk. If the process dies meanwhile, that is sent once more.
   */
  private static final long SUPERFLUOUS_MILLIS = 250;

  private static final long CLOSE_MILLIS = 5_000;

  /** Thinning goes on until so much is free again, so that it is not needed for every message. */
  private static final double FULL_SHARE = 15.0 / 16;

  /** What share of its room may come before it is looked whether it is full. */
  private static final double LOOK_SHARE = 1.0 / 64;

  /**
   * Where it is, and how large it may grow.
   *
   * @param file without, it is in memory
   * @param bytesMax at least {@link #BYTES_MIN}
   */
  public record Settings(Optional<Path> file, long bytesMax) {
    public Settings {
      if (bytesMax < BYTES_MIN) {
        throw new IllegalArgumentException("an outbox has at least " + BYTES_MIN + " bytes");
      }
    }
  }

  /** Whom it tells, on its own thread; implementations may hand in further messages. */
  public interface Owner {
    /** These are on disk, or passed through unkept, since the disk does not take them. */
    void kept(List<Entry> entries, boolean onDisk);

    /** The answer to {@link #ask}. */
    void late(Page page);

    /** The event that names a gap. */
    Entry event(Gap gap);

    /** A few words to be remembered of a topic, asked about once a second; none if empty. */
    String words(String topic);

    /** Something that a person should know. */
    void warn(String text);
  }

  private sealed interface Operation {
    record Put(Entry entry) implements Operation {}

    record Done(Entry entry) implements Operation {}

    record Know(String topic, String words) implements Operation {}

    record Ask(long after, int max) implements Operation {}

    record Close() implements Operation {}

    /** Whether somebody waits for it. */
    default boolean isUrgent() {
      return !(this instanceof Done || this instanceof Know);
    }
  }

  private final Settings settings;
  private final BlockingQueue<Operation> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong event;
  private final List<Entry> newest;
  private final Map<String, String> known;
  private final List<Operation> undone = new ArrayList<>();

  /** What is to be known of topics: the last words count, written about once a second. */
  private final Map<String, String> words = new LinkedHashMap<>();

  /** Topics of which the owner has new words. */
  private final Set<String> told = new LinkedHashSet<>();

  private long wordsNanos = System.nanoTime();
  private final Intake intake = new Intake(System.nanoTime());
  private final Thread thread = Thread.ofPlatform().name("outbox").unstarted(this::run);
  private Store store;
  private Owner owner = new Nobody();
  private String damage = "";
  private boolean failing;
  private boolean gaps;
  private long newBytes; // since it was looked whether it is full
  private long lookNanos = System.nanoTime();
  private volatile Stock stock;

  private Outbox(Settings settings, InstantSource clock) throws IOException, SQLException {
    this.settings = settings;
    newBytes = settings.bytesMax();
    store = openOrReplace();
    event = new AtomicLong(Math.max(clock.millis(), store.lastEvent() + 1));
    newest = store.newest();
    known = store.known();
    gaps = !store.gaps().isEmpty();
    stock = new Stock(store.count(), store.usedBytes(), settings.bytesMax(), 0, true);
  }

  /**
   * Opens it.
   *
   * @throws IOException when it can't be: the directory is not writable, another process has it
   */
  public static Outbox open(Settings settings, InstantSource clock) throws IOException {
    try {
      Path directory = settings.file().map(Path::toAbsolutePath).map(Path::getParent).orElse(null);
      if (directory != null) {
        Files.createDirectories(directory);
      }
      return new Outbox(settings, clock);
    } catch (SQLException | FileSystemException e) {
      throw new IOException(
          "the outbox "
              + settings.file().map(Path::toString).orElse("in memory")
              + " can't be used: "
              + Damage.why(e),
          e);
    }
  }

  /** Each topic's newest answer that was not acknowledged in an earlier life. */
  public List<Entry> newest() {
    return newest;
  }

  /** What was to be remembered in earlier lives, by topic. */
  public Map<String, String> known() {
    return known;
  }

  /** Begins to work. */
  public void start(Owner owner) {
    this.owner = owner;
    thread.start();
  }

  /** A number that no event had before. */
  public long nextEvent() {
    return event.getAndIncrement();
  }

  /** Takes a message; returns at once. The owner is told when it is on disk. */
  public void put(Entry entry) {
    int bytes = entry.payload().length;
    if (queuedBytes.addAndGet(bytes) > QUEUE_MAX_BYTES || !queue.offer(new Operation.Put(entry))) {
      queuedBytes.addAndGet(-bytes);
      owner.kept(List.of(entry), false);
    }
  }

  /**
   * The broker has a message, so it need not be kept. Of a window's topic a few words of the
   * owner's are remembered instead.
   */
  public void done(Entry entry) {
    // One that does not fit is sent a second time, after the next start.
    boolean _ = queue.offer(new Operation.Done(entry));
  }

  /** Remembers a few words for a topic instead of others; nothing if they are empty. */
  public void know(String topic, String words) {
    boolean _ = queue.offer(new Operation.Know(topic, words));
  }

  /**
   * Asks for the next messages that are kept, in the order in which they came, once all that was
   * handed in before is done; whether that could be asked.
   *
   * @param after {@link Page#last} of the page before; 0 to begin with the oldest
   */
  public boolean ask(long after, int max) {
    return queue.offer(new Operation.Ask(after, max));
  }

  /** What is in it, as of about a second ago. */
  public Stock stock() {
    return stock;
  }

  /** Writes what was handed in, and ends. Idempotent. */
  @Override
  public void close() {
    boolean _ = queue.offer(new Operation.Close());
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    if (!damage.isEmpty()) {
      owner.warn(damage);
    }
    List<Operation> batch = new ArrayList<>();
    boolean open = true;
    while (open) {
      take(batch);
      work(batch);
      look();
      open = batch.stream().noneMatch(Operation.Close.class::isInstance);
      batch.clear();
    }
    try {
      store.close();
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "the outbox was not closed cleanly; nothing in it is lost", e);
    }
  }

  /** Takes what has come in; what only has become superfluous waits a while for more. */
  private void take(List<Operation> batch) {
    try {
      boolean urgent = take(batch, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SUPERFLUOUS_MILLIS);
      for (long left = 1; !urgent && left > 0 && batch.size() < BATCH_MAX; ) {
        left = until - System.nanoTime();
        urgent = take(batch, left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread.
    }
  }

  /** Whether any of what came within a time has to be done at once. */
  private boolean take(List<Operation> batch, long nanos) throws InterruptedException {
    int before = batch.size();
    Operation first = queue.poll(nanos, TimeUnit.NANOSECONDS);
    if (first == null) {
      return batch.isEmpty();
    }
    batch.add(first);
    queue.drainTo(batch, BATCH_MAX - batch.size());
    return batch.subList(before, batch.size()).stream().anyMatch(Operation::isUrgent);
  }

  private void work(List<Operation> batch) {
    boolean kept = write(batch);
    List<Entry> entries = new ArrayList<>();
    for (Operation operation : batch) {
      if (operation instanceof Operation.Put(Entry entry)) {
        entries.add(entry);
        intake.add(entry);
        queuedBytes.addAndGet(-entry.payload().length);
      }
    }
    if (!entries.isEmpty()) {
      owner.kept(entries, kept);
    }
    for (Operation operation : batch) {
      if (operation instanceof Operation.Ask(long after, int max)) {
        owner.late(page(after, max));
      }
    }
  }

  /** Whether it is on disk; what has become superfluous is tried again later otherwise. */
  private boolean write(List<Operation> batch) {
    SQLException why;
    try {
      attempt(batch);
      recovered();
      return true;
    } catch (SQLException e) {
      why = e;
    }
    try {
      repair(why);
      attempt(batch);
      recovered();
      return true;
    } catch (SQLException | IOException e) {
      undo();
      failed(e);
    }
    for (Operation operation : batch) {
      if (operation instanceof Operation.Done && undone.size() < QUEUE_MAX) {
        undone.add(operation);
      }
    }
    return false;
  }

  private void attempt(List<Operation> batch) throws SQLException {
    for (Operation operation : undone) {
      apply(operation);
    }
    for (Operation operation : batch) {
      apply(operation);
    }
    boolean now = wordsAreDue(batch);
    if (now) {
      know();
    }
    store.commit();
    undone.clear();
    if (now) {
      words.clear();
      told.clear();
      wordsNanos = System.nanoTime();
    }
    makeRoom();
  }

  private void know() throws SQLException {
    for (String topic : told) {
      String said = owner.words(topic);
      if (!said.isEmpty()) {
        words.put(topic, said);
      }
    }
    for (Map.Entry<String, String> topic : words.entrySet()) {
      store.know(topic.getKey(), topic.getValue());
    }
  }

  private boolean wordsAreDue(List<Operation> batch) {
    return System.nanoTime() - wordsNanos > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)
        || batch.stream().anyMatch(Operation.Close.class::isInstance);
  }

  private void apply(Operation operation) throws SQLException {
    switch (operation) {
      case Operation.Put(Entry entry) -> {
        store.put(entry);
        newBytes += entry.payload().length;
      }
      case Operation.Done(Entry entry) -> {
        store.done(entry);
        if (!entry.isEvent()) {
          told.add(entry.topic());
        }
      }
      case Operation.Know(String topic, String known) -> words.put(topic, known);
      case Operation.Ask _, Operation.Close _ -> {}
    }
  }

  private void makeRoom() throws SQLException {
    if (newBytes < settings.bytesMax() * LOOK_SHARE) {
      return;
    }
    newBytes = 0;
    if (store.usedBytes() <= settings.bytesMax()) {
      return;
    }
    Thinning thinning = store.thinning();
    while (store.usedBytes() > settings.bytesMax() * FULL_SHARE && thinning.thin()) {
      store.commit();
      gaps = true;
    }
  }

  /** Does what may help before another attempt; throws if nothing can. */
  private void repair(SQLException why) throws SQLException, IOException {
    undo();
    if (Damage.is(why)) {
      store.close();
      store = replace(why);
      owner.warn(damage);
    } else if (Damage.isFull(why)) {
      store.checkpoint();
      if (!store.thinning().thin()) {
        throw why;
      }
      store.commit();
      gaps = true;
    } else {
      throw why;
    }
  }

  private void undo() {
    try {
      store.rollback();
    } catch (SQLException e) {
      // Then there was nothing to undo.
    }
  }

  private void failed(Exception why) {
    if (!failing) {
      failing = true;
      String text =
          "the outbox can't be written, so that messages are lost if the broker goes away too: "
              + Damage.why(why)
              + settings.file().map(Damage::ofDisk).orElse("");
      LOG.log(Level.ERROR, text);
      owner.warn(text);
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.log(Level.INFO, "the outbox can be written again");
    }
  }

  private Page page(long after, int max) {
    try {
      if (undone.isEmpty()) {
        nameGaps();
        return store.page(after, max);
      }
    } catch (SQLException e) {
      try {
        repair(e);
      } catch (SQLException | IOException beyondRepair) {
        failed(beyondRepair);
      }
    }
    return new Page(List.of(), 0);
  }

  private void nameGaps() throws SQLException {
    if (gaps) {
      for (Gap gap : store.gaps()) {
        store.put(owner.event(gap));
      }
      store.forgetGaps();
      store.commit();
      gaps = false;
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (now - lookNanos < TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
      return;
    }
    lookNanos = now;
    double perDay = intake.bytesPerDay(now);
    try {
      stock = new Stock(store.count(), store.usedBytes(), settings.bytesMax(), perDay, !failing);
    } catch (SQLException e) {
      stock = new Stock(stock.messages(), stock.bytes(), settings.bytesMax(), perDay, false);
    }
  }

  private Store openOrReplace() throws IOException, SQLException {
    try {
      return Store.open(settings.file(), settings.bytesMax());
    } catch (SQLException e) {
      if (!Damage.is(e)) {
        throw e;
      }
      return replace(e);
    }
  }

  private Store replace(SQLException why) throws IOException, SQLException {
    damage = Damage.setAside(settings.file(), why);
    LOG.log(Level.ERROR, damage);
    return Store.open(settings.file(), settings.bytesMax());
  }

  /** Before it is started. */
  private static final class Nobody implements Owner {
    @Override
    public void kept(List<Entry> entries, boolean onDisk) {}

    @Override
    public void late(Page page) {}

    @Override
    public Entry event(Gap gap) {
      throw new IllegalStateException("not started");
    }

    @Override
    public String words(String topic) {
      return "";
    }

    @Override
    public void warn(String text) {}
  }
}
