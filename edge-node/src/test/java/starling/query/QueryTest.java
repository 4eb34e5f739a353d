package starling.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.query.Expression.Statistic;

class QueryTest {
  @Test
  void everyFunctionHasItsDefaultName() throws QueryException {
    Query query =
        Query.parse(
            "SELECT AVG(t), SUM(t), MIN(t), MAX(t), STDDEV(t), COUNT(*), COUNT(t), P95(t), P0(t),"
                + " P100(t) FROM readings");
    assertEquals(
        List.of(
            "avg_t",
            "sum_t",
            "min_t",
            "max_t",
            "stddev_t",
            "count",
            "count_t",
            "p95_t",
            "p0_t",
            "p100_t"),
        query.outputs().stream().map(Query.Output::name).toList());
    assertEquals(OptionalLong.empty(), query.everyMillis());
  }

  @Test
  void keywordsMayBeInEitherCaseAndSpacedAtWill() throws QueryException {
    Query query = Query.parse(" select\tavg ( t )as mean,p5(t)\nFrom READINGS every 5S ");
    assertEquals(
        List.of(
            new Query.Output(
                new Expression.Of(Statistic.AVG, new Scalar.Reading("t", 15), 9), "mean"),
            new Query.Output(
                new Expression.Quantile(5, new Scalar.Reading("t", 29), OptionalInt.empty(), 26),
                "p5_t")),
        query.outputs());
    assertEquals(OptionalLong.of(5000), query.everyMillis());
  }

  @ParameterizedTest
  @CsvSource({"100 ms,100", "5 s,5000", "2 min,120000", "24 h,86400000"})
  void everyTakesUnits(String every, long millis) throws QueryException {
    assertEquals(
        OptionalLong.of(millis),
        Query.parse("SELECT COUNT(*) FROM readings EVERY " + every).everyMillis());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|1|a query begins with SELECT, not the end",
        "AVG(t) FROM readings|1|a query begins with SELECT",
        "SELECT|7|expected a function, not the end",
        "SELECT FROM readings|8|expected a function, not 'FROM'",
        "SELECT t FROM readings|8|every output is a function with parentheses, such as AVG(t)",
        "SELECT AVERAGE(t) FROM readings|8|there is no function AVERAGE",
        "SELECT AVGG(t) FROM readings|8|did you mean AVG?",
        "SELECT MEDIAN(t) FROM readings|8|did you mean P50?",
        "SELECT HISTOGRAMM(t) FROM readings|8|did you mean HISTOGRAM?",
        "SELECT HISTOGRAM(t) FROM readings|19|HISTOGRAM takes a value, its low end, its high end",
        "SELECT HISTOGRAM(t, 5, 5, 3) FROM readings|24|the high end is above the low one",
        "SELECT HISTOGRAM(t, 0, 9, 33) FROM readings|27|bins are a whole number from 1 to 32",
        "SELECT HISTOGRAM(t, 0, x, 3) FROM readings|24|numbers have up to 9 digits",
        "SELECT P101(t) FROM readings|8|P0 to P100",
        "SELECT P50(t, 1) FROM readings|15|bins are a whole number from 2 to 64",
        "SELECT 5 FROM readings|8|this output needs a name: AS some_name",
        "SELECT AVG t FROM readings|12|function with parentheses",
        "SELECT AVG() FROM readings|12|expected a channel in AVG( ), not ')'",
        "SELECT AVG(*) FROM readings|12|only COUNT takes *",
        "SELECT P50(*) FROM readings|12|only COUNT takes *",
        "SELECT COUNT(DISTINCT t) FROM readings|14|DISTINCT is a function of its own",
        "SELECT AVG(t, u) FROM readings|13|in AVG( ) stands a value",
        "SELECT AVG(MAX(t)) FROM readings|12|of one node's values there is only ROUND, not MAX",
        "SELECT AVG(t > 3) FROM readings|14|expected ), not '>'; in AVG( ) stands a value",
        "SELECT AVG((t > 3)) FROM readings|12|here stands a condition, and a value is wanted",
        "SELECT AVG(t + 1) FROM readings|8|this output needs a name",
        "SELECT AVG(t) - MIN(t) FROM readings|8|this output needs a name",
        "SELECT 2 * HISTOGRAM(t, 0, 9, 3) FROM readings|12|this is not one number",
        "SELECT ANY(t) AS a FROM readings|13|expected a comparison (= != < <= > >=) after a value",
        "SELECT ANY(t > 3) FROM readings|8|this output needs a name",
        "SELECT ANY(t > 3, 2) AS a FROM readings|17|in ANY( ) stands a condition",
        "SELECT TOP BY t FROM readings|12|the nodes of TOP and FIRST are a whole number from 1 to"
            + " 16",
        "SELECT TOP 17 BY t FROM readings|12|from 1 to 16",
        "SELECT TOP 3 t FROM readings|14|TOP takes a number of nodes and BY a value: TOP 3 BY t",
        "SELECT DISTINCT t FROM readings|17|with parentheses",
        "SELECT DISTINCT(t, 0) FROM readings|20|the values of DISTINCT are a whole number from 1",
        "SELECT AVG(t) MIN(t) FROM readings|15|after an output come AS, a comma or FROM",
        "SELECT AVG(t), FROM readings|16|expected a function, not 'FROM'",
        "SELECT AVG(t) AS Mean FROM readings|18|names are lower-case",
        "SELECT AVG(t) AS from FROM readings|18|a word of the language",
        "SELECT AVG(t), AVG(t) FROM readings|16|two outputs are called avg_t",
        "SELECT AVG(t)|14|after an output come AS, a comma or FROM, not the end",
        "SELECT AVG(t) FROM nodes|20|queries read FROM readings, not from 'nodes'",
        "SELECT AVG(t) FROM readings WHERE|34|expected a channel or a number, not the end",
        "SELECT AVG(t) FROM readings WHERE t|36|expected a comparison (= != < <= > >=) after a"
            + " value",
        "SELECT AVG(t) FROM readings WHERE t > 3 AND u|46|expected a comparison",
        "SELECT AVG(t) FROM readings WHERE (t > 3) + 1 > 2|35|here stands a condition",
        "SELECT AVG(t) FROM readings WHERE t > 3 > 2|41|here only GROUP BY, EVERY can follow, not"
            + " '>'",
        "SELECT AVG(t) FROM readings WHERE node = n1|42|a name stands in quotes",
        "SELECT AVG(t) FROM readings WHERE node > 'n1'|40|node is compared with =, != or IN ( )",
        "SELECT AVG(t) FROM readings WHERE schema = 'a'|44|a schema is a number",
        "SELECT AVG(t) FROM readings WHERE cell IN 'a'|43|expected ( after IN",
        "SELECT AVG(t) FROM readings WHERE cell = 'a|42|a text begins here",
        "SELECT AVG(t) FROM readings WHERE mains = 1|35|mains is a condition by itself: WHERE"
            + " mains, WHERE NOT mains",
        "SELECT AVG(t) FROM readings WHERE t > 1234567890|39|numbers have up to 9 digits",
        "SELECT AVG(t) FROM readings GROUP BY zone|38|groups are by mains, uplink, schema",
        "SELECT AVG(t) FROM readings GROUP BY cell|38|zones tell cells apart anyway",
        "SELECT AVG(t) FROM readings GROUP BY mains WHERE t > 3|44|here only EVERY can follow",
        "SELECT AVG(t) FROM readings ORDER BY t|29|there is no ORDER; here only WHERE, GROUP BY,",
        "SELECT AVG(t) FROM readings;|28|here only WHERE, GROUP BY, EVERY can follow, not ';'",
        "SELECT AVG(t) FROM readings EVERY|34|EVERY takes a whole number and a unit",
        "SELECT AVG(t) FROM readings EVERY 0.5 s|35|EVERY takes a whole number",
        "SELECT AVG(t) FROM readings EVERY 9999999999 s|35|EVERY takes a whole number",
        "SELECT AVG(t) FROM readings EVERY 5 days|37|expected a unit, not 'days'",
        "SELECT AVG(t) FROM readings EVERY 5|36|expected a unit, not the end",
        "SELECT AVG(t) FROM readings EVERY 99 ms|35|EVERY is 100 ms to 24 h",
        "SELECT AVG(t) FROM readings EVERY 25 h|35|EVERY is 100 ms to 24 h",
        "SELECT AVG(t) FROM readings EVERY 5 s WHERE t > 3|39|nothing can follow EVERY",
        "SELECT AVG(\"t\") FROM readings|12|no query has",
        "SELECT AVG(tempé) FROM readings|16|no query has U+00E9 in it",
      })
  void anErrorPointsAtItsColumnAndSaysWhatIsPossible(String text, int column, String problem) {
    QueryException e = assertThrows(QueryException.class, () -> Query.parse(text));
    assertTrue(e.problem().contains(problem), e.problem());
    assertEquals(column, e.column(), e.problem());
  }

  @Test
  void theRenderingHasACaretBelowTheColumn() {
    QueryException e =
        assertThrows(QueryException.class, () -> Query.parse("SELECT\tAVGG(t) FROM readings"));
    assertEquals(
        """
        column 8: there is no function AVGG; did you mean AVG? There are COUNT, SUM, AVG, MIN, \
        MAX, STDDEV, P0 to P100, HISTOGRAM, ANY, ALL, TOP, FIRST, DISTINCT
          SELECT AVGG(t) FROM readings
                 ^\
        """,
        e.render());
  }

  @Test
  void aLongQueryIsShownAroundTheColumn() {
    String many =
        IntStream.range(0, 30).mapToObj(i -> "AVG(t" + i + ")").collect(Collectors.joining(", "));
    QueryException e =
        assertThrows(
            QueryException.class, () -> Query.parse("SELECT " + many + ", OOPS FROM readings"));
    String[] lines = e.render().split("\n");
    assertTrue(lines[1].length() <= 78, lines[1]);
    assertEquals('O', lines[1].charAt(lines[2].indexOf('^')));
  }

  @Test
  void aQueryHasLimits() {
    String many =
        IntStream.range(0, 33).mapToObj(i -> "AVG(t" + i + ")").collect(Collectors.joining(", "));
    QueryException outputs =
        assertThrows(QueryException.class, () -> Query.parse("SELECT " + many + " FROM readings"));
    assertEquals("a query has at most 32 outputs", outputs.problem());
    QueryException text =
        assertThrows(QueryException.class, () -> Query.parse("\u0007".repeat(1001)));
    assertEquals(1001, text.column());
    assertTrue(text.render().endsWith("^"));
  }
}
