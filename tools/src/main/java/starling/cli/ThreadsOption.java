package starling.cli;

import picocli.CommandLine.Option;

/** On how many threads a simulation runs; what comes of it is the same on any number. */
final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "2",
      description = "How many threads run it (default: ${DEFAULT-VALUE}).")
  int count;
}
