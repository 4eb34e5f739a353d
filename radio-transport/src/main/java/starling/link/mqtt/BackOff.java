package starling.link.mqtt;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: uniform between {@value #FIRST_MILLIS} ms and a bound
 * that doubles from there up to {@value #MAX_MILLIS} ms, so that a thousand clients of one broker
 * come back spread out, and one alone comes back fast.
 */
final class BackOff {
  static final long FIRST_MILLIS = 200;
  static final long MAX_MILLIS = 10_000;

  private final RandomGenerator random;
  private long boundMillis = FIRST_MILLIS;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  long nextMillis() {
    long delay = random.nextLong(FIRST_MILLIS, boundMillis + 1);
    boundMillis = Math.min(2 * boundMillis, MAX_MILLIS);
    return delay;
  }

  /** An attempt has held: the next failure is a new one. */
  void reset() {
    boundMillis = FIRST_MILLIS;
  }
}
