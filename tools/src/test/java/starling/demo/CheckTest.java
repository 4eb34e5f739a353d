package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckTest {
  private static final long START = 1_750_000_000_000L;
  private static final long WINDOW = 4_000;
  private static final int WINDOWS = 10;
  private static final long END = START + WINDOWS * WINDOW;

  /** Every station and window has its own temperature, with more digits than the channel says. */
  private static final Recorded RECORDED =
      (station, end) -> OptionalDouble.of((station.hashCode() % 2000 + end / WINDOW % 7) / 90.0);

  private final Site site = Site.berlin();
  private final Check check = new Check(site, RECORDED);

  @Test
  void resultsThatEqualTheFoldAreRight() {
    publishAll();
    Verdict verdict = check.verdict(END);
    assertEquals("", String.join("\n", verdict.problems()));
    assertTrue(verdict.ok());
    assertEquals(WINDOWS * 5, verdict.windows());
    assertEquals(WINDOWS * 5, verdict.complete());
    assertEquals(WINDOWS * 5 * 6, verdict.valuesCompared());
    assertEquals(0, verdict.largestError());
  }

  @Test
  void anErrorWithinTheResolutionIsRightAndReported() {
    publishAll();
    publishWith("/berlin", 3, "avg_air_temperature", 0.009);
    Verdict verdict = check.verdict(END);
    assertTrue(verdict.ok(), verdict.problems().toString());
    assertEquals(0.009, verdict.largestError(), 1e-9);
  }

  @Test
  void anErrorBeyondTheResolutionIsWrongInEveryColumn() {
    for (String column : new String[] {"avg", "min", "max", "stddev", "p95"}) {
      Check one = new Check(site, RECORDED);
      publishAll(one);
      one.heard(with("/berlin/east", 3, column + "_air_temperature", 0.011));
      Verdict verdict = one.verdict(END);
      assertFalse(verdict.ok(), column);
      assertTrue(verdict.problems().getFirst().contains(column), verdict.problems().toString());
    }
  }

  @Test
  void aMissingColumnIsWrong() {
    publishAll();
    Heard.Aggregate whole = complete("/berlin", 2);
    TreeMap<String, Double> values = new TreeMap<>(whole.values());
    values.remove("count");
    check.heard(better(whole, values));
    assertProblem("count is missing");
  }

  @Test
  void nothingPublishedIsWrong() {
    Verdict verdict = check.verdict(END);
    assertEquals(5, verdict.problems().size());
    assertFalse(verdict.ok());
  }

  @Test
  void windowsBeforeTheFirstCompleteOneMayBeIncomplete() {
    check.heard(partial("/berlin", 0, 4));
    publish(check, 1, WINDOWS);
    check.heard(Published.complete("/berlin/north", START + WINDOW, RECORDED));
    assertTrue(check.verdict(END).ok());
  }

  @Test
  void aLaterIncompleteWindowIsWrongOnceItHadTheTime() {
    publishAllBut("/berlin", 4);
    check.heard(partial("/berlin", 4, 20));
    for (String zone : site.zones()) {
      check.heard(new Heard.Timing(zone, START, 2_000, 1_000));
    }
    assertTrue(check.verdict(START + 5 * WINDOW + 1_000).ok());
    assertProblem("only 20 of 23");
  }

  @Test
  void anIncompleteWindowIsFineWhileANodeIsAway() {
    publishAllBut("/berlin", 4);
    check.heard(partial("/berlin", 4, 20));
    check.absent("/berlin/north/buch", START + 4 * WINDOW, START + 5 * WINDOW);
    assertTrue(check.verdict(END + 60_000).problems().stream().noneMatch(p -> p.contains("only")));
  }

  @Test
  void aNodeThatIsAwayExcusesNoOtherZone() {
    publishAllBut("/berlin/east", 4);
    check.heard(partial("/berlin/east", 4, 3));
    check.absent("/berlin/north/buch", START, END);
    Verdict verdict = check.verdict(END + 60_000);
    assertTrue(verdict.problems().stream().anyMatch(p -> p.contains("only 3 of 6")));
  }

  @Test
  void anIncompleteResultBeyondAllStationsIsWrong() {
    publishAllBut("/berlin", 4);
    Heard.Aggregate whole = complete("/berlin", 4);
    TreeMap<String, Double> values = new TreeMap<>(whole.values());
    values.put("count", 20.0);
    values.merge("max_air_temperature", 1.0, Double::sum);
    check.heard(Published.aggregate("/berlin", whole.endMillis(), 20, values));
    assertProblem("all stations measured");
  }

  @Test
  void aCountThatIsNotItsCoverageIsWrong() {
    publishAllBut("/berlin", 4);
    check.heard(Published.aggregate("/berlin", START + 5 * WINDOW, 20, Map.of("count", 21.0)));
    assertProblem("count is 21.0, not 20.0");
  }

  @Test
  void aGapBetweenWindowsIsWrong() {
    publishAllBut("/berlin/city", 4);
    assertProblem("the windows before it are missing");
  }

  @Test
  void silenceAtTheEndIsWrong() {
    publishAll();
    Verdict verdict = check.verdict(END + 60_000);
    assertTrue(verdict.problems().getFirst().contains("nothing was published after"));
  }

  @Test
  void aFallingRevisionIsWrong() {
    publishAll();
    check.heard(partial("/berlin", 9, 20));
    assertProblem("fell from revision 23");
  }

  @Test
  void theSameResultTwiceIsFineAndTwoAnswersAreNot() {
    publishAll();
    publishAll();
    assertTrue(check.verdict(END).ok());
    Heard.Aggregate whole = complete("/berlin", 1);
    TreeMap<String, Double> values = new TreeMap<>(whole.values());
    values.merge("avg_air_temperature", 0.001, Double::sum);
    check.heard(Published.aggregate("/berlin", whole.endMillis(), 23, values));
    assertProblem("two answers");
  }

  @Test
  void longerWindowsFollowShorterOnes() {
    publish(check, 0, 4);
    for (String zone : site.zones()) {
      Heard.Aggregate whole = complete(zone, 5);
      check.heard(
          new Heard.Aggregate(
              whole.topic(),
              zone,
              whole.query(),
              START + 4 * WINDOW,
              whole.endMillis(),
              whole.values(),
              whole.reported(),
              whole.expected(),
              whole.oldestSeconds(),
              whole.revision(),
              whole.payload()));
    }
    assertTrue(check.verdict(START + 6 * WINDOW).ok());
  }

  @Test
  void coverageOfAnotherSizeThanTheZoneIsWrong() {
    publishAll();
    check.heard(
        new Heard.Aggregate(
            "t",
            "/berlin",
            "climate",
            END,
            END + WINDOW,
            new TreeMap<>(),
            22,
            22,
            0,
            22,
            Published.payload("/berlin", END, 22, Map.of())));
    assertProblem("the zone has 23 stations");
  }

  @Test
  void problemsAreShownUpToALimit() {
    for (int i = 0; i < 100; i++) {
      check.heard(Published.aggregate("/berlin", START + (i + 1) * WINDOW, 3, Map.of()));
    }
    Verdict verdict = check.verdict(END);
    assertEquals(Verdict.PROBLEMS_MAX + 1, verdict.problems().size());
    assertTrue(verdict.problems().getLast().startsWith("and "));
  }

  private void assertProblem(String text) {
    Verdict verdict = check.verdict(END);
    assertFalse(verdict.ok());
    assertTrue(
        verdict.problems().stream().anyMatch(problem -> problem.contains(text)),
        verdict.problems().toString());
  }

  private void publishAll() {
    publishAll(check);
  }

  private void publishAll(Check to) {
    publish(to, 0, WINDOWS);
  }

  private void publish(Check to, int from, int until) {
    for (int window = from; window < until; window++) {
      for (String zone : site.zones()) {
        to.heard(complete(zone, window));
      }
    }
  }

  private void publishAllBut(String zone, int window) {
    for (int i = 0; i < WINDOWS; i++) {
      for (String each : site.zones()) {
        if (!each.equals(zone) || i != window) {
          check.heard(complete(each, i));
        }
      }
    }
  }

  private void publishWith(String zone, int window, String column, double error) {
    check.heard(with(zone, window, column, error));
  }

  private Heard.Aggregate with(String zone, int window, String column, double error) {
    Heard.Aggregate whole = complete(zone, window);
    TreeMap<String, Double> values = new TreeMap<>(whole.values());
    values.merge(column, error, Double::sum);
    return better(whole, values);
  }

  /** The same window once more, as a result that replaces the one before. */
  private static Heard.Aggregate better(Heard.Aggregate whole, TreeMap<String, Double> values) {
    return new Heard.Aggregate(
        whole.topic(),
        whole.zone(),
        whole.query(),
        whole.startMillis(),
        whole.endMillis(),
        values,
        whole.reported(),
        whole.expected(),
        whole.oldestSeconds(),
        whole.revision() + 1,
        whole.payload());
  }

  private Heard.Aggregate complete(String zone, int window) {
    return Published.complete(zone, START + (window + 1) * WINDOW, RECORDED);
  }

  private Heard.Aggregate partial(String zone, int window, int reported) {
    return Published.aggregate(
        zone, START + (window + 1) * WINDOW, reported, Map.of("count", (double) reported));
  }
}
