package starling.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import starling.model.Answer;
import starling.model.Channel;
import starling.model.Schema;

/** What the language means, against naive answers over raw readings. */
class LanguageTest {
  private static final Channel T = Contribution.TEMPERATURE;
  private static final Channel H = Contribution.HUMIDITY;
  private static final List<Schema> SCHEMAS = List.of(Contribution.INDOOR, Contribution.OUTDOOR);

  private static Plan plan(String rest) {
    try {
      return Plan.of(Query.parse("SELECT " + rest), SCHEMAS);
    } catch (QueryException e) {
      throw new AssertionError(e.render(), e);
    }
  }

  private static List<Contribution> some(long seed, int count) {
    Random random = new Random(seed);
    return Stream.generate(() -> Contribution.random(random, 3000)).limit(count).toList();
  }

  private static Map<String, Answer> answers(String rest, List<Contribution> all) {
    return Contribution.fold(plan(rest), all).answers(Labels.NUMBERS);
  }

  private static Double number(String rest, List<Contribution> all) {
    return Contribution.fold(plan(rest), all).results().values().stream().findFirst().orElse(null);
  }

  private static String label(Contribution one) {
    return Labels.NUMBERS.node(one.origin().cell(), one.origin().slot());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 30, 500})
  void aHistogramCountsWhatANaiveLoopCounts(int nodes) {
    List<Contribution> all = some(nodes, nodes);
    long[] counts = new long[12];
    for (double value : Contribution.values(all, T)) {
      long steps = T.steps(value);
      int bin = 0;
      while (bin < 11 && steps >= bin * 500L) {
        bin++; // bins of 5 degrees from 0 to 50
      }
      counts[bin]++;
    }
    Answer.Histogram said =
        (Answer.Histogram) answers("HISTOGRAM(t, 0, 50, 10) FROM readings", all).get("histogram_t");
    List<Long> inner = new ArrayList<>();
    for (int bin = 1; bin <= 10; bin++) {
      inner.add(counts[bin]);
    }
    assertEquals(new Answer.Histogram(0, 50, counts[0], inner, counts[11]), said);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void rankingsAreThoseOfASort(int nodes) {
    List<Contribution> all = some(nodes, nodes);
    List<Contribution> sorted =
        all.stream()
            .filter(one -> one.value(T) != null)
            .sorted(
                Comparator.<Contribution, Double>comparing(one -> one.value(T))
                    .thenComparing(one -> one.origin().cell())
                    .thenComparing(one -> one.origin().slot()))
            .toList();
    Map<String, Answer> said =
        answers("FIRST 3 BY t, TOP 3 nodes BY -t AS best FROM readings", all);
    List<Answer.Ranked> first =
        sorted.stream().limit(3).map(one -> new Answer.Ranked(label(one), one.value(T))).toList();
    List<Answer.Ranked> negated =
        first.stream().map(one -> new Answer.Ranked(one.node(), 0 - one.value())).toList();
    assertEquals(first.isEmpty() ? null : new Answer.Ranking(first), said.get("first_t"));
    assertEquals(first.isEmpty() ? null : new Answer.Ranking(negated), said.get("best"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 60})
  void distinctValuesAreThoseOfASet(int nodes) {
    List<Contribution> all = some(nodes, nodes);
    TreeSet<Double> values = new TreeSet<>();
    all.stream().map(one -> one.value(H)).filter(v -> v != null).forEach(values::add);
    Answer said = answers("DISTINCT(h, 10) FROM readings", all).get("distinct_h");
    List<Double> smallest = values.stream().limit(10).toList();
    assertEquals(
        smallest.isEmpty() ? null : new Answer.Numbers(smallest, values.size() > 10), said);
    TreeSet<Integer> cells = new TreeSet<>();
    all.forEach(one -> cells.add(one.origin().cell()));
    assertEquals(
        new Answer.Texts(
            cells.stream().limit(8).map(Labels.NUMBERS::cell).toList(), cells.size() > 8),
        answers("DISTINCT(cell) FROM readings", all).get("distinct_cell"));
  }

  @Test
  void anyAndAllAreOfThoseWhoKnow() {
    String asked = "ANY(h > 50) AS some, ALL(h > 50) AS each FROM readings";
    List<Contribution> all = some(1, 200);
    List<Contribution> dry = where(all, one -> one.value(H) != null && one.value(H) <= 50);
    List<Contribution> wet = where(all, one -> one.value(H) != null && one.value(H) > 50);
    List<Contribution> silent = where(all, one -> one.value(H) == null);
    assertEquals(
        Map.of("some", new Answer.Truth(true), "each", new Answer.Truth(false)),
        answers(asked, all));
    assertEquals(new Answer.Truth(false), answers(asked, dry).get("some"));
    List<Contribution> wetOrSilent = new ArrayList<>(wet);
    wetOrSilent.addAll(silent);
    assertEquals(new Answer.Truth(true), answers(asked, wetOrSilent).get("each"));
    assertEquals(Map.of(), answers(asked, silent));
  }

  private static List<Contribution> where(List<Contribution> all, Predicate<Contribution> test) {
    return all.stream().filter(test).toList();
  }

  /** A condition as text, and what a naive evaluator says of it: null for what is not known. */
  private record Drawn(String text, java.util.function.Function<Contribution, Boolean> holds) {}

  private static Drawn draw(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 7 : 4);
    if (kind < 2) {
      int limit = random.nextInt(-20, 80);
      boolean t = random.nextBoolean();
      String sign = List.of("<", "<=", ">", ">=", "=", "!=").get(random.nextInt(6));
      return new Drawn(
          (t ? "t * 2 - t " : "-(-h)") + sign + " " + (t ? "" : "-1 + 1 + ") + limit(limit),
          one -> {
            Double value = one.value(t ? T : H);
            return value == null ? null : compare(value, sign, limit);
          });
    }
    if (kind == 2) {
      return new Drawn("mains", one -> one.origin().mains());
    }
    if (kind == 3) {
      String name = "n" + random.nextInt(64);
      return new Drawn(
          "(cell = 'odd' OR node IN ('x', '" + name + "'))",
          one -> one.origin().path().endsWith("odd") || one.origin().name().equals(name));
    }
    Drawn left = draw(random, depth - 1);
    Drawn right = draw(random, depth - 1);
    return switch (kind) {
      case 4 -> new Drawn("NOT (" + left.text + ")", one -> not(left.holds.apply(one)));
      case 5 ->
          new Drawn(
              "(" + left.text + ") AND (" + right.text + ")",
              one -> and(left.holds.apply(one), right.holds.apply(one)));
      default ->
          new Drawn(
              left.text + " OR " + right.text,
              one -> not(and(not(left.holds.apply(one)), not(right.holds.apply(one)))));
    };
  }

  private static String limit(int limit) {
    return limit < 0 ? "(0 - " + -limit + ")" : Integer.toString(limit);
  }

  private static boolean compare(double value, String sign, int limit) {
    return switch (sign) {
      case "<" -> value < limit;
      case "<=" -> value <= limit;
      case ">" -> value > limit;
      case ">=" -> value >= limit;
      case "=" -> value == limit;
      default -> value != limit;
    };
  }

  private static Boolean not(Boolean of) {
    return of == null ? null : !of;
  }

  private static Boolean and(Boolean left, Boolean right) {
    if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
      return false;
    }
    return left == null || right == null ? null : Boolean.TRUE;
  }

  @Test
  void whereTakesThoseForWhomANaiveEvaluatorSaysYes() {
    Random random = new Random(7);
    List<Contribution> all = some(8, 120);
    for (int i = 0; i < 300; i++) {
      Drawn drawn = draw(random, 3);
      List<Contribution> taken = where(all, one -> Boolean.TRUE.equals(drawn.holds.apply(one)));
      String outputs = "COUNT(*), AVG(h), P50(t), MAX(t) - MIN(t) AS range FROM readings";
      Partial state = Contribution.fold(plan(outputs + " WHERE " + drawn.text), all);
      assertEquals(all.size(), state.leaves(), "who is not asked reported all the same");
      assertEquals(Contribution.fold(plan(outputs), taken).results(), state.results(), drawn.text);
    }
  }

  @Test
  void groupsAreWhatWhereWouldTake() {
    List<Contribution> all = some(9, 100);
    Map<String, Answer> mains = answers("AVG(t), COUNT(*) FROM readings GROUP BY mains", all);
    Map<String, Answer> yes = answers("AVG(t), COUNT(*) FROM readings WHERE mains", all);
    Map<String, Answer> no = answers("AVG(t), COUNT(*) FROM readings WHERE NOT mains", all);
    assertEquals(
        Map.of(
            "avg_t_mains_yes", yes.get("avg_t"),
            "count_mains_yes", yes.get("count"),
            "avg_t_mains_no", no.get("avg_t"),
            "count_mains_no", no.get("count")),
        mains);
    Map<String, Answer> schema = answers("COUNT(*) FROM readings GROUP BY schema", all);
    assertEquals(2, schema.size());
    assertEquals(
        answers("COUNT(*) FROM readings WHERE schema = 3", all).get("count"),
        schema.get("count_schema_3"));
    assertEquals(
        Map.of("count_schema_0", "1", "count_schema_3", "1"),
        plan("COUNT(*) FROM readings GROUP BY schema").units());
  }

  @Test
  void arithmeticOfAggregatesIsDecimal() {
    List<Contribution> all = where(some(10, 50), one -> one.value(T) != null);
    double[] t = Contribution.values(all, T);
    double mean = java.util.Arrays.stream(t).average().orElseThrow();
    assertEquals(t[t.length - 1] - t[0], number("MAX(t) - MIN(t) AS x FROM readings", all), 1e-9);
    assertEquals(mean * 1.8 + 32, number("AVG(t) * 1.8 + 32 AS f FROM readings", all), 1e-4);
    assertEquals(mean, number("SUM(t) / COUNT(*) AS x FROM readings", all), 1e-5);
    assertEquals(-mean, number("-(AVG(t) - 0) AS x FROM readings", all), 1e-5);
    assertNull(number("AVG(t) / (COUNT(*) - 50) AS x FROM readings", all.subList(0, 0)));
  }

  @Test
  void arithmeticOfChannelsIsOfEachNode() {
    List<Contribution> all = some(11, 80);
    double sum = 0;
    int count = 0;
    double highest = -1e9;
    for (Contribution one : all) {
      if (one.value(T) != null && one.value(H) != null) {
        sum += one.value(T) * one.value(H);
        highest = Math.max(highest, Math.rint((one.value(T) * 2 + 10) * 10) / 10);
        count++;
      }
    }
    String asked =
        "SUM(t * h) AS x, COUNT(t * h) AS n, MAX(ROUND(t * 2 + 10, 1)) AS y FROM readings"
            + " WHERE h >= 0";
    Map<String, Double> said = Contribution.fold(plan(asked), all).results();
    assertEquals(sum, said.get("x"), 1e-6);
    assertEquals(count, said.get("n"));
    assertEquals(highest, said.get("y"), 1e-9);
  }

  @Test
  void aQuotientByZeroIsNotKnown() {
    Channel flow = new Channel("f", "m3/h", 1, 0, 10);
    Channel area = new Channel("a", "m2", 1, 0, 10);
    Schema schema = new Schema(1, List.of(flow, area));
    try {
      Query query =
          Query.parse(
              "SELECT AVG(ROUND(f / a, 2)) AS speed, COUNT(ROUND(f / (a + 1), 3)) AS n"
                  + " FROM readings");
      Plan plan = Plan.of(query, List.of(schema));
      Partial state =
          plan.empty().add(schema, new long[] {50, 0}, 3).add(schema, new long[] {50, 30}, 3);
      assertEquals(Map.of("speed", 1.67, "n", 2.0), state.results());
      assertEquals("(m3/h)/(m2)", plan.units().get("speed"));
    } catch (QueryException e) {
      throw new AssertionError(e.render(), e);
    }
  }

  @Test
  void unitsFollowFromTheChannels() {
    Map<String, String> units =
        plan("AVG(t) - 20 AS a, MAX(t) / MIN(t) AS b, SUM(t * h) AS c, COUNT(*) / 2 AS d,"
                + " AVG(t) * AVG(t) AS e, 1 / COUNT(*) AS f, TOP 3 BY h, AVG(h * 2 + 1) AS g"
                + " FROM readings")
            .units();
    assertEquals(
        Map.of(
            "a", "Cel", "b", "1", "c", "%.Cel", "d", "1", "e", "Cel2", "f", "1", "top_h", "%", "g",
            "%"),
        units);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AVG(t + h) AS x FROM readings|14|can't add Cel and %: the units differ",
        "AVG(t) - AVG(h) AS x FROM readings|15|can't subtract Cel and %",
        "AVG(t) + COUNT(*) AS x FROM readings|15|can't add Cel and 1",
        "COUNT(*) FROM readings WHERE t > h|39|can't compare Cel and %",
        "ANY(t * t > t) AS x FROM readings|18|can't compare Cel2 and Cel",
        "COUNT(*) FROM readings WHERE 2 * tt > 3|41|did you mean t?",
        "TOP 3 BY w * w AS x FROM readings|19|divide it by something",
        "AVG(t / h) AS x FROM readings|14|ROUND((t/h), 4) fits",
        "AVG(t / 0) AS x FROM readings|14|this divides by 0",
        "HISTOGRAM(t, 0.001, 1, 3) FROM readings|8|more decimals than t has",
        "HISTOGRAM(h, 0, 10, 11) FROM readings|8|bins are finer than h is; take at most 10",
      })
  void whatDoesNotFitIsRefusedAtItsColumn(String rest, int column, String problem) {
    QueryException e =
        assertThrows(QueryException.class, () -> Plan.of(Query.parse("SELECT " + rest), SCHEMAS));
    assertTrue(e.problem().contains(problem), e.problem());
    assertEquals(column, e.column(), e.render());
  }

  @Test
  void quantilesOfOneValueShareTheirBins() {
    Need need = (Need) plan("P5(t), P95(t, 12), P50(t, 40) FROM readings").parts().getFirst();
    assertEquals(40, need.binsMax());
    assertEquals(24, ((Need) plan("P5(t), P95(h, 12) FROM readings").parts().getFirst()).binsMax());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 4, true",
    "EVERY 10 s, 0, 4, false",
    "EVERY 10 s, 4, 8, false",
    "EVERY 10 s, 8, 12, true",
    "EVERY 10 s, 16, 20, true",
    "EVERY 2 s, 16, 20, true",
  })
  void anAnswerIsDueInEachWindowInWhichAMultipleOfEveryFalls(
      String every, long startS, long endS, boolean due) {
    Query query = plan("COUNT(*) FROM readings " + every).query();
    assertEquals(due, query.isDue(1000 * startS, 1000 * endS));
  }

  @Test
  void anExpressionHasLimits() {
    for (String deep : List.of("(".repeat(40), "-".repeat(40))) {
      QueryException e =
          assertThrows(
              QueryException.class,
              () -> Query.parse("SELECT COUNT(*) FROM readings WHERE " + deep + "t > 1"));
      assertTrue(e.problem().contains("nested more than 32 deep"), e.problem());
    }
    QueryException many =
        assertThrows(
            QueryException.class,
            () -> Query.parse("SELECT AVG(t" + " + t".repeat(200) + ") AS x FROM readings"));
    assertTrue(many.problem().contains("more than 96 channels"), many.problem());
  }
}
