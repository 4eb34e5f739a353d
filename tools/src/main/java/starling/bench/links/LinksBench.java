package starling.bench.links;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import starling.bench.Sample;
import starling.link.Presets;
import starling.predict.Flood;
import starling.progress.Progress;
import starling.simulate.PageSpread;

/**
 * Whether slow state reaches all that real radio links connect: a newer charter page, given to one
 * node of a cell of production nodes on one channel.
 */
public final class LinksBench {
  private static final int ROUNDS_MAX = 1500;
  private static final int SCATTERED_NODES = 40;

  private final List<Matrix> matrices = new ArrayList<>();
  private final int seeds;

  /**
   * A bench of cells whose links were measured, and of one field that is made up.
   *
   * @param seeds runs of each cell, from another node each
   */
  public LinksBench(List<Matrix> measured, int seeds) {
    if (seeds < 1) {
      throw new IllegalArgumentException("at least one seed, not " + seeds);
    }
    this.seeds = seeds;
    matrices.add(Scattered.of(SCATTERED_NODES, 220, 120, 7));
    matrices.addAll(measured);
  }

  /** Runs each; a row a cell. */
  public List<Map<String, Object>> run(Progress progress) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Matrix matrix : matrices) {
      progress.at((double) rows.size() / matrices.size(), matrix.name());
      rows.add(row(matrix));
    }
    return rows;
  }

  private Map<String, Object> row(Matrix matrix) {
    List<Integer> part = matrix.largestPart();
    BitSet awaited = new BitSet();
    part.forEach(awaited::set);
    PageSpread spread = new PageSpread(matrix.delivery(), Presets.SIK_64K.profile());
    Flood flood = new Flood(matrix.exchanges());
    int[] among = part.stream().mapToInt(Integer::intValue).toArray();
    double[] rounds = new double[seeds];
    double[] predicted = new double[seeds];
    double[] reported = new double[seeds];
    int converged = part.size();
    for (int seed = 0; seed < seeds; seed++) {
      int source = part.get(new SplittableRandom(seed).nextInt(part.size()));
      PageSpread.Result result = spread.run(source, awaited, ROUNDS_MAX, seed + 1);
      BitSet holders = result.holders();
      holders.and(awaited);
      converged = Math.min(converged, holders.cardinality());
      rounds[seed] = result.rounds();
      predicted[seed] = flood.rounds(source, among).mean();
      reported[seed] = result.reported();
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "links");
    row.put("matrix", matrix.name());
    row.put("nodes", matrix.size());
    row.put("links", IntStream.range(0, matrix.size()).map(matrix::degree).sum() / 2);
    row.put("connected", part.size());
    row.put("converged", converged);
    row.put("seeds", seeds);
    row.put("round_s", rounded(spread.roundSeconds()));
    row.put("rounds_p50", rounded(new Sample(rounds).median()));
    row.put("rounds_p99", rounded(new Sample(rounds).quantile(0.99)));
    row.put("predicted", rounded(new Sample(predicted).median()));
    row.put("reported", rounded(new Sample(reported).median()));
    row.put("ok", converged == part.size());
    return row;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
