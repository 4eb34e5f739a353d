package starling.model;

/**
 * A span of network time that contributions belong to. Windows of one site start at multiples of
 * their length since the Unix epoch, and nest: pace {@code p} makes them 2^p times as long.
 *
 * @param index counts windows of this length since the epoch
 * @param pace the exponent p, 0 to {@value #PACE_MAX}
 * @param baseMillis the site's shortest window, in milliseconds
 */
public record Window(long index, int pace, long baseMillis) implements Comparable<Window> {
  /** The largest pace. */
  public static final int PACE_MAX = 7;

  /** The largest index: the end of such a window is a time in milliseconds, at any pace. */
  public static final long INDEX_MAX = 1L << 33;

  /** Windows before the newest closed one that rows still count for. */
  public static final int LATE_MAX = 4;

  public Window {
    if (pace < 0 || pace > PACE_MAX || baseMillis < 1 || index < 0) {
      throw new IllegalArgumentException("no such window");
    }
  }

  /** The window that contains an instant of network time. */
  public static Window at(long networkMillis, int pace, long baseMillis) {
    return new Window(Math.max(0, networkMillis) / (baseMillis << pace), pace, baseMillis);
  }

  /** Its length in milliseconds. */
  public long lengthMillis() {
    return baseMillis << pace;
  }

  /** Its first millisecond, network time. */
  public long startMillis() {
    return index * lengthMillis();
  }

  /** The first millisecond after it. */
  public long endMillis() {
    return (index + 1) * lengthMillis();
  }

  /** The window {@code count} later, or earlier if negative, but never before the first. */
  public Window plus(long count) {
    return new Window(Math.max(0, index + count), pace, baseMillis);
  }

  /** On the air: the low five bits of the index, then the pace. */
  public int code() {
    return (int) (index & 31) << 3 | pace;
  }

  /**
   * The window that a code means: the one of that pace nearest to {@code networkMillis}, at most
   * fifteen of its lengths away.
   */
  public static Window ofCode(int code, long networkMillis, long baseMillis) {
    int pace = code & 7;
    long now = at(networkMillis, pace, baseMillis).index();
    long ahead = (code >>> 3) - now & 31;
    return new Window(Math.max(0, ahead < 16 ? now + ahead : now + ahead - 32), pace, baseMillis);
  }

  @Override
  public int compareTo(Window other) {
    int byEnd = Long.compare(endMillis(), other.endMillis());
    return byEnd != 0 ? byEnd : Integer.compare(pace, other.pace);
  }
}
