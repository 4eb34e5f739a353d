package starling.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of this process. A signal ends a JVM with a status of its own (143 for SIGTERM) once its
 * shutdown hooks have run; so ours waits until everything is closed, and then ends the process with
 * the status that it deserves.
 */
final class Stop {
  private static final System.Logger LOG = System.getLogger(Stop.class.getName());
  private static final int CLOSE_SECONDS = 10;
  private static final int UNUSED_SECONDS = 10;
  private static final CountDownLatch WANTED = new CountDownLatch(1);
  private static final CountDownLatch CLOSED = new CountDownLatch(1);
  private static final Thread HOOK = new Thread(Stop::hook, "shutdown");
  private static volatile int status;

  private Stop() {}

  /** Waits for a signal or {@link #fail}, or also for standard input to end. */
  static void await(boolean orStdinEnds) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(HOOK);
    if (orStdinEnds) {
      Thread.ofPlatform().name("stdin").daemon().start(Stop::drainStdin);
    }
    WANTED.await();
  }

  /** Everything is closed: the process may end. */
  static void done() {
    CLOSED.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(HOOK);
    } catch (IllegalStateException e) {
      // The hook is at work already.
    }
  }

  /** Ends the process as failed, so that its supervisor starts it again. Returns at once. */
  static void fail() {
    status = 1;
    Thread.ofPlatform().name("failed").daemon().start(() -> System.exit(1));
  }

  private static void hook() {
    WANTED.countDown();
    try {
      if (!CLOSED.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        status = 1;
      }
    } catch (InterruptedException e) {
      status = 1;
    }
    deleteUnpacked(Path.of(System.getProperty("java.io.tmpdir")));
    Runtime.getRuntime().halt(status);
  }

  /**
   * Halting leaves out what libraries ask the JVM to delete when it exits. The serial library's
   * loader unpacks native code into one of two directories that it makes, and never uses the other:
   * ours is the one whose file is mapped here, and what has been empty for long is nobody's.
   */
  private static void deleteUnpacked(Path temporary) {
    Instant unused = Instant.now().minusSeconds(UNUSED_SECONDS);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary, "nativelib-loader_*")) {
      String maps = Files.readString(Path.of("/proc/self/maps"));
      for (Path directory : found) {
        Path library = directory.resolve(System.mapLibraryName("jssc"));
        boolean ours = maps.contains(library.toString()) && Files.deleteIfExists(library);
        if (ours || Files.getLastModifiedTime(directory).toInstant().isBefore(unused)) {
          deleteIfEmpty(directory);
        }
      }
    } catch (IOException e) {
      // What stays is deleted by the loader's next user.
    }
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(directory)) {
      if (!inside.iterator().hasNext()) {
        Files.delete(directory);
      }
    }
  }

  private static void drainStdin() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // as good as its end
    }
    LOG.log(Level.INFO, "stopping: standard input has ended");
    WANTED.countDown();
  }
}
