package starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import starling.bench.links.DataSets;

/** Links that others measured in the field. */
final class Measured {
  /** Where measurements of others are, if anywhere. */
  private static final String DATA = "../shared/data";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where data sets are: intel-lab, smartmesh-k7, iotlab-k7, freifunk-mesh,"
              + " rutgers-orbit, lora-saint-eynard (default: "
              + DATA
              + " beside this program). What is not there is left out.")
  private @Nullable Path data;

  /**
   * The data sets.
   *
   * @param explain is told which are not there
   * @throws IOException if one can't be read
   */
  DataSets sets(Consumer<String> explain) throws IOException {
    Path from = data == null ? Main.home().resolve(DATA) : data;
    DataSets sets = DataSets.in(from);
    if (!sets.absent().isEmpty()) {
      explain.accept("Not in " + from + ", so left out: " + String.join(", ", sets.absent()) + ".");
    }
    return sets;
  }
}
