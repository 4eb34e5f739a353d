package starling.bench.frame;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import starling.progress.Progress;

/**
 * What frames cost on one core: to seal, to open, to say a window's readings and to hear a
 * neighbour's; each beside a peer.
 *
 * @param rounds how many rounds of each count
 * @param roundMillis about how long each takes
 */
public record FrameBench(int rounds, int roundMillis) {
  public FrameBench {
    if (rounds < 1 || rounds > 1000) {
      throw new IllegalArgumentException("--rounds are 1 to 1000, not " + rounds);
    }
    if (roundMillis < 1 || roundMillis > 10_000) {
      throw new IllegalArgumentException("--millis are 1 to 10000, not " + roundMillis);
    }
  }

  private record Pair(Case ours, Case peer) {}

  /**
   * Measures.
   *
   * @return a row a case, each behind the one that it is the peer of: {@code bench, case,
   *     ops_per_s, ns_per_op, ns_p25, ns_p75, alloc_bytes, frame_bytes, ratio}; {@code ratio} is
   *     the time of the case over its peer's
   */
  public List<Map<String, Object>> run(Progress progress) {
    Sealing sealing = new Sealing();
    AesGcm aesGcm = new AesGcm();
    Windows windows = new Windows();
    Json json = new Json();
    List<Pair> pairs =
        List.of(
            new Pair(sealing.seal(), aesGcm.seal()),
            new Pair(sealing.open(), aesGcm.open()),
            new Pair(windows.encode(), json.encode()),
            new Pair(windows.decode(), json.decode()));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Pair pair : pairs) {
      progress.at((double) rows.size() / (2 * pairs.size()), pair.ours().what());
      Meter.Beside cost = Meter.measure(pair.ours(), pair.peer(), rounds, roundMillis * 1_000_000L);
      double ratio = cost.ours().nanos().median() / cost.peer().nanos().median();
      Map<String, Object> row = row(pair.ours(), cost.ours());
      row.put("ratio", Math.round(100 * ratio) / 100.0);
      rows.add(row);
      rows.add(row(pair.peer(), cost.peer()));
    }
    progress.at(1, "");
    return rows;
  }

  private static Map<String, Object> row(Case what, Cost cost) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "frame");
    row.put("case", what.name());
    row.put("ops_per_s", Math.round(1e9 / cost.nanos().median()));
    row.put("ns_per_op", Math.round(cost.nanos().median()));
    row.put("ns_p25", Math.round(cost.nanos().quantile(0.25)));
    row.put("ns_p75", Math.round(cost.nanos().quantile(0.75)));
    row.put("alloc_bytes", Math.round(cost.allocated().median()));
    row.put("frame_bytes", Math.round(cost.frameBytes()));
    return row;
  }

  /** How it was measured, in a line. */
  public String method() {
    return "Median and quarters of %d rounds of about %d ms after %d to warm up, a case and its peer"
            .formatted(rounds, roundMillis, Meter.WARM_ROUNDS)
        + " in turn; time and alloc_bytes by the thread's own counters; Java %s, %s."
            .formatted(Runtime.version(), compiler());
  }

  /** Which of HotSpot's compilers ran: a node makes do with the first. */
  private static String compiler() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    int level = Integer.parseInt(vm.getVMOption("TieredStopAtLevel").getValue());
    return level == 0 ? "interpreted" : level < 4 ? "compiled by C1" : "compiled by C2";
  }
}
