package starling.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.gateway.GatewayBench;

/** {@code starling bench gateway}: answers a second upstream. */
@Command(
    name = "gateway",
    description = {
      "Publishes zones' answers to a mosquitto as fast as it takes them: by a gateway's upstream,"
          + " each on disk before it is sent and until it is acknowledged (outbox;"
          + " outbox_embedded with the broker in the same process, at a steady rate), and by a"
          + " plain Paho publisher (paho): the same bytes, QoS 1, retained, 128 in flight. They"
          + " take turns; ratio is the median turn's, of the plain publisher's rate. Before that it"
          + " takes in nodes' readings, four of each, for the history and the broker (readings).",
      "latency: from hand to a subscriber's, at a steady rate. rss_mb: after all turns; gateway"
          + " and gateway_embedded are whole programs at rest, as the launcher starts them."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench gateway --turns 20 --json >gateway.json"})
final class BenchGateway extends Benchmark {
  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "10",
      description = "Turns of a second each (default: ${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Answers a second for latencies (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Override
  public Integer call() throws IOException, InterruptedException {
    GatewayBench bench = refusing(() -> new GatewayBench(Main.home(), turns, 1, rate, SETTLE));
    List<Map<String, Object>> rows = bench.run(bar());
    explain(bench.method());
    return judged(rows);
  }
}
