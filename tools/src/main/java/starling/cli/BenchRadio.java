package starling.cli;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import starling.bench.links.DataSets;
import starling.bench.radio.RadioBench;

/** {@code starling bench radio}: cells on one channel. */
@Command(
    name = "radio",
    description = {
      "Runs cells of production nodes on one radio channel: half duplex, packets that overlap"
          + " spoil each other unless one is 6 dB stronger, airtime counted by the channel from"
          + " what is sent. ok unless a row misses something, of what stands in missed.",
      "field: a gateway's cell, four channels a node and window, frames lost one by one (burst_s"
          + " 0) or in bursts at each directed link. Shares of the contributions that the gateway"
          + " has when the next window ends and after two minutes; staleness: how long ago the"
          + " newest window ended that it has, over nodes and time; use of the channel by all.",
      "cell: frames that say something of the charter, all of them, until every member has a"
          + " newer site page, of one frame or of two (large); bursts are of so many frames of a"
          + " sender. quiet: digests an interval, which lasts so many times a digest, of 128"
          + " production timers that start together or apart, and of a cell with live windows.",
      "multihop: a newer site page of one frame crosses a cell of 64, the most that it may have,"
          + " whose members lie about in a square and hear degree others on average; at SF7,"
          + " links lose frames one by one or are bad for burst_s. Reach when the first interval"
          + " of its timer is over (1,024 digests), and frames a node that carried it until then;"
          + " those until all have it (data), frames of the charter beside (digests and requests"
          + " too), and intervals until then.",
      "rivals: the same air and readings at SF7, one hop or three (a gateway at the side of a"
          + " square, one uplink; only its neighbours are a star's): a star that says each once"
          + " (35 bytes),"
          + " one with acknowledgements (12 bytes in the first or second window, eight tries, a"
          + " gateway that can't hear while it sends) and managed flooding (38 bytes, three hops,"
          + " delays by signal, carrier sense, silent after one copy overheard). airtime of all"
          + " by readings that came in; factors are Starling's over theirs. Left out: a star's"
          + " other channels and spreading factors, its adaptive rate and inverted downlinks, the"
          + " duty cycle of its 1 %% bands; flooding's throttles, routers and three tries of the"
          + " first sender; what any of them says besides readings. All that Starling says"
          + " counts.",
      "law: the largest share of the channel in any sliding minute that all of a cell, and one"
          + " node, were on the air; in any hour one node, beside the duty cycle; and all"
          + " together in the shortest window whose share holds a frame for each, beside the"
          + " target.",
      "time: how far nodes' time is off their gateway's, over five hops at 20 %% loss whose"
          + " modems are early or late by their jitter: with all crystals off, one of them badly,"
          + " with two gateways three seconds apart, and one whose clock is set.",
      "measured: windows of a cell (lora-sf7) whose directed links deliver what was measured in"
          + " real networks, of the part that those connect which deliver 10 %% or more both"
          + " ways; hops are the most from its gateway. recorded: each loses those of its sender's"
          + " frames, in turn, that it was recorded to lose."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: starling bench radio --case field --csv >field.csv"})
final class BenchRadio extends Benchmark {
  @Option(
      names = "--case",
      paramLabel = "CASE",
      split = ",",
      description = "Which cases (default: all).")
  private @Nullable List<String> cases;

  @Mixin private Measured measured = new Measured();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each row (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Override
  public Integer call() throws IOException {
    List<String> names = cases == null ? List.of() : cases;
    boolean needed = names.isEmpty() || names.contains("measured");
    DataSets sets = needed ? measured.sets(this::explain) : DataSets.NONE;
    RadioBench bench = refusing(() -> new RadioBench(names, sets, seeds));
    return judged(bench.run(bar()));
  }
}
