package starling.query;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import starling.model.Channel;
import starling.model.Schema;

/** Checks what a query says of nodes against the schemas: names, units, ranges. */
final class Checker {
  /** A condition that can be answered. */
  interface Filter {
    Truth of(Sample sample);
  }

  private final String text;
  private final List<Schema> schemas;
  private final Catalogue catalogue;

  Checker(String text, List<Schema> schemas) {
    this.text = text;
    this.schemas = schemas;
    this.catalogue = new Catalogue(text, schemas);
  }

  Measure measure(Scalar said) throws QueryException {
    return Measure.of(said.text(), term(said), text, said.column());
  }

  Term term(Scalar said) throws QueryException {
    return switch (said) {
      case Scalar.Literal literal -> Term.literal(literal.value());
      case Scalar.Reading reading -> reading(reading);
      case Scalar.Negative negative -> term(negative.of()).negated();
      case Scalar.Rounded rounded -> term(rounded.of()).rounded(rounded.decimals());
      case Scalar.Binary binary -> binary(binary);
    };
  }

  private Term reading(Scalar.Reading reading) throws QueryException {
    List<Channel> declared = catalogue.channels(reading.channel(), reading.column());
    Channel any = declared.getFirst();
    long lowest = declared.stream().mapToLong(c -> c.steps(c.minimum())).min().orElseThrow();
    long highest = declared.stream().mapToLong(c -> c.steps(c.maximum())).max().orElseThrow();
    Map<Integer, Integer> places = new TreeMap<>();
    for (Schema schema : schemas) {
      schema.indexOf(any.name()).ifPresent(place -> places.put(schema.number(), place));
    }
    int decimals = any.decimals();
    return new Term(
        Unit.of(any.unit()),
        decimals,
        BigDecimal.valueOf(lowest, decimals),
        BigDecimal.valueOf(highest, decimals),
        sample -> {
          Integer place = places.get(sample.schema().number());
          if (place == null || (sample.presentBits() >>> place & 1) == 0) {
            return null;
          }
          long steps = sample.steps()[place];
          return steps < lowest || steps > highest ? null : BigDecimal.valueOf(steps, decimals);
        });
  }

  private Term binary(Scalar.Binary binary) throws QueryException {
    Term left = term(binary.left());
    Term right = term(binary.right());
    char sign = binary.sign();
    if (sign == '+' || sign == '-') {
      fit(left.unit(), right.unit(), sign == '+' ? "add" : "subtract", binary.column());
    }
    return switch (sign) {
      case '+' -> left.plus(right);
      case '-' -> left.minus(right);
      case '*' -> left.times(right);
      default -> {
        if (right.low().signum() == 0 && right.high().signum() == 0) {
          throw new QueryException(text, binary.column(), "this divides by 0");
        }
        yield left.per(right);
      }
    };
  }

  Filter filter(Condition said) throws QueryException {
    return switch (said) {
      case Condition.Comparison comparison -> comparison(comparison);
      case Condition.Among among -> sample -> among.attribute().among(among.texts(), sample);
      case Condition.Flag flag -> sample -> flag.attribute().among(List.of(), sample);
      case Condition.Not not -> {
        Filter of = filter(not.of());
        yield sample -> of.of(sample).not();
      }
      case Condition.And and -> {
        Filter left = filter(and.left());
        Filter right = filter(and.right());
        yield sample -> left.of(sample).and(right.of(sample));
      }
      case Condition.Or or -> {
        Filter left = filter(or.left());
        Filter right = filter(or.right());
        yield sample -> left.of(sample).or(right.of(sample));
      }
    };
  }

  private Filter comparison(Condition.Comparison said) throws QueryException {
    Term left = term(said.left());
    Term right = term(said.right());
    fit(left.unit(), right.unit(), "compare", said.column());
    return sample -> {
      BigDecimal a = left.value().of(sample);
      BigDecimal b = right.value().of(sample);
      return a == null || b == null ? Truth.UNKNOWN : Truth.of(holds(said.sign(), a.compareTo(b)));
    };
  }

  private static boolean holds(String sign, int compared) {
    return switch (sign) {
      case "=" -> compared == 0;
      case "!=" -> compared != 0;
      case "<" -> compared < 0;
      case "<=" -> compared <= 0;
      case ">" -> compared > 0;
      case ">=" -> compared >= 0;
      default -> throw new IllegalStateException("no comparison: " + sign);
    };
  }

  /** Units that must be the same here. */
  void fit(Unit left, Unit right, String verb, int column) throws QueryException {
    if (!left.fits(right)) {
      String units = left.code() + " and " + right.code();
      throw new QueryException(
          text,
          column,
          "can't "
              + verb
              + " "
              + units
              + ": the units differ; multiply or divide by what one has in the other's");
    }
  }
}
