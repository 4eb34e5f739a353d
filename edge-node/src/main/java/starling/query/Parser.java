package starling.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import starling.query.Expression.Aggregate;
import starling.query.Expression.Statistic;
import starling.query.Query.Output;

/**
 * Reads a query by recursive descent, one method a rule of {@link Query}'s grammar. What other
 * query languages have and this one does not is refused by name, so that nobody mistakes it for a
 * typing error.
 */
final class Parser {
  /** The most bins of a histogram. */
  static final int HISTOGRAM_BINS_MAX = 32;

  /** The most nodes of a ranking. */
  static final int RANKED_MAX = 16;

  /** The most values of a DISTINCT. */
  static final int DISTINCT_MAX = 32;

  private static final int DISTINCT_DEFAULT = 8;
  private static final List<String> STATISTICS =
      Arrays.stream(Statistic.values()).map(Statistic::name).toList();
  private static final List<String> OTHERS =
      List.of("HISTOGRAM", "ANY", "ALL", "TOP", "FIRST", "DISTINCT");
  private static final String FUNCTIONS =
      "COUNT, SUM, AVG, MIN, MAX, STDDEV, P0 to P100, HISTOGRAM, ANY, ALL, TOP, FIRST, DISTINCT";
  private static final Set<String> FOREIGN_CLAUSES =
      Set.of("HAVING", "ORDER", "LIMIT", "SPREAD", "WITHIN");

  /** Words that can't be names. */
  static final Set<String> RESERVED =
      Set.of(
          "select",
          "from",
          "as",
          "every",
          "where",
          "group",
          "by",
          "having",
          "order",
          "limit",
          "spread",
          "within",
          "all",
          "any",
          "and",
          "or",
          "not",
          "in",
          "distinct",
          "top",
          "first",
          "histogram");

  private final Cursor cursor;
  private final ValueParser values;

  Parser(String text) throws QueryException {
    cursor = new Cursor(text);
    values = new ValueParser(cursor);
  }

  Query query() throws QueryException {
    cursor.expect("SELECT", "a query begins with SELECT");
    List<Output> outputs = outputs();
    cursor.expect("FROM", "after an output come AS, a comma or FROM");
    if (!cursor.skip("readings")) {
      Token from = cursor.token();
      throw cursor.wrong(from, "queries read FROM readings, not from " + from.quoted());
    }
    Optional<Condition> where =
        cursor.skip("WHERE") ? Optional.of(values.condition()) : Optional.empty();
    Optional<Attribute> groupBy = cursor.skip("GROUP") ? Optional.of(group()) : Optional.empty();
    OptionalLong every = cursor.skip("EVERY") ? OptionalLong.of(every()) : OptionalLong.empty();
    end(where.isPresent(), groupBy.isPresent(), every.isPresent());
    return new Query(cursor.text(), outputs, where, groupBy, every);
  }

  // ---- outputs

  private List<Output> outputs() throws QueryException {
    List<Output> outputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    do {
      Token first = cursor.token();
      Output output = output();
      if (!names.add(output.name())) {
        throw cursor.wrong(
            first, "two outputs are called " + output.name() + "; rename one with AS another_name");
      }
      if (names.size() > Query.OUTPUTS_MAX) {
        throw cursor.wrong(first, "a query has at most " + Query.OUTPUTS_MAX + " outputs");
      }
      outputs.add(output);
    } while (cursor.skip(","));
    return outputs;
  }

  private Output output() throws QueryException {
    Token first = cursor.token();
    Expression expression = sum();
    if (cursor.skip("AS")) {
      return new Output(expression, name());
    }
    Optional<String> name = expression.defaultName();
    if (name.isEmpty() && !cursor.atAny("FROM", ",")) {
      cursor.expect("FROM", "after an output come AS, a comma or FROM");
    }
    return new Output(
        expression,
        name.orElseThrow(() -> cursor.wrong(first, "this output needs a name: AS some_name")));
  }

  private Expression sum() throws QueryException {
    Expression left = product();
    while (cursor.atAny("+", "-")) {
      left = arithmetic(cursor.take(), left, product());
    }
    return left;
  }

  private Expression product() throws QueryException {
    Expression left = factor();
    while (cursor.atAny("*", "/")) {
      left = arithmetic(cursor.take(), left, factor());
    }
    return left;
  }

  private Expression arithmetic(Token sign, Expression left, Expression right)
      throws QueryException {
    return new Expression.Arithmetic(
        sign.text().charAt(0), number(left), number(right), sign.column());
  }

  private Expression number(Expression expression) throws QueryException {
    if (expression instanceof Aggregate && !(expression instanceof Expression.Numeric)) {
      throw new QueryException(
          cursor.text(), expression.column(), "this is not one number: it can't be computed with");
    }
    return expression;
  }

  private Expression factor() throws QueryException {
    cursor.count();
    cursor.enter();
    Expression factor = inner();
    cursor.leave();
    return factor;
  }

  private Expression inner() throws QueryException {
    Token first = cursor.token();
    if (first.kind() == Token.Kind.NUMBER) {
      return new Expression.Constant(cursor.number(), first.column());
    }
    if (cursor.skip("-")) {
      return new Expression.Negative(number(factor()), first.column());
    }
    if (cursor.skip("(")) {
      Expression within = sum();
      cursor.close("an output is a function, or arithmetic with functions");
      return within;
    }
    return function();
  }

  private Expression function() throws QueryException {
    Token function = cursor.token();
    boolean word = function.kind() == Token.Kind.WORD;
    if (!word || RESERVED.contains(Cursor.lower(function)) && !isOther(function)) {
      throw cursor.wrong(
          function, "expected a function, not " + function.quoted() + "; there are " + FUNCTIONS);
    }
    cursor.take();
    if (function.is("TOP") || function.is("FIRST")) {
      return ranking(function);
    }
    if (!cursor.at("(")) {
      throw cursor.wrong(
          cursor.atAny("FROM", ",", "AS") ? function : cursor.token(),
          "every output is a function with parentheses, such as AVG("
              + (known(function) ? "t" : function.text())
              + ")");
    }
    if (!known(function)) {
      throw unknown(function);
    }
    cursor.take();
    Expression of = arguments(function);
    cursor.close(
        "in "
            + function.text().toUpperCase(Locale.ROOT)
            + "( ) "
            + (of instanceof Expression.Holds ? "stands a condition" : "stands a value"));
    return of;
  }

  private Expression arguments(Token function) throws QueryException {
    int column = function.column();
    if (function.is("COUNT") && cursor.skip("*")) {
      return new Expression.CountAll(column);
    }
    if (function.is("ANY") || function.is("ALL")) {
      return new Expression.Holds(function.is("ALL"), values.condition(), column);
    }
    if (function.is("DISTINCT")) {
      return distinct(column);
    }
    Scalar of = value(function);
    if (function.is("HISTOGRAM")) {
      return histogram(of, column);
    }
    if (isQuantile(function)) {
      OptionalInt bins =
          cursor.skip(",")
              ? OptionalInt.of(cursor.whole(2, Bins.BINS_LIMIT, "bins"))
              : OptionalInt.empty();
      return new Expression.Quantile(percent(function), of, bins, column);
    }
    return new Expression.Of(
        Statistic.valueOf(function.text().toUpperCase(Locale.ROOT)), of, column);
  }

  private Scalar value(Token function) throws QueryException {
    Token first = cursor.token();
    if (first.is("*")) {
      throw cursor.wrong(
          first, "expected a channel in " + function.text() + "( ), not '*'; only COUNT takes *");
    }
    if (first.is(")")) {
      throw cursor.wrong(first, "expected a channel in " + function.text() + "( ), not ')'");
    }
    if (first.is("DISTINCT")) {
      throw cursor.wrong(
          first, "DISTINCT is a function of its own and says the values: DISTINCT(t)");
    }
    return values.value();
  }

  private Expression histogram(Scalar of, int column) throws QueryException {
    String rule = "HISTOGRAM takes a value, its low end, its high end and bins: (t, -10, 40, 10)";
    cursor.expect(",", rule);
    var low = signed();
    cursor.expect(",", rule);
    Token second = cursor.token();
    var high = signed();
    if (high.compareTo(low) <= 0) {
      throw cursor.wrong(second, "the high end is above the low one");
    }
    cursor.expect(",", rule);
    int bins = cursor.whole(1, HISTOGRAM_BINS_MAX, "bins");
    return new Expression.Histogram(of, low, high, bins, column);
  }

  private java.math.BigDecimal signed() throws QueryException {
    boolean negative = cursor.skip("-");
    return negative ? cursor.number().negate() : cursor.number();
  }

  private Expression ranking(Token function) throws QueryException {
    String rule = function.text() + " takes a number of nodes and BY a value: TOP 3 BY t";
    int nodes = cursor.whole(1, RANKED_MAX, "the nodes of TOP and FIRST");
    if (!cursor.skip("nodes")) {
      cursor.skip("node");
    }
    cursor.expect("BY", rule);
    cursor.count();
    return new Expression.Rank(function.is("TOP"), nodes, values.value(), function.column());
  }

  private Expression distinct(int column) throws QueryException {
    Optional<Attribute> attribute = Attribute.of(cursor.token());
    if (attribute.isPresent()) {
      cursor.take();
      return new Expression.DistinctAttributes(attribute.get(), most(), column);
    }
    return new Expression.DistinctValues(values.value(), most(), column);
  }

  private int most() throws QueryException {
    return cursor.skip(",")
        ? cursor.whole(1, DISTINCT_MAX, "the values of DISTINCT")
        : DISTINCT_DEFAULT;
  }

  private String name() throws QueryException {
    Token name = cursor.token();
    if (name.kind() != Token.Kind.WORD
        || !name.text().matches("[a-z][a-z0-9_]{0," + (Query.NAME_MAX - 1) + "}")) {
      throw cursor.wrong(
          name,
          "names are lower-case letters, digits and underscores, 1 to "
              + Query.NAME_MAX
              + " of them");
    }
    if (RESERVED.contains(name.text())) {
      throw cursor.wrong(
          name, "'" + name.text() + "' is a word of the language; choose another name");
    }
    return cursor.take().text();
  }

  // ---- clauses

  private Attribute group() throws QueryException {
    cursor.expect("BY", "GROUP BY an attribute");
    Token word = cursor.token();
    Optional<Attribute> attribute = Attribute.of(word);
    if (attribute.filter(a -> a.values > 0).isEmpty()) {
      throw cursor.wrong(
          word,
          "groups are by "
              + String.join(", ", Attribute.groups())
              + ", not by "
              + word.quoted()
              + (attribute.isPresent()
                  ? ": each group takes room in every row; zones tell cells apart anyway"
                  : ""));
    }
    cursor.take();
    return attribute.get();
  }

  private long every() throws QueryException {
    Token number = cursor.token();
    if (!number.text().matches("[0-9]{1,9}")) {
      throw cursor.wrong(
          number, "EVERY takes a whole number and a unit: EVERY 500 ms, 5 s, 2 min or 1 h");
    }
    cursor.take();
    long millis = Long.parseLong(number.text()) * unitMillis();
    if (millis < Query.EVERY_MIN_MS || millis > Query.EVERY_MAX_MS) {
      throw cursor.wrong(number, "EVERY is " + Query.EVERY_MIN_MS + " ms to 24 h");
    }
    cursor.take();
    return millis;
  }

  private long unitMillis() throws QueryException {
    Token unit = cursor.token();
    return switch (Cursor.lower(unit)) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "min" -> 60_000;
      case "h" -> 3_600_000;
      default ->
          throw cursor.wrong(unit, "expected a unit, not " + unit.quoted() + ": ms, s, min or h");
    };
  }

  private void end(boolean where, boolean groupBy, boolean every) throws QueryException {
    Token rest = cursor.token();
    if (rest.kind() == Token.Kind.END) {
      return;
    }
    List<String> later =
        Stream.of(
                where || groupBy || every ? "" : "WHERE",
                groupBy || every ? "" : "GROUP BY",
                every ? "" : "EVERY")
            .filter(clause -> !clause.isEmpty())
            .toList();
    String possible =
        every
            ? "nothing can follow EVERY"
            : "here only " + String.join(", ", later) + " can follow";
    String upper = rest.text().toUpperCase(Locale.ROOT);
    throw cursor.wrong(
        rest,
        FOREIGN_CLAUSES.contains(upper)
            ? "there is no " + upper + "; " + possible
            : possible + ", not " + rest.quoted());
  }

  // ---- functions

  private static boolean known(Token function) {
    return STATISTICS.contains(function.text().toUpperCase(Locale.ROOT))
        || isOther(function)
        || (isQuantile(function) && percent(function) <= 100);
  }

  private static boolean isOther(Token function) {
    return OTHERS.contains(function.text().toUpperCase(Locale.ROOT));
  }

  private static boolean isQuantile(Token function) {
    return function.text().matches("[Pp][0-9]{1,3}");
  }

  private static int percent(Token function) {
    return Integer.parseInt(function.text().substring(1));
  }

  private QueryException unknown(Token function) {
    List<String> names = Stream.concat(STATISTICS.stream(), OTHERS.stream()).toList();
    String hint =
        function.is("MEDIAN") ? "; did you mean P50?" : Nearest.hint(function.text(), names);
    return cursor.wrong(
        function, "there is no function " + function.text() + hint + " There are " + FUNCTIONS);
  }
}
