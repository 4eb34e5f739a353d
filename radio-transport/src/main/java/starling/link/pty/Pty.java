package starling.link.pty;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master side of a pseudo-terminal: to the program that opens {@link #slave}, a serial port.
 *
 * <p>The line is raw from the start, so nothing is echoed before the other side sets it up. Nobody
 * having the slave open is no error: reading waits, writing drops. Closing the master is pulling
 * the plug: the other side gets an error at its next call. One thread may read; any may write or
 * close.
 */
public final class Pty implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
  private final MemorySegment outgoing = arena.allocate(BUFFER_BYTES);
  private final Poller poller;
  private final int file;
  private final Path slave;
  private @Nullable Path link;
  private boolean closed;

  /** Until when a poller leaves this out, having found that nobody has the slave open. */
  volatile long lookAgainNanos = System.nanoTime();

  private Pty(int file, Path slave) throws IOException {
    this.file = file;
    this.slave = slave;
    this.poller = new Poller();
  }

  /**
   * Makes a pseudo-terminal in raw mode.
   *
   * @throws IOException if the machine gives none
   */
  public static Pty open() throws IOException {
    int file = check("posix_openpt", Posix.openMaster());
    try {
      check("unlockpt", Posix.unlock(file));
      check("tcsetattr", Posix.makeRaw(file));
      String name = Posix.slaveName(file);
      // Opened once and closed, the line reports from the start that nobody has it open.
      Posix.close(check("open " + name, Posix.openSlave(name)));
      return new Pty(file, Path.of(name));
    } catch (IOException e) {
      Posix.close(file);
      throw e;
    }
  }

  /** The device that the other side opens, such as {@code /dev/pts/5}. */
  public Path slave() {
    return slave;
  }

  /**
   * Makes {@code path} a symbolic link to the slave, in place of an older link if there is one; it
   * goes when this closes, unless it was replaced.
   *
   * @throws IOException if it can't be made, or something other than a symbolic link stands there
   */
  public synchronized void linkAt(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path)) {
      throw new IOException(path + " exists and is no symbolic link: it is left as it is");
    }
    Path fresh = path.resolveSibling("." + path.getFileName() + "." + slave.getFileName());
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, slave);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    link = path;
  }

  /**
   * Reads what is there, after waiting for it if need be.
   *
   * @param timeoutMs the longest wait; 0 only looks
   * @return how many bytes, 0 if none came in time, -1 once this is closed
   */
  public int read(byte[] into, int timeoutMs) {
    int count = readNow(into);
    if (count != 0 || timeoutMs <= 0) {
      return count;
    }
    poller.await(List.of(this), timeoutMs);
    return readNow(into);
  }

  /**
   * Writes what the line takes at once and drops the rest, as a radio does whose host does not
   * listen. With nobody there, everything is dropped.
   *
   * @return how many bytes the line took
   */
  public synchronized int write(byte[] bytes) {
    int done = 0;
    while (done < bytes.length && !closed && opened()) {
      int part = Math.min(bytes.length - done, BUFFER_BYTES);
      MemorySegment.copy(bytes, done, outgoing, JAVA_BYTE, 0, part);
      int count = Posix.write(file, outgoing.asSlice(0, part));
      if (count <= 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  /** Whether some process has the slave open. */
  public synchronized boolean opened() {
    return !closed && !Posix.hungUp(file);
  }

  /** Pulls the plug, and takes the link away. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      unlink();
    }
    // Whoever waits in a read must find it closed, and be gone before the file is.
    poller.close();
    synchronized (this) {
      Posix.close(file);
      arena.close();
    }
  }

  /** The open file; -1 once closed, which {@code poll(2)} skips. */
  synchronized int file() {
    return closed ? -1 : file;
  }

  private synchronized int readNow(byte[] into) {
    if (closed) {
      return -1;
    }
    MemorySegment part = buffer.asSlice(0, Math.min(into.length, BUFFER_BYTES));
    int count = Posix.read(file, part);
    if (count > 0) {
      MemorySegment.copy(part, JAVA_BYTE, 0, into, 0, count);
    } else if (count < 0
        && count != -Posix.EAGAIN
        && count != -Posix.EIO
        && count != -Posix.EINTR) {
      throw new IllegalStateException("reading " + slave + ": errno " + -count);
    }
    return Math.max(0, count);
  }

  private void unlink() {
    try {
      if (link != null
          && Files.isSymbolicLink(link)
          && Files.readSymbolicLink(link).equals(slave)) {
        Files.delete(link);
      }
    } catch (IOException e) {
      System.getLogger(Pty.class.getName())
          .log(System.Logger.Level.WARNING, "the link " + link + " stays behind", e);
    }
  }

  private static int check(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException(
          "no pseudo-terminal: "
              + call
              + " gave errno "
              + -result
              + "; is /dev/pts mounted, and kernel.pty.max large enough?");
    }
    return result;
  }
}
