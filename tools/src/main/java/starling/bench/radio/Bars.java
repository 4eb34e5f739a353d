package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;

/** What is aimed at in one row, and which of it is missed. */
final class Bars {
  private final List<String> missed = new ArrayList<>();

  /** The value of a column may be so much at most. */
  Bars most(String column, double value, double bar) {
    return holds(column, value <= bar);
  }

  /** The value of a column has to be so much at least. */
  Bars least(String column, double value, double bar) {
    return holds(column, value >= bar);
  }

  private Bars holds(String column, boolean so) {
    if (!so) {
      missed.add(column);
    }
    return this;
  }

  /** The columns that miss theirs. */
  String missed() {
    return String.join(" ", missed);
  }
}
