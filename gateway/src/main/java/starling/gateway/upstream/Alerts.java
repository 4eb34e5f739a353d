package starling.gateway.upstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import starling.gateway.outbox.Entry;

/**
 * Events that go at once, before anything older: a bounded number; what does not fit is on disk and
 * goes late.
 */
final class Alerts {
  /** Events that wait for the broker in memory. */
  static final int WAITING_MAX = 256;

  private record Alert(Entry event, boolean onDisk) {}

  private final Deque<Alert> waiting = new ArrayDeque<>();
  private final Set<Long> unkept = new HashSet<>();
  private final Set<Long> here = new HashSet<>();

  /** Whether there was room. */
  boolean add(Entry event, boolean onDisk) {
    if (waiting.size() >= WAITING_MAX) {
      return false;
    }
    waiting.addLast(new Alert(event, onDisk));
    here.add(event.number());
    return true;
  }

  Optional<Entry> next() {
    Alert next = waiting.pollFirst();
    if (next == null) {
      return Optional.empty();
    }
    if (!next.onDisk) {
      unkept.add(next.event.number());
    }
    return Optional.of(next.event);
  }

  /** It was sent, or not: then one that is on disk goes late; whether this one does. */
  boolean settled(Entry event, boolean sent) {
    here.remove(event.number());
    boolean onDisk = !unkept.remove(event.number());
    if (!sent && !onDisk) {
      add(event, false);
    }
    return !sent && onDisk;
  }

  /** Whether it waits here or is on its way. */
  boolean has(Entry event) {
    return here.contains(event.number());
  }

  int size() {
    return waiting.size();
  }
}
