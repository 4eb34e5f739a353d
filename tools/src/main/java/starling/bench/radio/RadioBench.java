package starling.bench.radio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import starling.bench.Report;
import starling.bench.links.DataSets;
import starling.progress.Progress;

/** What is claimed of cells on one radio channel, case by case. */
public final class RadioBench {
  private static final List<RadioCase> MADE_UP =
      List.of(
          new CellCase(),
          new QuietCase(),
          new MultihopCase(),
          new FieldCase(),
          new RivalsCase(),
          new LawCase(),
          new TimeCase());

  private final List<RadioCase> cases;
  private final int seeds;

  /**
   * A bench of some cases.
   *
   * @param names which, in their order; all if there is none
   * @param measured cells whose links were measured or recorded
   * @param seeds runs of each row
   */
  public RadioBench(List<String> names, DataSets measured, int seeds) {
    if (seeds < 1) {
      throw new IllegalArgumentException("at least one seed, not " + seeds);
    }
    List<String> unknown = new ArrayList<>(names);
    unknown.removeAll(names());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("cases are " + names() + ", not " + unknown);
    }
    this.cases =
        all(measured).filter(one -> names.isEmpty() || names.contains(one.name())).toList();
    this.seeds = seeds;
  }

  private static Stream<RadioCase> all(DataSets measured) {
    return Stream.concat(
        MADE_UP.stream(), Stream.of(new MeasuredCase(measured.cells(), measured.recordings())));
  }

  /** What all cases are called. */
  public static List<String> names() {
    return all(DataSets.NONE).map(RadioCase::name).toList();
  }

  /** Runs them, one after the other; a row of named values each. */
  public List<Map<String, Object>> run(Progress progress) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      RadioCase one = cases.get(i);
      double before = i;
      Progress part =
          (share, doing) -> progress.at((before + share) / cases.size(), one.name() + ", " + doing);
      one.rows(seeds, part).forEach(row -> rows.add(named(one, row)));
    }
    progress.at(1, "done");
    return rows;
  }

  private static Map<String, Object> named(RadioCase one, RadioCase.Row row) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("bench", "radio");
    named.put("case", one.name());
    named.putAll(Report.named((Record) row));
    named.put("ok", row.missed().isEmpty());
    return named;
  }
}
