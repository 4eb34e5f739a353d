package starling.bench.radio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import starling.bench.Report;
import starling.bench.links.DataSets;
import starling.bench.links.Matrix;
import starling.bench.links.Recording;
import starling.bench.radio.FieldCase.FieldRow;
import starling.simulate.LoneCell.Emission;
import starling.simulate.LoneCell.Reading;

class RadioBenchTest {
  private static final long MINUTE = 60_000;

  @Test
  void aSmallFieldIsCompleteOnEachRadio() {
    List<FieldRow> rows = new FieldCase(4, 3).rows(1, (_, _) -> {});
    assertEquals(16, rows.size());
    for (FieldRow row : rows) {
      assertTrue(row.channelUse() > 0 && row.channelUse() < 0.1, row.toString());
      boolean easy = row.loss() <= 0.2 && row.burstS() == 0;
      assertTrue(!easy || row.completeAtClose() > 0.99, row.toString());
    }
  }

  @Test
  void aNewerPageReachesASmallCell() {
    List<CellCase.CellRow> rows = new CellCase(new int[] {4}, 1).rows(1, (_, _) -> {});
    assertEquals(4, rows.size());
    for (CellCase.CellRow row : rows) {
      assertEquals(0, row.unreached(), row.toString());
      assertTrue(row.transmissionsMean() >= 1, row.toString());
    }
  }

  @Test
  void rivalsDoAsTheirRulesSay() {
    Map<String, RivalsCase.RivalsRow> rows = new HashMap<>();
    new RivalsCase(List.of(new RivalsCase.Layout(8, 1)), 6)
        .rows(2, (_, _) -> {})
        .forEach(row -> rows.put(row.system(), row));
    assertEquals(Set.of("star", "star acknowledged", "flooding", "starling"), rows.keySet());
    double star = rows.get("star").delivered2min();
    assertTrue(star > 0.6 && star < 0.95, "a fifth of what is said once is lost: " + star);
    assertTrue(rows.get("star acknowledged").delivered2min() > 0.98);
    assertTrue(rows.get("flooding").airtimePerDeliveredReadingMs() > 200);
    assertTrue(rows.get("starling").airtimePerDeliveredReadingMs() < 200);
  }

  @Test
  void overThreeHopsAStarHasItsNeighboursAlone() {
    Map<String, RivalsCase.RivalsRow> rows = new HashMap<>();
    new RivalsCase(List.of(new RivalsCase.Layout(16, 3)), 4)
        .rows(1, (_, _) -> {})
        .forEach(row -> rows.put(row.system(), row));
    double star = rows.get("star acknowledged").delivered();
    double flooding = rows.get("flooding").delivered();
    assertTrue(star > 0 && star < 0.6 && star < flooding, rows.toString());
    assertTrue(rows.get("starling").delivered() > 0.95, rows.toString());
  }

  @Test
  void fewDigestsAreSaidWhileNothingChanges() {
    for (QuietCase.QuietRow row : new QuietCase(16, 20, 4).rows(1, (_, _) -> {})) {
      assertEquals("", row.missed(), row.toString());
    }
  }

  @Test
  void smallCellsKeepTheLaw() {
    List<LawCase.LawRow> rows = new LawCase(6, 0.1).rows(1, (_, _) -> {});
    assertEquals(6, rows.size());
    for (LawCase.LawRow row : rows) {
      assertEquals("", row.missed(), row.toString());
    }
  }

  @Test
  void whatMeasuredLinksConnectComesToTheGatewayOverItsHops() {
    double[][] delivery = new double[6][6];
    for (int node = 1; node < 5; node++) { // a line, and one whom nobody hears
      delivery[node - 1][node] = 0.9;
      delivery[node][node - 1] = 0.95;
    }
    Matrix line = new Matrix("line", delivery);
    MeasuredCase.MeasuredRow row =
        new MeasuredCase(List.of(line), List.of(), 5).rows(1, (_, _) -> {}).getFirst();
    assertEquals(6, row.nodes());
    assertEquals(5, row.connected());
    assertEquals(2, row.hops());
    assertTrue(row.complete() > 0.9, row.toString());
    assertEquals("", row.missed(), row.toString());
    Recording odd = new Recording(line, (from, to, frame) -> delivery[from][to] == 0);
    MeasuredCase.MeasuredRow recorded =
        new MeasuredCase(List.of(), List.of(odd), 5).rows(1, (_, _) -> {}).getFirst();
    assertTrue(recorded.recorded());
    assertEquals(5, recorded.connected());
    assertEquals(1, recorded.complete(), "nothing is lost where anything is heard");
  }

  @Test
  void newsReachesAllOfACellOfSeveralHops() {
    Meadow meadow = Meadow.connected(20, 5, 1);
    assertTrue(meadow.isConnected());
    assertFalse(meadow.near(3, 3));
    for (MultihopCase.MultihopRow row : new MultihopCase(20, 1).rows(1, (_, _) -> {})) {
      assertEquals(0, row.unreached(), row.toString());
      assertTrue(row.transmissionsPerNode() > 0, row.toString());
      assertTrue(
          row.dataPerNode() < 1.5 && row.dataPerNode() <= row.framesPerNode(), row.toString());
      assertTrue(row.degree() < 14 || row.reachBeforeRepair() == 1, row.toString());
    }
  }

  @Test
  void theWorstWindowIsFoundWhereverItLies() {
    List<Emission> emissions =
        List.of(
            new Emission(0, 0, 1_000, false),
            new Emission(9_000_000, 0, 1_000, false),
            new Emission(10_000_000, 0, 2_000, false),
            new Emission(30_000_000, 0, 1_000, false));
    assertEquals(0.3, LawCase.worst(emissions, 10_000_000), 1e-9);
    assertEquals(0, LawCase.worst(List.of(), 10_000_000));
  }

  @Test
  void aRowsColumnsAreItsComponents() {
    record Made(double stalenessP95S, double complete2min, int nodes) {}
    Made row = new Made(61.23456, 1, 3);
    assertEquals(Set.of("staleness_p95_s", "complete_2min", "nodes"), Report.named(row).keySet());
    assertEquals(61.23, Report.named(row).get("staleness_p95_s"));
  }

  @Test
  void freshnessCountsWhatIsMissingToo() {
    List<Reading> readings =
        List.of(
            new Reading(0, MINUTE, MINUTE), // the gateway's own don't count
            new Reading(1, MINUTE, MINUTE + 10_000),
            new Reading(1, 2 * MINUTE, 2 * MINUTE + 70_000));
    Freshness freshness =
        new Freshness().add(readings, new Freshness.Span(2, MINUTE, 4 * MINUTE, MINUTE));
    assertEquals(0.25, freshness.within(MINUTE));
    assertEquals(0.5, freshness.within(2 * MINUTE));
    assertEquals(121, freshness.stalenessP95Seconds(), 1);
  }

  @Test
  void impossibleRunsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RadioBench(List.of(), DataSets.NONE, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new RadioBench(List.of("no such"), DataSets.NONE, 1));
  }

  @Test
  void barsNameWhatIsMissed() {
    Bars bars = new Bars().most("use", 0.1, 0.1).least("complete", 0.99, 0.9995);
    assertEquals("complete", bars.missed());
  }
}
