package starling.query;

/** What a query says of one node. */
sealed interface Said permits Scalar, Condition {
  /** The same for what means the same, wherever it stands. */
  String text();
}
