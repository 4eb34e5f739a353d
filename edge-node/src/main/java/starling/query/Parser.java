package starling.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import starling.query.Expression.Statistic;
import starling.query.Query.Output;

/**
 * Reads a query by recursive descent, one method a rule of {@link Query}'s grammar. What later
 * versions will understand is recognised here and refused by name, so that nobody mistakes it for a
 * typing error.
 */
final class Parser {
  private static final String FUNCTIONS = "COUNT, SUM, AVG, MIN, MAX, STDDEV, P0 to P100";
  private static final List<String> STATISTICS =
      Arrays.stream(Statistic.values()).map(Statistic::name).toList();
  private static final Set<String> LATER_CLAUSES =
      Set.of("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "SPREAD", "WITHIN");
  private static final Set<String> RESERVED =
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
          "and",
          "or",
          "not",
          "distinct");

  private final String text;
  private final Lexer lexer;
  private Token token;

  Parser(String text) throws QueryException {
    this.text = text;
    this.lexer = new Lexer(text);
    this.token = lexer.next();
  }

  Query query() throws QueryException {
    keyword("SELECT", "a query begins with SELECT");
    List<Output> outputs = outputs();
    keyword("FROM", "after an output come AS, a comma or FROM");
    if (!token.is("readings")) {
      throw wrong(token, "queries read FROM readings, not from " + token.quoted());
    }
    advance();
    OptionalLong every = token.is("EVERY") ? OptionalLong.of(every()) : OptionalLong.empty();
    end(every.isPresent());
    return new Query(text, outputs, every);
  }

  private List<Output> outputs() throws QueryException {
    List<Output> outputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    do {
      if (!outputs.isEmpty()) {
        advance();
      }
      Token first = token;
      Output output = output();
      if (!names.add(output.name())) {
        throw wrong(
            first, "two outputs are called " + output.name() + "; rename one with AS another_name");
      }
      if (names.size() > Query.OUTPUTS_MAX) {
        throw wrong(first, "a query has at most " + Query.OUTPUTS_MAX + " outputs");
      }
      outputs.add(output);
    } while (token.is(","));
    return outputs;
  }

  private Output output() throws QueryException {
    Expression expression = function();
    if (token.kind() == Token.Kind.SIGN && "*+-/%".contains(token.text())) {
      throw wrong(
          token, "this version has no arithmetic; an output is one function, such as AVG(t)");
    }
    if (!token.is("AS")) {
      return new Output(expression, expression.defaultName());
    }
    advance();
    return new Output(expression, name());
  }

  private Expression function() throws QueryException {
    if (token.kind() != Token.Kind.WORD || RESERVED.contains(lower(token))) {
      throw wrong(token, "expected a function, not " + token.quoted() + "; there are " + FUNCTIONS);
    }
    Token function = token;
    advance();
    if (!token.is("(")) {
      throw wrong(
          token.is("FROM") || token.is(",") || token.is("AS") ? function : token,
          "every output is a function with parentheses, such as AVG("
              + (known(function) ? "t" : function.text())
              + ")");
    }
    if (!known(function)) {
      throw unknown(function);
    }
    advance();
    return function.is("COUNT") && token.is("*") ? countAll() : ofChannel(function);
  }

  private Expression countAll() throws QueryException {
    advance();
    close();
    return new Expression.CountAll();
  }

  private Expression ofChannel(Token function) throws QueryException {
    Token channel = token;
    if (channel.kind() != Token.Kind.WORD) {
      throw wrong(
          channel,
          "expected a channel in "
              + function.text()
              + "( ), not "
              + channel.quoted()
              + (channel.is("*") ? "; only COUNT takes *" : ""));
    }
    advance();
    if (channel.is("DISTINCT")) {
      throw wrong(channel, "this version has no DISTINCT; a function takes one channel");
    }
    close();
    if (isQuantile(function)) {
      return new Expression.Quantile(percent(function), channel.text(), channel.column());
    }
    return new Expression.Of(
        Statistic.valueOf(function.text().toUpperCase(Locale.ROOT)),
        channel.text(),
        channel.column());
  }

  private void close() throws QueryException {
    if (!token.is(")")) {
      throw wrong(token, "expected ), not " + token.quoted() + "; a function takes one channel");
    }
    advance();
  }

  private String name() throws QueryException {
    String name = token.text();
    if (!name.matches("[a-z][a-z0-9_]{0," + (Query.NAME_MAX - 1) + "}")) {
      throw wrong(
          token,
          "names are lower-case letters, digits and underscores, 1 to "
              + Query.NAME_MAX
              + " of them");
    }
    if (RESERVED.contains(name)) {
      throw wrong(token, "'" + name + "' is a word of the language; choose another name");
    }
    advance();
    return name;
  }

  private long every() throws QueryException {
    advance();
    Token number = token;
    if (!number.text().matches("[0-9]{1,9}")) {
      throw wrong(number, "EVERY takes a whole number and a unit: EVERY 500 ms, 5 s, 2 min or 1 h");
    }
    advance();
    long millis = Long.parseLong(number.text()) * unitMillis();
    if (millis < Query.EVERY_MIN_MS || millis > Query.EVERY_MAX_MS) {
      throw wrong(number, "EVERY is " + Query.EVERY_MIN_MS + " ms to 24 h");
    }
    advance();
    return millis;
  }

  private long unitMillis() throws QueryException {
    return switch (lower(token)) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "min" -> 60_000;
      case "h" -> 3_600_000;
      default -> throw wrong(token, "expected a unit, not " + token.quoted() + ": ms, s, min or h");
    };
  }

  private void end(boolean every) throws QueryException {
    if (token.kind() == Token.Kind.END) {
      return;
    }
    String possible =
        every ? "nothing can follow EVERY" : "after FROM readings only EVERY can follow";
    if (LATER_CLAUSES.contains(token.text().toUpperCase(Locale.ROOT))) {
      throw wrong(
          token, "this version has no " + token.text().toUpperCase(Locale.ROOT) + "; " + possible);
    }
    throw wrong(token, possible + ", not " + token.quoted());
  }

  private static boolean known(Token function) {
    return STATISTICS.contains(function.text().toUpperCase(Locale.ROOT))
        || (isQuantile(function) && percent(function) <= 100);
  }

  private static boolean isQuantile(Token function) {
    return function.text().matches("[Pp][0-9]{1,3}");
  }

  private static int percent(Token function) {
    return Integer.parseInt(function.text().substring(1));
  }

  private QueryException unknown(Token function) {
    String hint =
        function.is("MEDIAN") ? "; did you mean P50?" : Nearest.hint(function.text(), STATISTICS);
    return wrong(
        function, "there is no function " + function.text() + hint + " There are " + FUNCTIONS);
  }

  private void keyword(String word, String rule) throws QueryException {
    if (!token.is(word)) {
      throw wrong(token, rule + ", not " + token.quoted());
    }
    advance();
  }

  private void advance() throws QueryException {
    token = lexer.next();
  }

  private QueryException wrong(Token at, String problem) {
    return new QueryException(text, at.column(), problem);
  }

  private static String lower(Token token) {
    return token.text().toLowerCase(Locale.ROOT);
  }
}
