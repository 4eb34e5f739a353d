package starling.zone;

/**
 * What this node has promised to say again of one window on a broadcast medium. A promise is
 * dropped when somebody else is heard saying the row, and when it is too late for it.
 */
final class Requests {
  /** So many requests for its row a node leaves to others. */
  private static final int OWNER_ASKED = 3;

  private long promised;
  private long dueNanos;
  private long lapseNanos; // nobody waits for it any more
  private int unsaid; // requests for this node's own row since somebody said it

  /**
   * Promises to say these rows at {@code atNanos}, or earlier if promised earlier; not after {@code
   * untilNanos}, when others may have been asked.
   */
  void promise(long slots, long atNanos, long untilNanos, long nowNanos) {
    long before = promised(nowNanos);
    dueNanos = before == 0 ? atNanos : Math.min(dueNanos, atNanos);
    lapseNanos = before == 0 ? untilNanos : Math.max(lapseNanos, untilNanos);
    promised = before | slots;
  }

  /** Somebody said these rows: no need to say them again. */
  void said(long slots) {
    promised &= ~slots;
  }

  /** Somebody asks for this node's own row. */
  void lacksOwn() {
    unsaid++;
  }

  /** Somebody else said it: others have it. */
  void saysOwn() {
    unsaid = 0;
  }

  /** Whether it was asked for so often that probably nobody else has it. */
  boolean nobodySaysOwn() {
    return unsaid >= OWNER_ASKED;
  }

  /** The rows that are promised, due or not: they may ride in any frame. */
  long promised(long nowNanos) {
    return nowNanos <= lapseNanos ? promised : 0;
  }

  boolean due(long nowNanos) {
    return promised(nowNanos) != 0 && nowNanos >= dueNanos;
  }

  /** When another answer becomes due. */
  long nextNanos(long nowNanos) {
    return promised != 0 && dueNanos > nowNanos ? dueNanos : Long.MAX_VALUE;
  }
}
