package starling.cli;

import picocli.CommandLine.Option;
import starling.bench.Report;

/** How rows are printed: a table, unless told otherwise. */
final class Form {
  @Option(names = "--csv", description = "Print comma-separated values.")
  private boolean csv;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  /** Whether a row can be printed before the next is there. */
  boolean json() {
    return json;
  }

  Report report() {
    return json ? Report.JSON : csv ? Report.CSV : Report.TABLE;
  }
}
