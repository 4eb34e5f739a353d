package starling.query;

/**
 * What a condition is for a node: of what it did not measure nothing is known (Kleene's three
 * values, as in SQL).
 */
enum Truth {
  NO,
  UNKNOWN,
  YES;

  static Truth of(boolean holds) {
    return holds ? YES : NO;
  }

  Truth and(Truth other) {
    return compareTo(other) <= 0 ? this : other;
  }

  Truth or(Truth other) {
    return compareTo(other) >= 0 ? this : other;
  }

  Truth not() {
    return values()[YES.ordinal() - ordinal()];
  }
}
