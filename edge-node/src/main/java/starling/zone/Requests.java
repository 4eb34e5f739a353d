package starling.zone;

import starling.predict.SlotPlan;

/**
 * Repair of one window on a broadcast medium, both sides of it: which rows this node has promised
 * to say again, and when it asks for those that it lacks. A promise is dropped when somebody else
 * is heard saying the row; asking again waits longer each time.
 */
final class Requests {
  private long promised;
  private long dueNanos;
  private long askNanos;
  private double gapNanos; // 0 while nobody asks

  /** Promises to say these rows at {@code atNanos}, or earlier if promised earlier. */
  void promise(long slots, long atNanos) {
    dueNanos = promised == 0 ? atNanos : Math.min(dueNanos, atNanos);
    promised |= slots;
  }

  /** Somebody said these rows: no need to say them again. */
  void said(long slots) {
    promised &= ~slots;
  }

  /** The rows that are promised, due or not: they may ride in any frame. */
  long promised() {
    return promised;
  }

  boolean due(long nowNanos) {
    return promised != 0 && nowNanos >= dueNanos;
  }

  /** Whether to ask now; the first time is when the own frame says what it has. */
  boolean asks(long nowNanos) {
    return began() && nowNanos >= askNanos;
  }

  boolean began() {
    return gapNanos > 0;
  }

  /** A request has left, or an equal one was overheard: the next waits longer. */
  void asked(long firstGapNanos, long nowNanos) {
    gapNanos = began() ? gapNanos * SlotPlan.GAP_GROWTH : firstGapNanos;
    askNanos = Math.max(askNanos, nowNanos + (long) gapNanos);
  }

  /** Others use the medium until then. */
  void yield(long untilNanos) {
    askNanos = Math.max(askNanos, untilNanos);
  }

  /** Nothing is missing any more. */
  void satisfied() {
    gapNanos = 0;
  }

  /** When another answer or request becomes due. */
  long nextNanos(long nowNanos) {
    long answer = promised != 0 && dueNanos > nowNanos ? dueNanos : Long.MAX_VALUE;
    long ask = began() && askNanos > nowNanos ? askNanos : Long.MAX_VALUE;
    return Math.min(answer, ask);
  }
}
