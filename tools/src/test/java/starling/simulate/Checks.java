package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** Checkers as assertions. */
final class Checks {
  private Checks() {}

  /** Nothing false was told so far, and nobody broke a rule; answers how many results that were. */
  static int check(VirtualSite site) {
    Oracle oracle = new Oracle(site);
    assertNone(oracle.check());
    assertNone(site.violations());
    return oracle.checked();
  }

  private static void assertNone(List<Violation> violations) {
    assertEquals(List.of(), violations.stream().limit(3).toList(), violations.size() + " in all");
  }
}
