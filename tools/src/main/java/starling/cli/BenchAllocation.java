package starling.cli;

import picocli.CommandLine.Command;
import starling.bench.frame.AllocationBench;

/** {@code starling bench allocation}: what hearing a frame allocates. */
@Command(
    name = "allocation",
    description = {
      "Measures what an engine allocates to hear one frame, by JMH's profiler of the garbage"
          + " collector, in a JVM of its own for each case: a mate's digest and votes that bring"
          + " nothing new, a mate's own row (one a window, so with all that a window costs"
          + " besides), and noise."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench allocation --json"})
final class BenchAllocation extends Benchmark {

  @Override
  public Integer call() {
    print(new AllocationBench().run());
    return 0;
  }
}
