package starling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting in real time, for what real processes do: looks again and again, until a deadline. */
public final class Eventually {
  private static final long DEADLINE_S = 30;

  private Eventually() {}

  /** Returns as soon as the condition holds, and fails if it does not within half a minute. */
  public static void holds(String what, Callable<Boolean> condition) throws Exception {
    within(DEADLINE_S, what, condition);
  }

  /** Returns as soon as the condition holds, and fails if it does not within so many seconds. */
  public static void within(long seconds, String what, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long pauseMillis =
        Math.clamp(seconds / 10, 10, 500); // what takes an hour is not looked at often
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "not within " + seconds + " s: " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
  }
}
