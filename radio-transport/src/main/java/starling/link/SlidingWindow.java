package starling.link;

import org.jspecify.annotations.Nullable;

/**
 * Sums of what was added lately: never less than true, more by what was added in one bucket's time
 * before at most. A bucket has 16 bits while that is enough for all: a network's frames take little
 * time, and many nodes in one process have such ledgers.
 */
final class SlidingWindow {
  private final long bucketNanos;
  private char[] narrow;
  private int @Nullable [] wide; // in place of the narrow ones, once one is larger
  private long newest;
  private boolean started;
  private int counted; // so many buckets, back from the newest, make up the sum
  private long sum;

  SlidingWindow(long longestNanos, long bucketNanos) {
    this.bucketNanos = bucketNanos;
    narrow = new char[buckets(longestNanos)];
  }

  private int length() {
    return wide == null ? narrow.length : wide.length;
  }

  private int amount(long bucket) {
    int at = Math.floorMod(bucket, length());
    return wide == null ? narrow[at] : wide[at];
  }

  private void amount(long bucket, int amount) {
    int at = Math.floorMod(bucket, length());
    if (wide == null && amount <= Character.MAX_VALUE) {
      narrow[at] = (char) amount;
      return;
    }
    int[] all = wide == null ? widened() : wide;
    all[at] = amount;
    wide = all;
  }

  private int[] widened() {
    int[] all = new int[narrow.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = narrow[i];
    }
    narrow = new char[0];
    return all;
  }

  void add(int value, long nowNanos) {
    advance(nowNanos);
    amount(newest, amount(newest) + value);
    sum += counted > 0 ? value : 0;
  }

  /** What was added in the last {@code lengthNanos}, up to the longest. */
  long sum(long lengthNanos, long nowNanos) {
    advance(nowNanos);
    int most = buckets(lengthNanos);
    for (; counted < most; counted++) {
      sum += amount(newest - counted);
    }
    while (counted > most) {
      counted--;
      sum -= amount(newest - counted);
    }
    return sum;
  }

  /** How many buckets have an instant in a window that ends in the newest of them. */
  private int buckets(long lengthNanos) {
    return Math.toIntExact(Math.ceilDiv(lengthNanos, bucketNanos)) + 1;
  }

  private void advance(long nowNanos) {
    long bucket = Math.floorDiv(nowNanos, bucketNanos);
    if (!started) {
      started = true;
      newest = bucket;
    }
    if (bucket - newest >= length()) {
      narrow = new char[length()];
      wide = null;
      sum = 0;
      newest = bucket;
    }
    for (; newest < bucket; newest++) {
      sum -= counted > 0 ? amount(newest + 1 - counted) : 0;
      amount(newest + 1, 0);
    }
  }
}
