package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;

/** An oracle that believes everything would make all other tests worthless. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OracleTest {
  private VirtualSite site;
  private VirtualNode gateway;

  @BeforeAll
  void run() {
    site =
        new VirtualSite(6, Presets.SIK_64K.profile(), Loss.NONE)
            .radioCell("/orchard/north", 3, 1)
            .inboxCell("/orchard/city", 3, 1)
            .startAll();
    site.run(24);
    gateway = site.node("/orchard/city/g0");
    assertTrue(Checks.check(site) > 20);
  }

  private Delivery.Result last(String zone) {
    return gateway.results(zone).lastEntry().getValue();
  }

  /** Lets the gateway tell one more result, which the oracle must not believe. */
  private void assertFound(Delivery.Result truth, UnaryOperator<Lie> lie) {
    gateway.told().add(lie.apply(new Lie(truth)).said);
    assertFalse(new Oracle(site).check().isEmpty(), "believed " + truth);
    gateway.told().removeLast();
    Checks.check(site);
  }

  /** A result, changed in one place. */
  private record Lie(Delivery.Result said) {
    Lie with(
        TreeMap<String, Double> values, int reported, int expected, long contributors, long end) {
      return new Lie(
          new Delivery.Result(
              said.zone(),
              said.query(),
              said.startMillis(),
              end,
              values,
              said.units(),
              reported,
              expected,
              said.oldestMillis(),
              reported,
              contributors));
    }

    TreeMap<String, Double> values(String column, double by) {
      TreeMap<String, Double> values = new TreeMap<>(said.values());
      values.merge(column, by, Double::sum);
      return values;
    }

    TreeMap<String, Double> values() {
      return new TreeMap<>(said.values());
    }
  }

  @Test
  void aValueThatIsOffByAHundredthIsFound() {
    for (String zone : new String[] {"/orchard/north", "/orchard"}) {
      Delivery.Result truth = last(zone);
      assertFound(
          truth,
          lie ->
              lie.with(
                  lie.values("min_air_temperature", 0.01),
                  truth.reported(),
                  truth.expected(),
                  truth.contributors(),
                  truth.endMillis()));
    }
  }

  @Test
  void aContributorMoreOrLessIsFound() {
    Delivery.Result truth = last("/orchard/north");
    assertFound(truth, lie -> lie.with(lie.values(), 4, truth.expected(), 15, truth.endMillis()));
    assertFound(truth, lie -> lie.with(lie.values(), 2, truth.expected(), 3, truth.endMillis()));
  }

  @Test
  void aFallingCountAWrongRosterAndAnotherWindowsValuesAreFound() {
    Delivery.Result truth = last("/orchard");
    assertFound(truth, lie -> lie.with(new TreeMap<>(), 0, truth.expected(), 0, truth.endMillis()));
    assertFound(truth, lie -> lie.with(lie.values(), 6, 7, 0, truth.endMillis()));
    assertFound(
        truth,
        lie -> lie.with(lie.values(), 6, 6, 0, truth.endMillis() - VirtualSite.WINDOW_MILLIS));
  }

  @Test
  void aColumnThatNoVersionOfTheQueryHasIsFound() {
    Delivery.Result truth = last("/orchard");
    assertFound(
        truth,
        lie ->
            lie.with(
                lie.values("busy", 1),
                truth.reported(),
                truth.expected(),
                truth.contributors(),
                truth.endMillis()));
  }
}
