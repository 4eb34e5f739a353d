package starling.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import starling.model.Channel;
import starling.model.Schema;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class PartialTest {
  private static final List<Schema> SCHEMAS = List.of(Contribution.INDOOR, Contribution.OUTDOOR);
  private static final List<String> FUNCTIONS =
      List.of("AVG", "SUM", "MIN", "MAX", "STDDEV", "COUNT", "P0", "P1", "P50", "P95", "P100");

  private static Plan plan(String text, int binsMax) {
    try {
      return Plan.of(Query.parse(text), SCHEMAS, binsMax);
    } catch (QueryException e) {
      throw new AssertionError(e.render(), e);
    }
  }

  /** Every function of one channel. */
  private static Plan all(String channel, int binsMax) {
    String outputs = String.join("(" + channel + "), ", FUNCTIONS) + "(" + channel + ")";
    return plan("SELECT COUNT(*), " + outputs + " FROM readings", binsMax);
  }

  /** Plans that keep different things. */
  static Stream<Plan> plans() {
    return Stream.of(
            "COUNT(*)",
            "COUNT(t)",
            "AVG(t), COUNT(*)",
            "MIN(w)",
            "MAX(w), SUM(w)",
            "MIN(t), MAX(h)",
            "STDDEV(w), MIN(w), MAX(w)",
            "P95(t)",
            "P50(w), STDDEV(w), AVG(h), P5(h)",
            "P50(t), COUNT(*) FROM readings WHERE t > 20 AND mains",
            "AVG(t), P9(h) FROM readings WHERE h < 50 OR NOT t < 20 GROUP BY schema",
            "MAX(w), COUNT(*) FROM readings GROUP BY mains")
        .flatMap(outputs -> IntStream.of(2, 5, 24, 64).mapToObj(bins -> of(outputs, bins)));
  }

  /** Plans of states that bins have nothing to do with, or that have their own. */
  static Stream<Plan> otherPlans() {
    return Stream.of(
            "HISTOGRAM(t, -10, 40, 10)",
            "HISTOGRAM(w, -1000, 1000, 32), AVG(w), HISTOGRAM(h, 0, 100, 1)",
            "ANY(t > 20) AS a, ALL(t > 20 OR h < 50) AS b, MIN(h)",
            "TOP 3 BY t, FIRST 2 BY h",
            "FIRST 16 nodes BY w",
            "DISTINCT(h, 4), DISTINCT(mains), DISTINCT(cell, 3), DISTINCT(node), DISTINCT(w, 32)",
            "AVG(t * 2 + 1) AS x, MAX(ROUND(t * h, 1)) AS y, P90(-t, 8) AS z, P9(w, 33)",
            "AVG(ROUND(t / h, 2)) AS x, MAX(t) - MIN(t) AS range, SUM(h) / COUNT(*) AS mean",
            "TOP 2 BY t, HISTOGRAM(t, 0, 40, 4), DISTINCT(h) FROM readings WHERE w > 0"
                + " GROUP BY uplink")
        .map(outputs -> of(outputs, 24));
  }

  static Stream<Plan> allPlans() {
    return Stream.concat(plans(), otherPlans());
  }

  private static Plan of(String outputs, int bins) {
    return plan("SELECT " + outputs + (outputs.contains(" FROM ") ? "" : " FROM readings"), bins);
  }

  private static List<Contribution> some(Random random, int count, int spread) {
    return Stream.generate(() -> Contribution.random(random, spread)).limit(count).toList();
  }

  /** Merges in a random tree of random order. */
  private static Partial shuffled(Plan plan, List<Contribution> all, Random random) {
    List<Partial> forest = new ArrayList<>(List.of(plan.empty(), plan.empty()));
    all.forEach(one -> forest.add(one.addTo(plan.empty())));
    while (forest.size() > 1) {
      Collections.shuffle(forest, random);
      forest.add(forest.removeLast().merge(forest.removeLast()));
    }
    return forest.getFirst();
  }

  private static byte[] bytes(Plan plan, Partial state) {
    WireWriter to = WireWriter.ofSize(plan.stateBytesMax(state.leaves()));
    assertTrue(state.encode(to), "stateBytesMax is the most");
    return to.toBytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 200, 3000, 1 << 21})
  void everyMergeTreeEndsInTheSameState(int spread) throws MalformedException {
    Random random = new Random(spread);
    for (Plan plan : allPlans().toList()) {
      List<Contribution> all = some(random, random.nextInt(150), spread);
      Partial folded = Contribution.fold(plan, all);
      Partial merged = shuffled(plan, all, random);
      assertEquals(folded, merged);
      assertEquals(folded.hashCode(), merged.hashCode());
      assertEquals(folded.contentHash(), merged.contentHash());
      assertArrayEquals(bytes(plan, folded), bytes(plan, merged));
      assertEquals(folded.answers(Labels.NUMBERS), merged.answers(Labels.NUMBERS));
      assertEquals(all.size(), merged.leaves());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 100, 4000, 1 << 21})
  void answersAreThoseOfANaiveFold(int spread) {
    Random random = new Random(spread);
    for (Channel channel :
        List.of(Contribution.TEMPERATURE, Contribution.HUMIDITY, Contribution.WIDEST)) {
      Plan plan = all(channel.name(), 64);
      for (int size = 0; size <= 64; size++) {
        List<Contribution> all = some(random, size, spread);
        Map<String, Double> naive = Contribution.naive(Contribution.values(all, channel));
        Map<String, Double> results = shuffled(plan, all, random).results();
        assertEquals(size, results.get("count"));
        for (String function : FUNCTIONS) {
          Double expected = naive.get(function);
          Double actual = results.get(function.toLowerCase() + "_" + channel.name());
          if (expected == null) {
            assertEquals(null, actual, function);
          } else {
            double tolerance = channel.resolution() / 1000 + Math.abs(expected) * 1e-12;
            assertEquals(expected, actual, tolerance, function);
          }
        }
      }
    }
  }

  @Test
  void quantilesBeyondTheBinsAreHalfABinOff() {
    Random random = new Random(5);
    Plan plan =
        plan("SELECT P1(t), P25(t), P50(t), P75(t), P99(t), P0(t), P100(t) FROM readings", 24);
    List<Contribution> all = some(random, 2000, 1000);
    double[] sorted = Contribution.values(all, Contribution.TEMPERATURE);
    Map<String, Double> naive = Contribution.naive(sorted);
    Map<String, Double> results = Contribution.fold(plan, all).results();
    double bin = 1.28; // the first power of two steps of which 24 cover the 20 degrees
    for (String output : results.keySet()) {
      String function = output.substring(0, output.indexOf('_')).toUpperCase();
      assertEquals(naive.get(function), results.get(output), bin / 2, output);
    }
    assertEquals(sorted[0], results.get("p0_t"));
    assertEquals(sorted[sorted.length - 1], results.get("p100_t"));
  }

  @Test
  void numbersPrintAsShortAsTheyAre() {
    Plan plan = plan("SELECT AVG(t), SUM(t), MIN(t), STDDEV(t), P50(t) FROM readings", 24);
    Partial state = plan.empty();
    for (long steps : new long[] {2010, 2020, 2033}) {
      state = state.add(Contribution.OUTDOOR, new long[] {steps}, 1);
    }
    assertEquals(
        "{avg_t=20.21, min_t=20.1, p50_t=20.2, stddev_t=0.09416, sum_t=60.63}",
        state.results().toString());
  }

  @Test
  void averagesAreRoundedToThreeMoreDigits() {
    Plan plan = plan("SELECT AVG(t) FROM readings", 24);
    Partial state = plan.empty();
    for (long steps : new long[] {-1, -1, -2}) {
      state = state.add(Contribution.OUTDOOR, new long[] {steps}, 1);
    }
    assertEquals(-0.01333, state.results().get("avg_t"));
  }

  @Test
  void whatNobodyMeasuredIsAbsentButCounted() {
    Plan plan = all("h", 24);
    Partial state = plan.empty().add(Contribution.OUTDOOR, new long[] {2000}, 1);
    assertEquals(Map.of("count", 1.0, "count_h", 0.0), state.results());
  }

  @Test
  void aValueOutsideItsChannelCountsAsNotMeasured() {
    Plan plan = plan("SELECT COUNT(t), MAX(t), COUNT(*) FROM readings", 24);
    Partial state =
        plan.empty()
            .add(Contribution.OUTDOOR, new long[] {8500}, -1)
            .add(Contribution.OUTDOOR, new long[] {8501}, -1)
            .add(Contribution.OUTDOOR, new long[] {Long.MIN_VALUE}, -1);
    assertEquals(Map.of("count", 3.0, "count_t", 1.0, "max_t", 85.0), state.results());
  }

  @Test
  void statesOfDifferentPlansDoNotMerge() {
    Partial one = plan("SELECT MIN(t) FROM readings", 24).empty();
    Partial other = plan("SELECT MAX(t) FROM readings", 24).empty();
    assertThrows(IllegalArgumentException.class, () -> one.merge(other));
    assertNotEquals(one, other);
  }

  @Test
  void aSchemaThatThePlanDoesNotKnowIsRefused() {
    Partial state = plan("SELECT MIN(t) FROM readings", 24).empty();
    Schema stranger = new Schema(9, List.of(Contribution.TEMPERATURE));
    assertThrows(IllegalArgumentException.class, () -> state.add(stranger, new long[1], 1));
  }

  @Test
  void theFullestStateOfTheWidestChannelDoesNotOverflow() throws MalformedException {
    Plan plan = all("w", 2);
    long[] lowest = {0, 0, -Channel.STEPS_MAX};
    Partial state = plan.empty();
    Partial doubled = plan.empty().add(Contribution.INDOOR, lowest, -1);
    for (int bit = 0; bit < 21; bit++) {
      state = state.merge(doubled); // 2^21 - 1 leaves in the end
      doubled = bit < 20 ? doubled.merge(doubled) : doubled;
    }
    Partial full = state;
    assertEquals(Plan.LEAVES_MAX, full.leaves());
    assertEquals(-2097152.0, full.results().get("avg_w"));
    assertEquals(0.0, full.results().get("stddev_w"));
    assertEquals(full, Partial.decode(plan, new WireReader(bytes(plan, full))));
    Partial one = plan.empty().add(Contribution.OUTDOOR, new long[1], 0);
    assertThrows(IllegalArgumentException.class, () -> full.merge(one));
  }

  @Test
  void aStateComesBackAtEveryBudgetOrNotAtAll() throws MalformedException {
    Random random = new Random(11);
    for (Plan plan : allPlans().toList()) {
      Partial state = Contribution.fold(plan, some(random, 40, 500));
      byte[] whole = bytes(plan, state);
      for (int budget = 0; budget <= whole.length + 2; budget++) {
        WireWriter to = WireWriter.ofSize(budget + 1);
        to.u8(0x55);
        assertEquals(budget >= whole.length, state.encode(to));
        assertFalse(to.overflowed());
        assertEquals(1 + (budget >= whole.length ? whole.length : 0), to.length());
      }
      WireReader from = new WireReader(whole);
      assertEquals(state, Partial.decode(plan, from));
      from.end();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 23, 24, 25, 64, 500})
  void noStateIsLargerThanThePlanSays(int leaves) throws MalformedException {
    Random random = new Random(leaves);
    for (Plan plan : allPlans().toList()) {
      for (int spread = 0; spread <= 1 << 21; spread = 3 * spread + 1) {
        Partial state = Contribution.fold(plan, some(random, leaves, spread));
        byte[] bytes = bytes(plan, state);
        WireReader from = new WireReader(bytes);
        assertEquals(state, Partial.decode(plan, from, leaves));
        from.end();
      }
    }
  }

  /** The widest gap and the largest count as late as they are still written: nothing is longer. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 24, 64})
  void lopsidedStatesAreTheLargest(int binsMax) {
    Plan quantile = plan("SELECT P50(w) FROM readings", binsMax);
    Partial exact = lopsided(quantile, binsMax, 1);
    assertEquals(0, slack(quantile, exact), 1, "bytes more than needed");
    Plan sums = plan("SELECT P50(w), STDDEV(w) FROM readings", binsMax);
    Partial scaled =
        lopsided(sums, binsMax, 2)
            .add(Contribution.INDOOR, new long[] {0, 0, -Channel.STEPS_MAX + 1}, -1);
    assertEquals(0, slack(sums, scaled), 2, "bytes more than needed");
  }

  private static int slack(Plan plan, Partial state) {
    return plan.stateBytesMax(state.leaves()) - bytes(plan, state).length;
  }

  /** Low bins next to each other, 500 values in the last but one, which is far from them. */
  private static Partial lopsided(Plan plan, int bins, int binSteps) {
    List<Long> values = new ArrayList<>(Collections.nCopies(500, Channel.STEPS_MAX - binSteps));
    for (int i = 0; i < bins - 2; i++) {
      values.add(-Channel.STEPS_MAX + i * binSteps);
    }
    values.add(Channel.STEPS_MAX);
    if (bins == 2) {
      Collections.replaceAll(values, Channel.STEPS_MAX - binSteps, -Channel.STEPS_MAX);
    }
    return widest(plan, values);
  }

  private static Partial widest(Plan plan, List<Long> values) {
    Partial state = plan.empty();
    for (long value : values) {
      state = state.add(Contribution.INDOOR, new long[] {0, 0, value}, -1);
    }
    return state;
  }

  @Test
  void aTruncatedStateIsMalformed() {
    Plan plan = all("t", 24);
    byte[] whole = bytes(plan, Contribution.fold(plan, some(new Random(2), 60, 800)));
    for (int length = 0; length < whole.length; length++) {
      WireReader cut = new WireReader(whole, 0, length);
      assertThrows(MalformedException.class, () -> Partial.decode(plan, cut));
    }
  }

  @Test
  void whatDecodesEncodesToTheSameBytesAndMerges() {
    Random random = new Random(77);
    int accepted = 0;
    for (Plan plan : allPlans().toList()) {
      Partial state = Contribution.fold(plan, some(random, 70, 300));
      byte[] good = bytes(plan, state);
      for (int i = 0; i < 2000; i++) {
        byte[] bad = good.clone();
        for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
          bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        }
        accepted += StateFuzzTest.decodesCanonically(plan, bad) ? 1 : 0;
      }
    }
    assertTrue(accepted > 100, "some mutants are states: " + accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "0281, ends 1 bytes early",
    "030400, number 4 is past its limit 3", // more without a value than there are
    "0200, ends 1 bytes early",
    "0200c1d101, -13409 is not -4000 to 8500",
    "01000201, one value is not two",
    "020002c08b01, number 17856 is past its limit 8499",
    "020004010800, bins are coarser than they need to be",
    "020000040080, 3 bins of scale 0 can't be", // of two values
    "030000010080, 3 bins of scale 0 can't be", // between two neighbours
    "02000200b800, bins of scale 23",
    "020002040000, one bin can't hold both ends",
    "030000040070, parts pass their total 1",
    "020002000001, unused bits are not zero",
  })
  void malformedStatesAreRefused(String hex, String why) {
    Plan plan = plan("SELECT P50(t) FROM readings", 24);
    byte[] bytes = HexFormat.of().parseHex(hex);
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> Partial.decode(plan, new WireReader(bytes)), hex);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void impossibleSumsAreRefused() {
    Plan plan = plan("SELECT STDDEV(h) FROM readings", 24);
    Set<String> bad =
        Set.of(
            "0200" + "01" + "00", // a negative sum of what is never negative
            "0200" + "9203" + "00", // above 2 × 100
            "0200" + "08" + "07", // squares of two numbers that add up to 4 are at least 8
            "0200" + "08" + "a19c01" // more than 2 × 100²
            );
    for (String hex : bad) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      assertThrows(
          MalformedException.class, () -> Partial.decode(plan, new WireReader(bytes)), hex);
    }
  }

  @Test
  void aStateOfMoreLeavesThanAllowedIsRefused() {
    Plan plan = plan("SELECT COUNT(*) FROM readings", 24);
    assertThrows(
        MalformedException.class, () -> Partial.decode(plan, new WireReader(new byte[] {65}), 64));
  }
}
