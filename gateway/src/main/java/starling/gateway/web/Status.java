package starling.gateway.web;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import starling.gateway.outbox.Stock;
import starling.gateway.upstream.Upstream;

/** How the gateway itself is. */
final class Status {
  private static final double DAY_SECONDS = 86_400;

  private final Upstream upstream;
  private final String version;
  private final long startedMillis;

  Status(Upstream upstream, String version, long startedMillis) {
    this.upstream = upstream;
    this.version = version;
    this.startedMillis = startedMillis;
  }

  /** What keeps it from doing its work, one line each; empty if nothing does. */
  List<String> ails() {
    List<String> ails = new ArrayList<>();
    if (!upstream.isUp()) {
      ails.add("the broker is away: messages are kept on disk");
    }
    if (!upstream.stock().writable()) {
      ails.add("the outbox can't be written: messages are lost while the broker is away");
    }
    return ails;
  }

  void show(Exposition metrics) {
    Upstream.Counts counts = upstream.counts();
    Runtime java = Runtime.getRuntime();
    metrics
        .gauge("starling_build_info", "The program.", Exposition.labels("version", version), 1)
        .gauge("process_start_time_seconds", "When it was started.", startedMillis / 1000.0)
        .gauge(
            "starling_upstream_connected", "Whether the broker is there.", upstream.isUp() ? 1 : 0)
        .counter("starling_upstream_kept_total", "Messages put on disk.", counts.kept())
        .counter(
            "starling_upstream_published_total",
            "Messages that the broker acknowledged.",
            counts.published())
        .counter("starling_upstream_lost_total", "Neither on disk nor sent.", counts.lost())
        .counter(
            "starling_upstream_refused_total",
            "Deliveries that can't be published.",
            counts.refused())
        .gauge(
            "starling_jvm_memory_used_bytes",
            "Of the heap.",
            java.totalMemory() - java.freeMemory())
        .gauge(
            "starling_jvm_threads",
            "Running threads.",
            ManagementFactory.getThreadMXBean().getThreadCount());
    show(metrics, upstream.stock());
  }

  private static void show(Exposition metrics, Stock stock) {
    metrics
        .gauge("starling_outbox_messages", "Messages that wait.", stock.messages())
        .gauge("starling_outbox_bytes", "Disk that they take.", stock.bytes())
        .gauge("starling_outbox_max_bytes", "Disk that they may take.", stock.bytesMax())
        .gauge(
            "starling_outbox_writable", "Whether the disk takes more.", stock.writable() ? 1 : 0);
    if (stock.bytesPerDay() > 0) {
      metrics
          .gauge(
              "starling_outbox_capacity_seconds",
              "How long a time without a broker it holds in full.",
              stock.capacityDays() * DAY_SECONDS)
          .gauge(
              "starling_outbox_left_seconds",
              "For how much longer it takes everything in full.",
              stock.leftDays() * DAY_SECONDS);
    }
  }
}
