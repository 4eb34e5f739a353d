package starling.bench.footprint;

import java.io.IOException;
import java.time.Duration;

/**
 * What a process cost while it was watched.
 *
 * @param memory at the end
 * @param threads at the end
 * @param cpuPercent of one core
 */
record Observation(Proc.Memory memory, int threads, double cpuPercent) {
  /** Watches a process for that long. */
  static Observation of(Proc process, Duration time) throws IOException, InterruptedException {
    long beforeNanos = System.nanoTime();
    long beforeCpuNanos = process.cpuNanos();
    Thread.sleep(time);
    double cpuNanos = process.cpuNanos() - beforeCpuNanos;
    double percent = 100 * cpuNanos / (System.nanoTime() - beforeNanos);
    return new Observation(process.memory(), process.threads(), percent);
  }
}
