package starling.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import starling.model.Channel;
import starling.model.Schema;

class PlanTest {
  private static final Channel AIR = new Channel("air_temperature", "Cel", 2, -40, 85);
  private static final Channel LOAD = new Channel("load", "1", 2, 0, 1000);
  private static final List<Schema> SCHEMAS =
      List.of(new Schema(0, List.of(AIR, LOAD)), new Schema(1, List.of(LOAD)));

  private static QueryException refused(String text, List<Schema> schemas) throws QueryException {
    Query query = Query.parse(text);
    return assertThrows(QueryException.class, () -> Plan.of(query, schemas));
  }

  @Test
  void outputsHaveTheirChannelsUnitsAndCountsHaveNone() throws QueryException {
    Plan plan =
        Plan.of(
            Query.parse(
                "SELECT AVG(air_temperature) AS mean, P9(air_temperature), COUNT(*),"
                    + " COUNT(air_temperature), MAX(load) FROM readings"),
            SCHEMAS);
    assertEquals(
        Map.of(
            "mean", "Cel",
            "p9_air_temperature", "Cel",
            "count", "1",
            "count_air_temperature", "1",
            "max_load", "1"),
        plan.units());
  }

  @Test
  void anUnknownChannelIsNamedWithASuggestion() throws QueryException {
    QueryException e = refused("SELECT COUNT(*), AVG(Air_temprature) FROM readings", SCHEMAS);
    assertEquals(
        "no node has a channel Air_temprature; did you mean air_temperature? There are:"
            + " air_temperature, load",
        e.problem());
    assertEquals(22, e.column());
  }

  @Test
  void schemasMustAgreeOnAChannel() throws QueryException {
    Schema coarse = new Schema(2, List.of(new Channel("load", "1", 1, 0, 1000)));
    QueryException e =
        refused("SELECT P5(load) FROM readings", List.of(SCHEMAS.getFirst(), coarse));
    assertEquals(11, e.column());
    assertEquals(
        "schemas disagree on load: 1 with 2 decimals and 1 with 1 decimals; rename one of the"
            + " channels",
        e.problem());
  }

  @Test
  void rangesOfSeveralSchemasAreTakenTogether() throws QueryException {
    Schema wide = new Schema(2, List.of(new Channel("load", "1", 2, -5, 10)));
    Plan plan =
        Plan.of(Query.parse("SELECT MIN(load) FROM readings"), List.of(SCHEMAS.getFirst(), wide));
    assertEquals(-500, ((Need) plan.parts().getFirst()).lowest());
    assertEquals(100_000, ((Need) plan.parts().getFirst()).highest());
  }

  @Test
  void aStateHasAWorstSize() throws QueryException {
    Plan count = Plan.of(Query.parse("SELECT COUNT(*) FROM readings"), SCHEMAS);
    assertEquals(1, count.stateBytesMax(127));
    assertEquals(2, count.stateBytesMax(128));
    Plan mean = Plan.of(Query.parse("SELECT AVG(air_temperature) FROM readings"), SCHEMAS);
    assertEquals(1 + 1 + 3, mean.stateBytesMax(64)); // leaves, without, 64 × 8500 folded
    assertThrows(IllegalArgumentException.class, () -> mean.stateBytesMax(Plan.LEAVES_MAX + 1));
  }

  @Test
  void plansAreEqualByWhatTheyAnswer() throws QueryException {
    String text = "SELECT P50(load) FROM readings";
    Plan plan = Plan.of(Query.parse(text), SCHEMAS);
    assertEquals(plan, Plan.of(Query.parse(text), SCHEMAS, 24));
    assertNotEquals(plan, Plan.of(Query.parse(text), SCHEMAS, 23));
    assertNotEquals(plan, Plan.of(Query.parse(text), SCHEMAS.subList(1, 2)));
  }

  @Test
  void twoSchemasOfOneNumberAreTheCallersMistake() throws QueryException {
    Query query = Query.parse("SELECT P50(load) FROM readings");
    List<Schema> twice = List.of(SCHEMAS.getLast(), SCHEMAS.getLast());
    assertThrows(IllegalArgumentException.class, () -> Plan.of(query, twice));
  }
}
