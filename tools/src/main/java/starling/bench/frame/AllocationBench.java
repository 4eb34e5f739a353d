package starling.bench.frame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What an engine allocates to hear a frame, by JMH's profiler of the garbage collector. */
public final class AllocationBench {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /**
   * Measures, in a JVM of its own for each case.
   *
   * @return a row a case: {@code bench, case, alloc_bytes, error_bytes, ns_per_frame}
   */
  public List<Map<String, Object>> run() {
    try {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (RunResult result :
          new Runner(
                  new OptionsBuilder()
                      .include(Receiving.class.getName())
                      .addProfiler(GCProfiler.class)
                      .forks(1)
                      .jvmArgs(
                          "-XX:+UseSerialGC", "-Xmx512m", "--sun-misc-unsafe-memory-access=allow")
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()) {
        rows.add(row(result));
      }
      return rows;
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH did not run: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> row(RunResult result) {
    Result<?> allocated =
        Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED);
    double nanos = result.getPrimaryResult().getScore() / Receiving.BATCH;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "allocation");
    row.put("case", result.getParams().getParam("heard").toLowerCase(Locale.ROOT));
    row.put("alloc_bytes", Math.round(allocated.getScore() / Receiving.BATCH));
    row.put("error_bytes", Math.round(allocated.getScoreError() / Receiving.BATCH));
    row.put("ns_per_frame", Math.round(nanos));
    return row;
  }
}
