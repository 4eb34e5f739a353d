package starling.link.pty;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits for many pseudo-terminals at once, with one thread. A terminal that nobody has open reports
 * a hang-up without end; it is left out and looked at again every {@value #AWAY_MS} ms, so waiting
 * costs next to nothing either way.
 */
public final class Poller implements AutoCloseable {
  /** The most terminals that one call can wait for. */
  public static final int PTYS_MAX = 1024;

  private static final int AWAY_MS = 50;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment set =
      arena.allocate(Posix.POLLFD_BYTES * (PTYS_MAX + 1), Posix.POLLFD_BYTES);
  private final MemorySegment drain = arena.allocate(64);
  private final Object wakeLock = new Object();
  private final int[] pipe = new int[2];
  private volatile boolean closed;

  /**
   * Opens a poller.
   *
   * @throws IOException if the process has no file descriptors left
   */
  public Poller() throws IOException {
    int made = Posix.pipe(pipe);
    if (made < 0) {
      arena.close();
      throw new IOException(
          "no pipe to wake a poller: errno " + -made + "; raise the limit of open files");
    }
  }

  /**
   * Waits until a terminal has bytes to read, {@link #wake} or {@link #close} is called, or the
   * time is over.
   *
   * @param timeoutMs 0 only looks
   * @return the terminals that have bytes, in order; empty for any other reason
   */
  public synchronized List<Pty> await(List<Pty> ptys, int timeoutMs) {
    if (ptys.size() > PTYS_MAX) {
      throw new IllegalArgumentException("more than " + PTYS_MAX + " terminals: " + ptys.size());
    }
    long deadlineNanos = System.nanoTime() + timeoutMs * 1_000_000L;
    List<Pty> ready = new ArrayList<>();
    while (!closed) {
      long leftNanos = Math.max(0, deadlineNanos - System.nanoTime());
      boolean away = fill(ptys);
      int leftMs = (int) ((leftNanos + 999_999) / 1_000_000);
      Posix.poll(set, ptys.size() + 1, away ? Math.min(AWAY_MS, leftMs) : leftMs);
      collect(ptys, ready);
      if (!ready.isEmpty() || woken() || leftNanos == 0) {
        break;
      }
    }
    return ready;
  }

  /** Ends the present {@link #await}, or the next one. */
  public void wake() {
    synchronized (wakeLock) {
      if (!closed) {
        Posix.write(pipe[1], drain.asSlice(0, 1));
      }
    }
  }

  /** Ends a waiting {@link #await} and gives everything back. Idempotent. */
  @Override
  public void close() {
    synchronized (wakeLock) {
      if (closed) {
        return;
      }
      wake();
      closed = true;
    }
    synchronized (this) {
      Posix.close(pipe[0]);
      Posix.close(pipe[1]);
      arena.close();
    }
  }

  /** Writes the set; answers whether a terminal was left out because nobody has it open. */
  private boolean fill(List<Pty> ptys) {
    long nowNanos = System.nanoTime();
    boolean away = false;
    Posix.watch(set, 0, pipe[0]);
    for (int i = 0; i < ptys.size(); i++) {
      boolean skip = ptys.get(i).lookAgainNanos - nowNanos > 0;
      away |= skip;
      Posix.watch(set, i + 1, skip ? -1 : ptys.get(i).file());
    }
    return away;
  }

  private void collect(List<Pty> ptys, List<Pty> ready) {
    for (int i = 0; i < ptys.size(); i++) {
      int found = Posix.found(set, i + 1);
      if ((found & Posix.POLLIN) != 0) {
        ready.add(ptys.get(i));
      }
      if ((found & Posix.POLLHUP) != 0) {
        ptys.get(i).lookAgainNanos = System.nanoTime() + AWAY_MS * 1_000_000L;
      }
    }
  }

  private boolean woken() {
    boolean woken = false;
    while (Posix.read(pipe[0], drain) > 0) {
      woken = true;
    }
    return woken;
  }
}
