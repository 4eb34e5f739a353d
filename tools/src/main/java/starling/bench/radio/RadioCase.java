package starling.bench.radio;

import java.util.List;
import starling.progress.Progress;

/** One claim about radio cells, played out. */
interface RadioCase {
  /** What it is called on the command line. */
  String name();

  /**
   * Plays it out; deterministic for a number of seeds.
   *
   * @param seeds runs of each row, 1 and up
   * @return one record a row
   */
  List<? extends Row> rows(int seeds, Progress progress);

  /** A row of results: a record, whose components are the columns. */
  interface Row {
    /** The bars that it misses, by the columns' names; empty if it holds. */
    String missed();
  }
}
