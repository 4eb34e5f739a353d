package starling.gateway.sink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.gateway.history.Pending;
import starling.gateway.history.Point;
import starling.model.Delivery;

/**
 * Hands the history's points to one sink, on a thread of its own. While the sink takes none, they
 * wait on disk, and it is tried again at growing distances.
 */
public final class Outlet implements AutoCloseable {
  private static final int POINTS_A_WRITE = 500;
  private static final long IDLE_MILLIS = 1000;
  private static final long PAUSE_MIN_MILLIS = 1000;
  private static final long PAUSE_MAX_MILLIS = 60_000;
  private static final long CLOSE_MILLIS = 5000;

  private final Path history;
  private final Sink sink;
  private final Consumer<Delivery> owner;
  private final Thread thread;
  private boolean failing;

  private Outlet(Path history, Sink sink, Consumer<Delivery> owner) {
    this.history = history;
    this.sink = sink;
    this.owner = owner;
    this.thread = Thread.ofVirtual().name("outlet " + sink.name()).unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param owner is told warnings, on the outlet's own thread
   */
  public static Outlet start(Path history, Sink sink, Consumer<Delivery> owner) {
    Outlet outlet = new Outlet(history, sink, owner);
    outlet.thread.start();
    return outlet;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pause = PAUSE_MIN_MILLIS;
    try (sink) {
      while (!Thread.interrupted()) {
        try (Pending pending = Pending.open(history, sink.name())) {
          while (hand(pending)) {
            pause = PAUSE_MIN_MILLIS;
          }
        } catch (IOException e) {
          fail(e);
          TimeUnit.MILLISECONDS.sleep(pause);
          pause = Math.min(2 * pause, PAUSE_MAX_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hand(Pending pending) throws IOException, InterruptedException {
    List<Point> points = pending.next(POINTS_A_WRITE);
    try {
      if (!points.isEmpty()) {
        sink.write(points);
        succeed();
      }
    } catch (Sink.Refused e) {
      warn("did not take " + points.size() + " answers and readings: " + e.getMessage());
    }
    pending.done();
    if (points.size() < POINTS_A_WRITE) {
      TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
    }
    return true;
  }

  private void succeed() {
    if (failing) {
      failing = false;
      warn("takes data again");
    }
  }

  private void fail(IOException why) {
    if (!failing && !Thread.currentThread().isInterrupted()) {
      failing = true;
      warn("takes no data, which waits in the history: " + why.getMessage());
    }
  }

  private void warn(String text) {
    owner.accept(new Delivery.Warning("sink", sink.name(), sink.name() + " " + text));
  }
}
