package starling.link;

/**
 * How much airtime may be spent that no record on disk tells of yet: a piece ahead, which each
 * record counts as spent, so that a life that ends without a word has never spent more than the
 * next one believes. The next record is due when half the piece is gone, or when the last one has
 * become so old that another life would wait for what is over.
 */
final class Coverage {
  private final long pieceMicros;
  private boolean begun;
  private boolean written; // at least one
  private boolean writing; // another
  private long spentMicros; // since the last that is on disk
  private long laterMicros; // since the one that is being written
  private long oldNanos; // when the last one is

  Coverage(long pieceMicros) {
    this.pieceMicros = pieceMicros;
  }

  /** From now on only what is covered is spent. */
  void begin() {
    begun = true;
  }

  long pieceMicros() {
    return pieceMicros;
  }

  long leftMicros() {
    if (!begun) {
      return Long.MAX_VALUE;
    }
    return written ? pieceMicros - spentMicros : 0;
  }

  void spend(long micros) {
    spentMicros += micros;
    laterMicros += micros;
  }

  boolean isDue(long nowNanos) {
    return begun && !writing && (!written || spentMicros > pieceMicros / 2 || nowNanos >= oldNanos);
  }

  /** One at a time is being written, old from an instant on. */
  void writing(long fromNanos) {
    writing = true;
    laterMicros = 0;
    oldNanos = fromNanos;
  }

  void written() {
    writing = false;
    written = true;
    spentMicros = laterMicros;
  }
}
