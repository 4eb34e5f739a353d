package starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import starling.flash.software.Arm64Runtime;
import starling.flash.software.Release;
import starling.progress.Progress;

/** Which programs a board gets. */
final class SoftwareOption {
  @Option(
      names = "--software",
      paramLabel = "FILE",
      description = {
        "The archive of the node's programs (default: that of the programs as they are built now,"
            + " made the first time)."
      })
  private @Nullable Path archive;

  boolean isSaid() {
    return archive != null;
  }

  /** The archive, made if it is not there. */
  Path archive(Progress progress) throws IOException {
    if (archive != null) {
      return archive;
    }
    Path home = Main.home();
    return Release.ready(home, Arm64Runtime.ready(home), progress);
  }
}
