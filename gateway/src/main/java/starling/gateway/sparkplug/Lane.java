package starling.gateway.sparkplug;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import starling.link.mqtt.Message;

/**
 * Messages in the order of their sequence numbers, as fast as the connection takes them. When one
 * fails, those behind it are no use any more. Safe from any thread.
 */
final class Lane {
  static final int IN_FLIGHT_MAX = 32;

  private final BiConsumer<Message, Consumer<Boolean>> publish;
  private final Runnable broken;
  private final Deque<Message> waiting = new ArrayDeque<>();
  private int inFlight;
  private long epoch; // of all messages that are about; another one after each break

  /**
   * @param publish hands over a message and tells, also at once, whether it was written
   * @param broken told when one was not
   */
  Lane(BiConsumer<Message, Consumer<Boolean>> publish, Runnable broken) {
    this.publish = publish;
    this.broken = broken;
  }

  synchronized void add(Message message) {
    waiting.add(message);
    pump();
  }

  /** Nothing that waits is said any more. */
  synchronized void clear() {
    waiting.clear();
    inFlight = 0;
    epoch++;
    notifyAll();
  }

  /** Waits until everything is written; whether it was. */
  synchronized boolean drain(long millis) throws InterruptedException {
    long of = epoch;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (of == epoch && (inFlight > 0 || !waiting.isEmpty())) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return of == epoch;
  }

  private void pump() {
    while (inFlight < IN_FLIGHT_MAX && !waiting.isEmpty()) {
      Message next = waiting.removeFirst();
      long of = epoch;
      inFlight++;
      publish.accept(next, sent -> settled(of, sent));
    }
  }

  private void settled(long of, boolean sent) {
    synchronized (this) {
      if (of != epoch) {
        return;
      }
      inFlight--;
      if (sent) {
        pump();
        notifyAll();
        return;
      }
      clear();
    }
    broken.run();
  }
}
