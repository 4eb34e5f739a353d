package starling.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import starling.query.Expression.Aggregate;
import starling.query.Query.Output;

/**
 * The parts that a query's outputs rest on, each once, in the order in which the query first names
 * them; and the outputs' units.
 */
final class Parts {
  private final String text;
  private final Checker checker;
  private final int binsDefault;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, Integer> bins = new HashMap<>();

  /**
   * @param text the query, for errors
   * @param binsDefault a quantile's where the query does not say
   */
  Parts(String text, Checker checker, int binsDefault) {
    this.text = text;
    this.checker = checker;
    this.binsDefault = binsDefault;
  }

  /** Adds what these outputs rest on. */
  void add(List<Output> outputs) throws QueryException {
    List<Aggregate> aggregates = new ArrayList<>();
    outputs.forEach(output -> collect(output.expression(), aggregates));
    for (Aggregate aggregate : aggregates) {
      if (aggregate instanceof Expression.Quantile quantile && quantile.bins().isPresent()) {
        bins.merge(quantile.of().text(), quantile.bins().getAsInt(), Math::max);
      }
    }
    for (Aggregate aggregate : aggregates) {
      add(aggregate);
    }
  }

  List<Part> list() {
    return List.copyOf(parts.values());
  }

  private static void collect(Expression from, List<Aggregate> to) {
    switch (from) {
      case Expression.Constant _ -> {}
      case Expression.Negative negative -> collect(negative.of(), to);
      case Expression.Arithmetic arithmetic -> {
        collect(arithmetic.left(), to);
        collect(arithmetic.right(), to);
      }
      case Aggregate aggregate -> to.add(aggregate);
    }
  }

  /** By which part an aggregate is answered. */
  static String key(Aggregate aggregate) {
    return switch (aggregate) {
      case Expression.CountAll _ -> "";
      case Expression.Of of -> of.of().text();
      case Expression.Quantile quantile -> quantile.of().text();
      case Expression.Histogram h ->
          "HISTOGRAM("
              + String.join(
                  ", ",
                  h.of().text(),
                  h.low().toPlainString(),
                  h.high().toPlainString(),
                  Integer.toString(h.bins()))
              + ")";
      case Expression.Holds holds -> holds.condition().text();
      case Expression.Rank rank ->
          (rank.top() ? "TOP " : "FIRST ") + rank.nodes() + " BY " + rank.by().text();
      case Expression.DistinctValues of -> "DISTINCT(" + of.of().text() + ", " + of.most() + ")";
      case Expression.DistinctAttributes of -> "DISTINCT(" + of.of() + ", " + of.most() + ")";
    };
  }

  private void add(Aggregate aggregate) throws QueryException {
    String key = key(aggregate);
    switch (aggregate) {
      case Expression.CountAll _ -> {}
      case Expression.Of of -> parts.put(key, need(of.of()).and(of.statistic()));
      case Expression.Quantile of ->
          parts.put(key, need(of.of()).andBins(bins.getOrDefault(key, binsDefault)));
      case Expression.Histogram of -> parts.put(key, bars(of, key));
      case Expression.Holds of -> parts.put(key, new Claim(key, checker.filter(of.condition())));
      case Expression.Rank of ->
          parts.put(key, new Podium(key, checker.measure(of.by()), of.top(), of.nodes()));
      case Expression.DistinctValues of -> {
        Measure measure = checker.measure(of.of());
        parts.put(
            key,
            new Spectrum(
                key,
                measure::steps,
                measure.decimals(),
                measure.lowest(),
                measure.highest(),
                of.most()));
      }
      case Expression.DistinctAttributes of ->
          parts.put(
              key,
              new Spectrum(key, sample -> number(of, sample), 0, 0, Spectrum.NODE_MAX, of.most()));
    }
  }

  private static OptionalLong number(Expression.DistinctAttributes of, Sample sample) {
    return of.of().number(sample);
  }

  private Need need(Scalar of) throws QueryException {
    Part held = parts.get(of.text());
    return held instanceof Need need ? need : Need.of(checker.measure(of));
  }

  private Bars bars(Expression.Histogram of, String key) throws QueryException {
    Measure measure = checker.measure(of.of());
    int decimals = measure.decimals();
    if (of.low().scale() > decimals || of.high().scale() > decimals) {
      throw new QueryException(
          text, of.column(), "the ends have more decimals than " + measure.text() + " has");
    }
    long low = of.low().setScale(decimals).unscaledValue().longValueExact();
    long high = of.high().setScale(decimals).unscaledValue().longValueExact();
    if (high - low < of.bins()) {
      throw new QueryException(
          text,
          of.column(),
          "bins are finer than " + measure.text() + " is; take at most " + (high - low));
    }
    return new Bars(key, measure, low, high, of.bins());
  }

  // ---- units

  /** The unit of a number's or another answer's values. */
  Unit unit(Expression of) throws QueryException {
    return switch (of) {
      case Expression.Constant _ -> Unit.ANY;
      case Expression.Negative negative -> unit(negative.of());
      case Expression.Arithmetic arithmetic -> unit(arithmetic);
      case Expression.CountAll _, Expression.Holds _, Expression.DistinctAttributes _ -> Unit.ONE;
      case Expression.Of o ->
          o.statistic() == Expression.Statistic.COUNT ? Unit.ONE : checker.measure(o.of()).unit();
      case Expression.Quantile quantile -> checker.measure(quantile.of()).unit();
      case Expression.Histogram histogram -> checker.measure(histogram.of()).unit();
      case Expression.Rank rank -> checker.measure(rank.by()).unit();
      case Expression.DistinctValues distinct -> checker.measure(distinct.of()).unit();
    };
  }

  private Unit unit(Expression.Arithmetic of) throws QueryException {
    Unit left = unit(of.left());
    Unit right = unit(of.right());
    return switch (of.sign()) {
      case '*' -> left.times(right);
      case '/' -> left.per(right);
      default -> {
        checker.fit(left, right, of.sign() == '+' ? "add" : "subtract", of.column());
        yield left.with(right);
      }
    };
  }
}
