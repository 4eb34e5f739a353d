package starling.link.serial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import starling.link.pty.Pty;

/** An XBee on a pseudo-terminal. */
final class EmulatedXbee implements AutoCloseable {
  private final XbeeModule module;
  private final Pty pty = Pty.open();
  private final Thread thread;
  private volatile boolean closed;

  EmulatedXbee(Path path, XbeeModule module) throws IOException {
    this.module = module;
    pty.linkAt(path);
    thread = Thread.ofPlatform().name("xbee " + path).daemon().start(this::run);
  }

  private void run() {
    byte[] buffer = new byte[1_024];
    while (!closed) {
      int count = Math.max(0, pty.read(buffer, 20));
      long nowMs = System.nanoTime() / 1_000_000;
      says(count > 0 ? module.obey(Arrays.copyOf(buffer, count), nowMs) : module.passes(nowMs));
    }
  }

  void says(byte[] bytes) {
    if (bytes.length > 0) {
      pty.write(bytes);
    }
  }

  /** Pulls the plug. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
