package starling.bench.frame;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import starling.bench.Sample;

/**
 * Measures a case and its peer by this thread's own processor time and allocations: warms both up,
 * then does rounds of about the same length, one of each in turn, so that what else the machine
 * does meets both. What rounds need is made between them.
 */
final class Meter {
  /** So many rounds go by before any counts: enough for the compiler to be done. */
  static final int WARM_ROUNDS = 8;

  private static final int OPERATIONS_MAX = 50_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Case what;
  private final int operations;
  private final double[] nanos;
  private final double[] allocated;
  private long frameBytes;

  private Meter(Case what, int rounds, long roundNanos) {
    this.what = what;
    operations = operations(roundNanos);
    nanos = new double[rounds];
    allocated = new double[rounds];
    for (int i = 0; i < WARM_ROUNDS; i++) {
      what.prepare().accept(operations);
      long _ = what.run().applyAsLong(operations);
    }
  }

  /** What both cost, over so many rounds. */
  static Beside measure(Case ours, Case peer, int rounds, long roundNanos) {
    Meter first = new Meter(ours, rounds, roundNanos);
    Meter second = new Meter(peer, rounds, roundNanos);
    for (int i = 0; i < rounds; i++) {
      first.round(i);
      second.round(i);
    }
    return new Beside(first.cost(), second.cost());
  }

  /** Two costs from the same rounds. */
  record Beside(Cost ours, Cost peer) {}

  /** As many as fill a round, once it runs faster than the first time. */
  private int operations(long roundNanos) {
    int count = 16;
    while (count < OPERATIONS_MAX) {
      what.prepare().accept(count);
      long before = THREADS.getCurrentThreadCpuTime();
      long _ = what.run().applyAsLong(count);
      if (THREADS.getCurrentThreadCpuTime() - before > roundNanos / 2) {
        return count;
      }
      count *= 2;
    }
    return OPERATIONS_MAX;
  }

  private void round(int number) {
    what.prepare().accept(operations);
    long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
    long nanosBefore = THREADS.getCurrentThreadCpuTime();
    long bytes = what.run().applyAsLong(operations);
    nanos[number] = (double) (THREADS.getCurrentThreadCpuTime() - nanosBefore) / operations;
    allocated[number] =
        (double) (THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore) / operations;
    if (bytes <= 0) {
      throw new IllegalStateException(what.name() + " did nothing");
    }
    frameBytes += bytes;
  }

  private Cost cost() {
    double average = (double) frameBytes / operations / nanos.length;
    return new Cost(new Sample(nanos), new Sample(allocated), average);
  }
}
