package starling.model;

/**
 * What a node knows of network time: an offset from its monotonic clock, and how far that may be
 * off.
 *
 * @param offsetMicros network time minus monotonic time, in microseconds
 * @param uncertaintyMicros how far off it may have been at {@code atNanos}; it grows by {@link
 *     #DRIFT_PPM} from then on
 * @param atNanos when that was, monotonic
 * @param root who it comes from: the low 16 bits of the root's node id
 * @param hops how many nodes are between, 0 at the root itself; -1 if no root was ever heard
 */
public record NetworkTime(
    long offsetMicros, long uncertaintyMicros, long atNanos, int root, int hops) implements Fact {
  /** No time. */
  public static final NetworkTime UNKNOWN = new NetworkTime(0, 0, 0, 0, -1);

  /** The stated drift of a board's crystal over its temperature range, parts per million. */
  public static final long DRIFT_PPM = 50;

  /** Whether any root was ever heard. */
  public boolean known() {
    return hops >= 0;
  }

  /** The same, later by so much. */
  public NetworkTime moved(long micros) {
    return new NetworkTime(offsetMicros + micros, uncertaintyMicros, atNanos, root, hops);
  }

  /** Network time in Unix microseconds. */
  public long micros(long nowNanos) {
    return nowNanos / 1000 + offsetMicros;
  }

  /** Network time in Unix milliseconds. */
  public long millis(long nowNanos) {
    return Math.floorDiv(micros(nowNanos), 1000);
  }

  /** When network time will be {@code millis}, in monotonic nanoseconds. */
  public long nanosAt(long millis) {
    return (millis * 1000 - offsetMicros) * 1000;
  }

  /** How far off it may be now, in microseconds. */
  public long uncertaintyMicros(long nowNanos) {
    return uncertaintyMicros + Math.max(0, nowNanos - atNanos) / 1000 * DRIFT_PPM / 1_000_000;
  }
}
