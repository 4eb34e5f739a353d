package starling.link.serial;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import starling.link.Link;

/**
 * The serial line while a link is open. One thread opens the port, looks for bytes, and opens it
 * again when it has gone; another writes, because a write may wait.
 */
final class Line {
  private static final int QUEUE_MAX = 4;

  /** While bytes come. Waking up is what costs, not looking: 60 us of CPU each time. */
  private static final int POLL_BUSY_MS = 5;

  /** The mean wait of 10 ms is what the radio profiles state as their delay. */
  private static final int POLL_QUIET_MS = 20;

  private static final long QUIET_AFTER_NANOS = 200_000_000L;
  private static final int BACKOFF_MIN_MS = 200;
  private static final int BACKOFF_MAX_MS = 5_000;
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int WATCH_MS = 2_000;
  private static final int CLOSE_WAIT_MS = 1_000;

  /** A packet of the slowest module takes less on the air. */
  private static final int BUSY_MAX_MS = 10_000;

  private static final int STACK_BYTES = 256 * 1024;

  /** Silence between two frames, so that a modem which packs by silence sends each by itself. */
  private static final int FRAME_GAP_MS = 10;

  /** A byte has a start bit, eight bits and a stop bit: milliseconds a byte at one baud. */
  private static final long BYTE_MS_BAUD = 10_000;

  private final String path;
  private final int baud;
  private final SerialPort.Opener opener;
  private final Link.Listener listener;
  private final Dialect dialect;
  private final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread reader;
  private final Thread writer;
  private String told = "";
  private @Nullable ModePins pinned;

  /** The open port, from when on it is read. */
  private volatile @Nullable SerialPort opened;

  /** The same, once the modem behind it is ready for frames. */
  private volatile @Nullable SerialPort port;

  private volatile SerialLink.Counters counters = new SerialLink.Counters(0, 0);
  private volatile boolean busy;
  private volatile long lookedNanos;
  private volatile boolean closed;

  private static final class Outgoing {
    final long frameId;
    final byte[] bytes;

    Outgoing(long frameId, byte[] bytes) {
      this.frameId = frameId;
      this.bytes = bytes;
    }
  }

  Line(String path, int baud, Dialect dialect, SerialPort.Opener opener, Link.Listener listener) {
    this.path = path;
    this.baud = baud;
    this.opener = opener;
    this.listener = listener;
    this.dialect = dialect;
    reader = thread("serial-read " + path, this::keepOpen);
    writer = thread("serial-write " + path, this::keepWriting);
  }

  private static Thread thread(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().stackSize(STACK_BYTES).unstarted(task);
  }

  void start() {
    reader.start();
    writer.start();
  }

  void send(long frameId, byte[] frame) {
    Outgoing outgoing = new Outgoing(frameId, dialect.encoded(frame));
    boolean taken = port != null && queue.offer(outgoing);
    // Closed meanwhile, the queue may have been emptied for the last time before this came in.
    if (!taken || (closed && queue.remove(outgoing))) {
      listener.left(frameId, false);
    }
  }

  SerialLink.Counters counters() {
    return counters;
  }

  /** Ends both threads; waits for them a second each at most. Idempotent. */
  void close() {
    closed = true;
    LockSupport.unpark(reader);
    writer.interrupt();
    for (Thread thread : List.of(reader, writer)) {
      try {
        if (thread != Thread.currentThread()) {
          thread.join(CLOSE_WAIT_MS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    refuseQueued();
  }

  private void keepOpen() {
    int backoffMs = BACKOFF_MIN_MS;
    while (!closed) {
      long beganNanos = System.nanoTime();
      String trouble = useUntilGone();
      if (!closed) {
        tell(false, trouble);
        boolean lasted = System.nanoTime() - beganNanos > BACKOFF_MAX_MS * NANOS_PER_MS;
        backoffMs = lasted ? BACKOFF_MIN_MS : backoffMs;
        LockSupport.parkNanos(backoffMs * NANOS_PER_MS);
        backoffMs = Math.min(2 * backoffMs, BACKOFF_MAX_MS);
      }
    }
  }

  /** Opens the port and reads it until it is gone; answers why it is. */
  private String useUntilGone() {
    try (SerialPort found = opener.open(path, baud)) {
      lookedNanos = System.nanoTime();
      opened = found;
      pinned = null;
      busy = false;
      dialect.begin(lookedNanos);
      readUntilGone(found);
      return path + " was closed";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } finally {
      opened = null;
      port = null;
      refuseQueued();
    }
  }

  private void readUntilGone(SerialPort from) throws IOException {
    long heardNanos = System.nanoTime() - QUIET_AFTER_NANOS;
    while (!closed) {
      converse(from);
      byte[] bytes = from.read();
      long nowNanos = System.nanoTime();
      lookedNanos = nowNanos;
      for (Heard heard : dialect.heard(bytes, nowNanos)) {
        listener.heard(heard.frame(), heard.reception(), heard.nanos());
      }
      if (bytes.length > 0) {
        heardNanos = nowNanos;
        counters = new SerialLink.Counters(dialect.frames(), dialect.garbageBytes());
      }
      boolean quiet = nowNanos - heardNanos > QUIET_AFTER_NANOS;
      LockSupport.parkNanos((quiet ? POLL_QUIET_MS : POLL_BUSY_MS) * NANOS_PER_MS);
    }
  }

  /** Says to the modem what it has to be told; the line is up once the modem is ready. */
  private void converse(SerialPort with) throws IOException {
    ModePins pins = dialect.pins();
    if (pins != null) {
      if (!pins.equals(pinned)) {
        with.pins(pins);
        pinned = pins;
      }
      busy = with.busy();
      dialect.busy(busy);
    }
    byte[] words = dialect.due(System.nanoTime());
    if (words.length > 0) {
      with.write(words);
    }
    if (port == null && dialect.ready()) {
      port = with;
      String modem = dialect.modem().isEmpty() ? "" : ": " + dialect.modem();
      tell(true, path + " is open at " + baud + " baud" + modem);
    }
  }

  private void tell(boolean up, String reason) {
    if (!reason.equals(told)) {
      told = reason;
      listener.state(up, reason);
    }
  }

  private void keepWriting() {
    long seenNanos = 0;
    long watchedNanos = System.nanoTime();
    while (!closed) {
      try {
        Outgoing next = queue.poll(WATCH_MS, TimeUnit.MILLISECONDS);
        if (next != null) {
          write(next);
        }
      } catch (InterruptedException e) {
        // Only close() interrupts, and has said so.
      }
      if (System.nanoTime() - watchedNanos > WATCH_MS * NANOS_PER_MS) {
        seenNanos = freeIfStuck(seenNanos);
        watchedNanos = System.nanoTime();
      }
    }
    refuseQueued();
  }

  private void write(Outgoing next) throws InterruptedException {
    boolean left = false;
    awaitIdle();
    SerialPort to = port;
    try {
      if (to != null) {
        to.write(next.bytes);
        left = true;
      }
    } catch (IOException e) {
      // If the port is gone, the reader finds it so and tells.
    }
    listener.left(next.frameId, left);
    if (left) {
      TimeUnit.MILLISECONDS.sleep(FRAME_GAP_MS + next.bytes.length * BYTE_MS_BAUD / baud);
    }
  }

  /** A module that is sending would put what comes now into the same packet, or cut it. */
  private void awaitIdle() throws InterruptedException {
    for (int waitedMs = 0; busy && waitedMs < BUSY_MAX_MS; waitedMs += POLL_BUSY_MS) {
      TimeUnit.MILLISECONDS.sleep(POLL_BUSY_MS);
    }
  }

  /**
   * A port that is pulled between counting its bytes and reading them keeps jSSC's reader in a loop
   * that only closing ends: a reader that has not looked since the last watch is freed that way.
   */
  private long freeIfStuck(long seenNanos) {
    SerialPort stuck = opened;
    if (stuck != null && lookedNanos == seenNanos) {
      stuck.close();
    }
    return lookedNanos;
  }

  private void refuseQueued() {
    for (Outgoing next = queue.poll(); next != null; next = queue.poll()) {
      listener.left(next.frameId, false);
    }
  }
}
