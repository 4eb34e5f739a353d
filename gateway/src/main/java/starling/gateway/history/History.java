package starling.gateway.history;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import starling.model.Delivery;

/**
 * Keeps the numbers of all that a node tells. Takes deliveries at any time and never blocks; a
 * thread of its own writes them, about once a second, and makes old ones coarser. What can't be
 * written now is tried again; when too much waits, the newest is left out, and that is said.
 */
public final class History implements Consumer<Delivery>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(History.class.getName());
  private static final int WAITING_MAX = 20_000;
  private static final int BATCH_MAX = 1000;
  private static final long BATCH_MILLIS = 1000;
  private static final long RETRY_MILLIS = 5000;
  private static final long CLOSE_MILLIS = 5000;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 24 * HOUR_MILLIS;
  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;

  /**
   * What is kept where.
   *
   * @param file which; what belongs to it is beside it
   * @param bytesMax of disk; when that is full, the oldest becomes coarser sooner, and is dropped
   *     at last
   * @param fullDays for how long each window is kept
   * @param quarterDays after what time quarters of an hour become hours
   * @param sinks for whom points wait until they are fetched ({@link Pending})
   */
  public record Settings(
      Path file, long bytesMax, int fullDays, int quarterDays, List<String> sinks) {
    /** For nobody else. */
    public Settings(Path file, long bytesMax, int fullDays, int quarterDays) {
      this(file, bytesMax, fullDays, quarterDays, List.of());
    }

    public Settings {
      sinks = List.copyOf(sinks);
      if (fullDays < 1 || quarterDays < fullDays) {
        throw new IllegalArgumentException("each window for a day at least, quarters for longer");
      }
    }
  }

  private volatile Settings settings;
  private final Consumer<Delivery> owner;
  private final BlockingQueue<Point> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder leftOut = new LongAdder();
  private final Thread writer = Thread.ofPlatform().name("history").daemon().unstarted(this::run);
  private volatile boolean open = true;
  private final LongAdder written = new LongAdder();
  private Archive archive;
  private long newestMillis;
  private long agedMillis;
  private boolean failing;

  private History(Settings settings, Archive archive, Consumer<Delivery> owner) {
    this.settings = settings;
    this.archive = archive;
    this.owner = owner;
  }

  /**
   * Opens it; a damaged file is set aside, and a new one begun.
   *
   * @param owner is told warnings, on the history's own thread
   * @throws IOException when there can be none
   */
  public static History open(Settings settings, Consumer<Delivery> owner) throws IOException {
    try {
      Files.createDirectories(settings.file().toAbsolutePath().getParent());
      History history = new History(settings, archive(settings, owner), owner);
      history.writer.start();
      return history;
    } catch (SQLException e) {
      throw new IOException(
          "can't keep a history in " + settings.file() + ": " + e.getMessage(), e);
    }
  }

  private static Archive archive(Settings settings, Consumer<Delivery> owner)
      throws SQLException, IOException {
    try {
      return Archive.open(settings.file(), settings.bytesMax());
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      setAside(settings.file());
      owner.accept(
          new Delivery.Warning(
              "history",
              settings.file().getFileName().toString(),
              "it was damaged and is set aside as "
                  + settings.file().getFileName()
                  + ".damaged; a new one was begun: "
                  + e.getMessage()));
      return Archive.open(settings.file(), settings.bytesMax());
    }
  }

  /** Takes what a node tells; what has no numbers is not for here. */
  @Override
  public void accept(Delivery delivery) {
    Point.of(delivery)
        .ifPresent(point -> {
          if (!waiting.offer(point)) {
            leftOut.increment();
          }
        });
  }

  /** Goes on with other limits and for other sinks, in the same file. */
  public void change(Settings next) {
    if (!next.file().equals(settings.file())) {
      throw new IllegalArgumentException("a history stays where it is");
    }
    settings = next;
  }

  /** How many answers and readings came to be in it since the start. */
  public long written() {
    return written.sum();
  }

  /** Where others can read it. */
  public Path file() {
    return settings.file();
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    open = false;
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- on the writer's thread

  private void run() {
    List<Point> batch = new ArrayList<>();
    try {
      while (open || !waiting.isEmpty()) {
        gather(batch);
        if (batch.isEmpty() || write(batch)) {
          batch.clear();
        } else {
          TimeUnit.MILLISECONDS.sleep(open ? RETRY_MILLIS : 0);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      shut();
    }
  }

  /** Waits for points, and then for a moment for more. */
  private void gather(List<Point> batch) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BATCH_MILLIS);
    long left = end - System.nanoTime();
    while (batch.size() < BATCH_MAX && (left > 0 && open || !waiting.isEmpty())) {
      Point next = waiting.poll(Math.max(0, Math.min(left, 100_000_000L)), TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
      }
      left = end - System.nanoTime();
    }
  }

  /** Whether all of it is there. */
  private boolean write(List<Point> batch) {
    Settings now = settings;
    try {
      for (Point point : batch) {
        archive.put(point, now.sinks());
        newestMillis = Math.max(newestMillis, point.endMillis());
      }
      archive.commit();
      written.add(batch.size());
      age(now);
      succeed();
      return true;
    } catch (SQLException e) {
      fail(e);
      return !open;
    }
  }

  private void age(Settings now) throws SQLException {
    if (newestMillis - agedMillis >= HOUR_MILLIS) {
      agedMillis = newestMillis;
      archive.limit(now.bytesMax());
      Ageing ageing = archive.ageing();
      ageing.roll(Ageing.Table.FULL, newestMillis - now.fullDays() * DAY_MILLIS);
      ageing.roll(Ageing.Table.QUARTERS, newestMillis - now.quarterDays() * DAY_MILLIS);
      archive.tidy();
      int givenUp = archive.giveUp(now.sinks());
      if (givenUp > 0) {
        warn(givenUp + " answers and readings that nobody fetched for " + now.sinks());
      }
    }
    while (archive.usedBytes() > now.bytesMax() && archive.ageing().shrink(newestMillis)) {
      // Until it fits.
    }
    archive.commit(); // what was looked at: nobody else could write meanwhile
  }

  private void succeed() {
    if (failing) {
      failing = false;
      long lost = leftOut.sumThenReset();
      warn("it is written again; " + lost + " answers and readings are missing in it");
    } else if (leftOut.sum() > 0) {
      warn("the disk is too slow: " + leftOut.sumThenReset() + " answers and readings are missing");
    }
  }

  private void fail(SQLException why) {
    try {
      archive.rollback();
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
    if (isDamage(why)) {
      shut();
      try {
        archive = archive(settings, owner);
        return;
      } catch (SQLException | IOException e) {
        why.addSuppressed(e);
      }
    }
    if (!failing) {
      failing = true;
      warn("it can't be written, and is tried again: " + why.getMessage());
    }
  }

  private void shut() {
    try {
      archive.close();
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "history: {0}", e.getMessage());
    }
  }

  private void warn(String text) {
    owner.accept(new Delivery.Warning("history", settings.file().getFileName().toString(), text));
  }

  private static boolean isDamage(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code == CORRUPT || code == NOT_A_DATABASE;
  }

  private static void setAside(Path file) throws IOException {
    for (String part : List.of("", "-wal", "-shm")) {
      Path from = file.resolveSibling(file.getFileName() + part);
      Path to = file.resolveSibling(file.getFileName() + ".damaged" + part);
      Files.deleteIfExists(to);
      if (Files.exists(from)) {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
