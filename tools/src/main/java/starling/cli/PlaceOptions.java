package starling.cli;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;
import starling.charter.Draft.Duty;

/** What the roster says of a board, whoever makes it a node. */
final class PlaceOptions {
  @Option(
      names = "--schema",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "Of its readings (default: 1).")
  int schema;

  @Option(names = "--mains", description = "It has mains power.")
  boolean mains;

  Set<Duty> duties() {
    return mains ? EnumSet.of(Duty.MAINS) : EnumSet.noneOf(Duty.class);
  }
}
