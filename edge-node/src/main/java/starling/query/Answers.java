package starling.query;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Answer;
import starling.query.Expression.Aggregate;
import starling.query.Query.Output;

/** What the outputs of a plan say of a state. */
final class Answers {
  /** Digits that quotients have beyond those of what is divided. */
  private static final int DIGITS_MORE = 3;

  /** The finest resolution of a channel, and those. */
  private static final int DECIMALS_MAX = 9;

  private final Plan plan;
  private final Labels labels;

  Answers(Plan plan, Labels labels) {
    this.plan = plan;
    this.labels = labels;
  }

  /** By output name; what is not known is absent. */
  SortedMap<String, Answer> of(Group group) {
    SortedMap<String, Answer> answers = new TreeMap<>();
    for (Output output : plan.query().outputs()) {
      answer(output.expression(), group).ifPresent(answer -> answers.put(output.name(), answer));
    }
    return answers;
  }

  private Optional<Answer> answer(Expression of, Group group) {
    return switch (of) {
      case Expression.Histogram histogram -> histogram(histogram, group);
      case Expression.Holds holds ->
          ((Held) state(holds, group)).answer(holds.all()).map(Answer.Truth::new);
      case Expression.Rank rank -> ranking((Ranking) state(rank, group));
      case Expression.DistinctValues distinct -> numbers(distinct, group);
      case Expression.DistinctAttributes distinct -> names(distinct, group);
      case Expression.Constant _,
          Expression.Negative _,
          Expression.Arithmetic _,
          Expression.Numeric _ ->
          number(of, group).map(number -> new Answer.Quantity(number.doubleValue()));
    };
  }

  private State state(Aggregate of, Group group) {
    return group.states().get(plan.place(Parts.key(of)));
  }

  private Part part(Aggregate of) {
    return plan.parts().get(plan.place(Parts.key(of)));
  }

  // ---- numbers

  private Optional<BigDecimal> number(Expression of, Group group) {
    return switch (of) {
      case Expression.Constant constant -> Optional.of(constant.value());
      case Expression.Negative negative -> number(negative.of(), group).map(BigDecimal::negate);
      case Expression.Arithmetic arithmetic -> arithmetic(arithmetic, group);
      case Expression.CountAll _ -> Optional.of(BigDecimal.valueOf(group.nodes()));
      case Expression.Of o -> ((Tally) state(o, group)).answer(o.statistic());
      case Expression.Quantile q -> ((Tally) state(q, group)).quantile(q.percent());
      case Expression.Histogram _,
          Expression.Holds _,
          Expression.Rank _,
          Expression.DistinctValues _,
          Expression.DistinctAttributes _ ->
          Optional.empty();
    };
  }

  private Optional<BigDecimal> arithmetic(Expression.Arithmetic of, Group group) {
    Optional<BigDecimal> left = number(of.left(), group);
    Optional<BigDecimal> right = number(of.right(), group);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal a = left.get();
    BigDecimal b = right.get();
    return switch (of.sign()) {
      case '+' -> Optional.of(a.add(b));
      case '-' -> Optional.of(a.subtract(b));
      case '*' -> {
        BigDecimal product = a.multiply(b);
        int scale = Math.min(product.scale(), DECIMALS_MAX);
        yield Optional.of(product.setScale(scale, RoundingMode.HALF_EVEN));
      }
      default -> {
        int scale = Math.min(Math.max(a.scale(), b.scale()) + DIGITS_MORE, DECIMALS_MAX);
        yield b.signum() == 0
            ? Optional.empty()
            : Optional.of(a.divide(b, scale, RoundingMode.HALF_EVEN));
      }
    };
  }

  // ---- others

  private Optional<Answer> histogram(Expression.Histogram of, Group group) {
    Counts counts = (Counts) state(of, group);
    if (counts.values() == 0) {
      return Optional.empty();
    }
    int[] all = counts.counts();
    List<Long> bins = Arrays.stream(all, 1, all.length - 1).asLongStream().boxed().toList();
    return Optional.of(
        new Answer.Histogram(
            of.low().doubleValue(), of.high().doubleValue(), all[0], bins, all[all.length - 1]));
  }

  private Optional<Answer> ranking(Ranking ranking) {
    Measure measure = ranking.podium().measure();
    List<Answer.Ranked> nodes =
        ranking.entries().stream()
            .map(entry ->
                new Answer.Ranked(
                    labels.node(entry.cell(), entry.slot()),
                    measure.number(entry.steps()).doubleValue()))
            .toList();
    return nodes.isEmpty() ? Optional.empty() : Optional.of(new Answer.Ranking(nodes));
  }

  private Optional<Answer> numbers(Expression.DistinctValues of, Group group) {
    Values values = (Values) state(of, group);
    int decimals = ((Spectrum) part(of)).decimals();
    List<Double> numbers =
        Arrays.stream(values.values())
            .mapToObj(steps -> BigDecimal.valueOf(steps, decimals).doubleValue())
            .toList();
    return numbers.isEmpty()
        ? Optional.empty()
        : Optional.of(new Answer.Numbers(numbers, values.more()));
  }

  private Optional<Answer> names(Expression.DistinctAttributes of, Group group) {
    Values values = (Values) state(of, group);
    List<String> names =
        Arrays.stream(values.values()).mapToObj(value -> name(of.of(), value)).toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(new Answer.Texts(names, values.more()));
  }

  private String name(Attribute attribute, long value) {
    return switch (attribute) {
      case NODE -> labels.node((int) (value >>> 8), (int) (value & 0xFF));
      case CELL -> labels.cell((int) value);
      case MAINS, UPLINK -> value == 1 ? "yes" : "no";
      case SCHEMA -> Long.toString(value);
    };
  }
}
