package starling.query;

import java.util.SortedSet;
import java.util.TreeSet;

/** Which channels a query reads. */
final class Reads {
  private final SortedSet<String> channels = new TreeSet<>();

  private Reads() {}

  static SortedSet<String> of(Query query) {
    Reads reads = new Reads();
    query.outputs().forEach(output -> reads.add(output.expression()));
    query.where().ifPresent(reads::add);
    return reads.channels;
  }

  private void add(Expression expression) {
    switch (expression) {
      case Expression.Negative(Expression of, int _) -> add(of);
      case Expression.Arithmetic(char _, Expression left, Expression right, int _) -> {
        add(left);
        add(right);
      }
      case Expression.Of of -> add(of.of());
      case Expression.Quantile of -> add(of.of());
      case Expression.Histogram of -> add(of.of());
      case Expression.Rank of -> add(of.by());
      case Expression.DistinctValues of -> add(of.of());
      case Expression.Holds of -> add(of.condition());
      case Expression.Constant _, Expression.CountAll _, Expression.DistinctAttributes _ -> {}
    }
  }

  private void add(Condition condition) {
    switch (condition) {
      case Condition.Comparison(Scalar left, String _, Scalar right, int _) -> {
        add(left);
        add(right);
      }
      case Condition.Not(Condition of) -> add(of);
      case Condition.And(Condition left, Condition right) -> {
        add(left);
        add(right);
      }
      case Condition.Or(Condition left, Condition right) -> {
        add(left);
        add(right);
      }
      case Condition.Among _, Condition.Flag _ -> {}
    }
  }

  private void add(Scalar scalar) {
    switch (scalar) {
      case Scalar.Reading(String channel, int _) -> channels.add(channel);
      case Scalar.Negative(Scalar of, int _) -> add(of);
      case Scalar.Rounded of -> add(of.of());
      case Scalar.Binary(char _, Scalar left, Scalar right, int _) -> {
        add(left);
        add(right);
      }
      case Scalar.Literal _ -> {}
    }
  }
}
