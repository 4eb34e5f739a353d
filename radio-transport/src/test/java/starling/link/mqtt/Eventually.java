package starling.link.mqtt;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for the real world, with a deadline. */
public final class Eventually {
  private static final long POLL_NANOS = 5_000_000;

  private Eventually() {}

  /** Returns the milliseconds that it took until {@code condition} held; fails after 20 s. */
  public static long until(String what, BooleanSupplier condition) {
    return until(what, Duration.ofSeconds(20), condition);
  }

  /** Returns the milliseconds that it took until {@code condition} held; fails after a deadline. */
  public static long until(String what, Duration deadline, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > deadline.toNanos()) {
        throw new AssertionError("not within " + deadline + ": " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return (System.nanoTime() - start) / 1_000_000;
  }
}
