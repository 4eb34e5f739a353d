package starling.link.memory;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that passes only when everything before it has happened. Events of one instant happen in the
 * order of their making.
 */
public final class VirtualTime {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
  private long nowNanos;
  private long made;

  private record Event(long nanos, long order, Runnable happens) {}

  /** Begins at this instant. */
  public VirtualTime(long startNanos) {
    nowNanos = startNanos;
  }

  /** The present. */
  public long nowNanos() {
    return nowNanos;
  }

  /** Lets something happen at an instant; one that is past happens next. */
  public void at(long nanos, Runnable happens) {
    events.add(new Event(Math.max(nanos, nowNanos), made++, happens));
  }

  /** Lets everything up to and including an instant happen; then it is the present. */
  public void runUntil(long nanos) {
    while (!events.isEmpty() && events.peek().nanos() <= nanos) {
      Event next = events.remove();
      nowNanos = next.nanos();
      next.happens().run();
    }
    nowNanos = Math.max(nowNanos, nanos);
  }
}
