package starling.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what is said of one node: values and conditions. */
final class ValueParser {
  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<>", "<", "<=", ">", ">=");
  private static final int TEXTS_MAX = 32;

  private final Cursor cursor;

  /** Whether attributes are read as such: in a function of values their names may be channels'. */
  private boolean conditional;

  ValueParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** A value: {@code t * 2 + u}. */
  Scalar value() throws QueryException {
    Token first = cursor.token();
    return scalar(sum(), first);
  }

  /** A condition: {@code t > 20 AND NOT mains}. */
  Condition condition() throws QueryException {
    conditional = true;
    Condition condition = condition(disjunction());
    conditional = false;
    return condition;
  }

  private Scalar scalar(Said said, Token first) throws QueryException {
    if (said instanceof Scalar scalar) {
      return scalar;
    }
    throw cursor.wrong(
        first,
        said instanceof Condition.Flag(Attribute flag, _)
            ? flag.word()
                + " is a condition by itself: WHERE "
                + flag.word()
                + ", WHERE NOT "
                + flag.word()
            : "here stands a condition, and a value is wanted");
  }

  private Condition condition(Said said) throws QueryException {
    if (said instanceof Condition condition) {
      return condition;
    }
    throw cursor.wrong(
        cursor.token(),
        "expected a comparison (= != < <= > >=) after a value, not " + cursor.token().quoted());
  }

  // ---- from what binds least to what binds most

  private Said disjunction() throws QueryException {
    Said left = conjunction();
    while (cursor.skip("OR")) {
      left = new Condition.Or(condition(left), condition(conjunction()));
    }
    return left;
  }

  private Said conjunction() throws QueryException {
    Said left = negation();
    while (cursor.skip("AND")) {
      left = new Condition.And(condition(left), condition(negation()));
    }
    return left;
  }

  private Said negation() throws QueryException {
    if (!cursor.skip("NOT")) {
      return comparison();
    }
    cursor.enter();
    Condition not = new Condition.Not(condition(negation()));
    cursor.leave();
    return not;
  }

  private Said comparison() throws QueryException {
    Token first = cursor.token();
    Said left = sum();
    Token sign = cursor.token();
    if (sign.kind() != Token.Kind.SIGN || !COMPARISONS.contains(sign.text())) {
      return left;
    }
    Scalar value = scalar(left, first);
    cursor.take();
    String normal = sign.text().equals("<>") ? "!=" : sign.text();
    return new Condition.Comparison(value, normal, value(), sign.column());
  }

  private Said sum() throws QueryException {
    Token first = cursor.token();
    Said left = product();
    while (cursor.atAny("+", "-")) {
      left = binary(left, first, this::product);
    }
    return left;
  }

  private Said product() throws QueryException {
    Token first = cursor.token();
    Said left = factor();
    while (cursor.atAny("*", "/")) {
      left = binary(left, first, this::factor);
    }
    return left;
  }

  private interface Operand {
    Said read() throws QueryException;
  }

  private Scalar binary(Said left, Token first, Operand operand) throws QueryException {
    Scalar value = scalar(left, first);
    Token sign = cursor.take();
    Token next = cursor.token();
    Scalar other = scalar(operand.read(), next);
    return new Scalar.Binary(sign.text().charAt(0), value, other, sign.column());
  }

  private Said factor() throws QueryException {
    cursor.count();
    cursor.enter();
    Said factor = inner();
    cursor.leave();
    return factor;
  }

  private Said inner() throws QueryException {
    Token first = cursor.token();
    if (first.kind() == Token.Kind.NUMBER) {
      return new Scalar.Literal(cursor.number(), first.column());
    }
    if (cursor.skip("-")) {
      Token next = cursor.token();
      return new Scalar.Negative(scalar(factor(), next), first.column());
    }
    if (cursor.skip("(")) {
      Said within = disjunction();
      cursor.close("values are joined with + - * /, conditions with AND and OR");
      return within;
    }
    Optional<Attribute> attribute = conditional ? Attribute.of(first) : Optional.empty();
    if (attribute.isPresent()) {
      cursor.take();
      return ofAttribute(attribute.get(), first);
    }
    if (first.kind() != Token.Kind.WORD || Parser.RESERVED.contains(Cursor.lower(first))) {
      throw cursor.wrong(first, "expected a channel or a number, not " + first.quoted());
    }
    cursor.take();
    return cursor.at("(") ? rounded(first) : new Scalar.Reading(first.text(), first.column());
  }

  private Scalar rounded(Token function) throws QueryException {
    if (!function.is("ROUND")) {
      throw cursor.wrong(
          function,
          "of one node's values there is only ROUND, not "
              + function.text()
              + "; AVG, MAX and so"
              + " on are of all nodes and don't stand within each other");
    }
    cursor.take();
    Scalar of = value();
    cursor.expect(",", "ROUND takes a value and decimals: ROUND(t, 1)");
    int decimals = cursor.whole(0, 6, "decimals");
    cursor.close("ROUND takes a value and decimals: ROUND(t, 1)");
    return new Scalar.Rounded(of, decimals, function.column());
  }

  private Condition ofAttribute(Attribute attribute, Token word) throws QueryException {
    if (attribute.isFlag()) {
      return new Condition.Flag(attribute, word.column());
    }
    if (cursor.skip("=")) {
      return new Condition.Among(attribute, List.of(name(attribute)), word.column());
    }
    if (cursor.skip("!=") || cursor.skip("<>")) {
      return new Condition.Not(
          new Condition.Among(attribute, List.of(name(attribute)), word.column()));
    }
    boolean not = cursor.skip("NOT");
    cursor.expect("IN", attribute.word() + " is compared with =, != or IN ( )");
    Condition among = new Condition.Among(attribute, names(attribute), word.column());
    return not ? new Condition.Not(among) : among;
  }

  private List<String> names(Attribute attribute) throws QueryException {
    cursor.expect("(", "expected ( after IN");
    List<String> names = new ArrayList<>();
    do {
      if (names.size() == TEXTS_MAX) {
        throw cursor.wrong(cursor.token(), "at most " + TEXTS_MAX + " names in one IN ( )");
      }
      names.add(name(attribute));
    } while (cursor.skip(","));
    cursor.close("names are separated by commas");
    return names;
  }

  private String name(Attribute attribute) throws QueryException {
    Token.Kind kind = attribute == Attribute.SCHEMA ? Token.Kind.NUMBER : Token.Kind.TEXT;
    if (!cursor.at(kind)) {
      throw cursor.wrong(
          cursor.token(),
          attribute == Attribute.SCHEMA
              ? "a schema is a number: schema = 2"
              : "a name stands in quotes: " + attribute.word() + " = 'north'");
    }
    return cursor.take().text();
  }
}
