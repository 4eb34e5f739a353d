package starling.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Everything that has to be undone, newest first: when the demo is over, or from a shutdown hook
 * when it is interrupted. What fails to close does not keep the rest from it.
 */
final class Cleanup implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /** Takes over what was just opened; closes it at once if it comes too late. */
  synchronized <T extends AutoCloseable> T add(T opened) {
    open.push(opened);
    if (closed) {
      close();
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      AutoCloseable next = open.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.WARNING, "left behind: " + next, e);
      }
    }
  }
}
