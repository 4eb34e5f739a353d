package starling.zone;

import java.util.TreeMap;
import java.util.function.Predicate;
import starling.model.Window;

/**
 * Repair on a broadcast medium, both sides of it: which rows this node has promised to say again,
 * and when it asks for those that it lacks. A promise is dropped when somebody else is heard saying
 * the row; asking again waits longer each time.
 */
final class Requests {
  private static final double GAP_GROWTH = 1.6;

  private final TreeMap<Window, Due> answers = new TreeMap<>();
  private final TreeMap<Window, Asking> asking = new TreeMap<>();

  private static final class Due {
    long slots;
    long atNanos;
  }

  private static final class Asking {
    long atNanos;
    double gapNanos;
  }

  /** Promises to say these rows at {@code atNanos}, or earlier if promised earlier. */
  void promise(Window window, long slots, long atNanos) {
    Due due = answers.computeIfAbsent(window, _ -> new Due());
    due.atNanos = due.slots == 0 ? atNanos : Math.min(due.atNanos, atNanos);
    due.slots |= slots;
  }

  /** Somebody said these rows: no need to say them again. */
  void said(Window window, long slots) {
    Due due = answers.get(window);
    if (due != null) {
      due.slots &= ~slots;
    }
  }

  /** The rows of this window that are promised, due or not: they may ride in any frame. */
  long promised(Window window) {
    Due due = answers.get(window);
    return due == null ? 0 : due.slots;
  }

  boolean anyDue(long nowNanos) {
    for (Due due : answers.values()) {
      if (due.slots != 0 && nowNanos >= due.atNanos) {
        return true;
      }
    }
    return false;
  }

  /** Whether to ask for this window now; the first time is when the own frame says what it has. */
  boolean asks(Window window, long nowNanos) {
    Asking ask = asking.get(window);
    return ask != null && nowNanos >= ask.atNanos;
  }

  boolean began(Window window) {
    return asking.containsKey(window);
  }

  /** A request has left, or an equal one was overheard: the next waits longer. */
  void asked(Window window, long gapNanos, long nowNanos) {
    Asking ask = asking.computeIfAbsent(window, _ -> new Asking());
    ask.gapNanos = ask.gapNanos == 0 ? gapNanos : ask.gapNanos * GAP_GROWTH;
    ask.atNanos = nowNanos + (long) ask.gapNanos;
  }

  /** Nothing is missing any more. */
  void satisfied(Window window) {
    asking.remove(window);
  }

  /** When another answer or request becomes due. */
  long nextNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (Due due : answers.values()) {
      boolean later = due.slots != 0 && due.atNanos > nowNanos;
      next = later ? Math.min(next, due.atNanos) : next;
    }
    for (Asking ask : asking.values()) {
      next = ask.atNanos > nowNanos ? Math.min(next, ask.atNanos) : next;
    }
    return next;
  }

  void removeIf(Predicate<Window> past) {
    answers.keySet().removeIf(past);
    asking.keySet().removeIf(past);
  }
}
