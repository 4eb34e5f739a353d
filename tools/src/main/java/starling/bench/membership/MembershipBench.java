package starling.bench.membership;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import starling.progress.Progress;

/**
 * Whether members are missed when they are gone, and only then.
 *
 * @param hours how long each cell of 32 is watched, in virtual time
 * @param crashes how often a member of it fails after that
 * @param seed decides every chance
 * @param only runs those cases alone that have this in their name
 */
public record MembershipBench(double hours, int crashes, long seed, String only) {
  private static final int THREADS = 2;
  private static final double HOURS_MAX = 1e6;
  private static final int CRASHES_MAX = 1_000_000;

  public MembershipBench {
    if (!(hours > 0 && hours <= HOURS_MAX)) {
      throw new IllegalArgumentException("hours are above 0, and at most 1000000, not " + hours);
    }
    if (Stream.concat(
            CellCases.ALL.stream().map(CellCases.CellCase::name),
            SiteCases.ALL.stream().map(SiteCases.SiteCase::name))
        .noneMatch(name -> name.contains(only))) {
      throw new IllegalArgumentException("no case has '" + only + "' in its name");
    }
    if (crashes < 1 || crashes > CRASHES_MAX) {
      throw new IllegalArgumentException("crashes are 1 to " + CRASHES_MAX + ", not " + crashes);
    }
  }

  /**
   * Runs all cases.
   *
   * @return a row a case: {@code bench, case, hours, nodes, falsely_gone, suspects,
   *     detected_periods_p50, detected_periods_max, removed_wrongly, ..., ok}
   */
  public List<Map<String, Object>> run(Progress progress) {
    CellCases cells = new CellCases(hours, crashes, seed);
    SiteCases sites = new SiteCases(THREADS, seed);
    Map<String, Function<DoubleConsumer, Map<String, Object>>> cases = new LinkedHashMap<>();
    CellCases.ALL.forEach(one -> cases.put(one.name(), part -> cells.run(one, part)));
    SiteCases.ALL.forEach(one -> cases.put(one.name(), part -> sites.run(one, part)));
    cases.keySet().removeIf(name -> !name.contains(only));
    List<Map<String, Object>> rows = new ArrayList<>();
    cases.forEach((name, run) -> {
      int done = rows.size();
      rows.add(run.apply(part -> progress.at((done + part) / cases.size(), name)));
    });
    progress.at(1, "done");
    return rows;
  }
}
