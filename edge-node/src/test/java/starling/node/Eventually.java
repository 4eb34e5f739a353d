package starling.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting in real time, for what real processes do: looks again and again, until a deadline. */
final class Eventually {
  private static final long DEADLINE_S = 60;

  private Eventually() {}

  static void holds(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "not within " + DEADLINE_S + " s: " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
