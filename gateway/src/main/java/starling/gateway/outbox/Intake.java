package starling.gateway.outbox;

/** How much comes in, averaged over the last one to two hours. */
final class Intake {
  /** What a message takes on disk besides its payload, measured: row, index, and unused space. */
  private static final int ROW_BYTES = 90;

  private static final long HALVED_AFTER_NANOS = 2 * 3_600_000_000_000L;

  /** Less than this says nothing about a day. */
  private static final long TELLING_NANOS = 30_000_000_000L;

  private static final double DAY_NANOS = 86_400e9;

  private long sinceNanos;
  private double bytes;

  Intake(long nowNanos) {
    sinceNanos = nowNanos;
  }

  void add(Entry entry) {
    bytes += entry.payload().length + ROW_BYTES;
  }

  double bytesPerDay(long nowNanos) {
    long elapsed = nowNanos - sinceNanos;
    if (elapsed < TELLING_NANOS) {
      return 0;
    }
    if (elapsed > HALVED_AFTER_NANOS) {
      sinceNanos += elapsed / 2;
      bytes /= 2;
      elapsed -= elapsed / 2;
    }
    return bytes / elapsed * DAY_NANOS;
  }
}
