package starling.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import starling.bench.frame.FrameBench;

/** {@code starling bench frame}: sealing, opening, saying and hearing. */
@Command(
    name = "frame",
    description = {
      "Measures on one core: to seal a frame of 80 bytes and to open it, beside the JDK's AES-GCM"
          + " of the same bytes; to say a window's four readings and to hear a neighbour's, by a"
          + " whole engine, beside JSON sealed by AES-GCM.",
      "ns and alloc_bytes are an operation's: the median round's processor time, the quarters"
          + " around it, and heap allocated, by the thread's own counters. ratio is the time over"
          + " that of the peer, which is the next row."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A node makes do with the JVM's first compiler; to measure that one:",
      "  JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 starling bench frame",
      "",
      "Example: starling bench frame --csv >frame.csv"
    })
final class BenchFrame extends Benchmark {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "15",
      description = "Rounds that count (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--millis",
      paramLabel = "N",
      defaultValue = "100",
      description = "About how long each takes (default: ${DEFAULT-VALUE}).")
  private int millis;

  @Override
  public Integer call() {
    FrameBench bench = refusing(() -> new FrameBench(rounds, millis));
    print(bench.run(bar()));
    explain(bench.method());
    return 0;
  }
}
