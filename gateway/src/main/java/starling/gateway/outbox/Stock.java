package starling.gateway.outbox;

/**
 * What is in the outbox, and how much more it can take.
 *
 * @param messages that wait
 * @param bytes that they take on disk
 * @param bytesMax that they may take
 * @param bytesPerDay what comes in, averaged over the last hours; 0 if that is not known yet
 * @param writable whether the disk takes what comes
 */
public record Stock(
    long messages, long bytes, long bytesMax, double bytesPerDay, boolean writable) {
  /** How many days without a broker it holds in full, counted from empty. */
  public double capacityDays() {
    return bytesPerDay > 0 ? bytesMax / bytesPerDay : Double.POSITIVE_INFINITY;
  }

  /** How many more days it takes everything in full from now on. */
  public double leftDays() {
    return bytesPerDay > 0 ? (bytesMax - bytes) / bytesPerDay : Double.POSITIVE_INFINITY;
  }
}
