package starling.bench.gossip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import starling.progress.Progress;

/**
 * Rounds until a whole tree of zones knows: by Astrolabe's rule, beside its paper's numbers (van
 * Renesse et al. 2003, table 1), and by ours, beside what we aim at.
 *
 * @param seeds runs of each tree of 390,625 leaves; of one of 625, {@value #SMALL_FACTOR} times as
 *     many
 */
public record AstrolabeBench(int seeds) {
  /** How far a mean may be from the paper's. */
  public static final double PAPER_OFF_MAX = 1.5;

  private static final int SMALL_FACTOR = 50;
  private static final int SEEDS_MAX = 10_000;
  private static final int LARGE = 390_625;
  private static final int SMALL = 625;
  private static final double ANY = Double.POSITIVE_INFINITY;

  public AstrolabeBench {
    if (seeds < 1 || seeds > SEEDS_MAX) {
      throw new IllegalArgumentException("seeds are 1 to " + SEEDS_MAX + ", not " + seeds);
    }
  }

  private enum Answers {
    FREE,
    STRICT
  }

  /** Which leaves crash: a share of all at random, or all that represent the first cell. */
  private record Crash(double share, boolean firstCell) {
    static final Crash NONE = new Crash(0, false);

    BitSet draw(int leaves, int representatives, SplittableRandom random) {
      BitSet crashed = new BitSet();
      if (firstCell) {
        crashed.set(0, representatives);
      }
      while (crashed.cardinality() < Math.round(share * leaves)) {
        crashed.set(random.nextInt(leaves));
      }
      return crashed;
    }
  }

  /**
   * A row.
   *
   * @param branching from the cells up
   * @param target what is to be reached
   */
  private record Case(
      int[] branching,
      int representatives,
      Answers answers,
      double loss,
      Crash crash,
      Target target) {
    static Case paper(double mean, int representatives, int... branching) {
      Target target = new Target(true, mean, ANY);
      return new Case(branching, representatives, Answers.FREE, 0, Crash.NONE, target);
    }

    static Case ours(
        int representatives,
        Answers answers,
        double loss,
        Crash crash,
        double meanMax,
        double maxMax,
        int... branching) {
      Target target = new Target(false, meanMax, maxMax);
      return new Case(branching, representatives, answers, loss, crash, target);
    }

    int leaves() {
      return Arrays.stream(branching).reduce(1, Math::multiplyExact);
    }

    /** All ancestors' full tables, or one's cell and its ancestors' results. */
    int rows() {
      return target.paper ? Arrays.stream(branching).sum() : branching[0] + branching.length - 1;
    }

    double run(ZoneTree tree, SplittableRandom random) {
      if (target.paper) {
        return new PaperRule(tree, loss, random).rounds();
      }
      BitSet crashed = crash.draw(leaves(), representatives, random);
      return new StarlingRule(tree, answers == Answers.STRICT, loss, crashed, random).rounds();
    }
  }

  /**
   * What is to be reached.
   *
   * @param paper whether the mean is to be near the paper's, not just below
   * @param mean rounds
   * @param max rounds of the longest run
   */
  private record Target(boolean paper, double mean, double max) {
    boolean met(double meanRounds, double maxRounds) {
      boolean near = !paper || meanRounds >= mean - PAPER_OFF_MAX;
      double slack = paper ? PAPER_OFF_MAX : 0;
      return near && Double.isFinite(maxRounds) && meanRounds <= mean + slack && maxRounds <= max;
    }

    @Override
    public String toString() {
      if (paper) {
        return String.format(Locale.ROOT, "mean %.0f +- %.1f", mean, PAPER_OFF_MAX);
      }
      if (mean == ANY) {
        return "every run ends";
      }
      String below = String.format(Locale.ROOT, "mean <= %.1f", mean);
      return max == ANY ? below : below + String.format(Locale.ROOT, " max <= %.0f", max);
    }
  }

  private static List<Case> cases() {
    int[] four = {25, 25, 25, 25};
    int[] two = {25, 25};
    return List.of(
        Case.paper(15, 1, LARGE),
        Case.paper(32, 1, 5, 5, 5, 5, 5, 5, 5, 5),
        Case.paper(29, 1, four),
        Case.paper(26, 1, 25, 125, 125),
        Case.paper(24, 3, four),
        Case.ours(1, Answers.FREE, 0, Crash.NONE, 12, ANY, LARGE),
        Case.ours(3, Answers.FREE, 0, Crash.NONE, 20, 24, four),
        Case.ours(5, Answers.STRICT, 0, Crash.NONE, 28, ANY, four),
        Case.ours(3, Answers.FREE, 0.15, Crash.NONE, 10, ANY, two),
        Case.ours(3, Answers.FREE, 0, new Crash(0.08, false), 8.5, ANY, two),
        Case.ours(3, Answers.FREE, 0, new Crash(0, true), ANY, ANY, two),
        Case.ours(5, Answers.STRICT, 0.15, new Crash(0.08, true), ANY, ANY, two));
  }

  /**
   * Plays.
   *
   * @return a row a case: {@code bench, rule, answers, nodes, branching, representatives, loss,
   *     crashed, seeds, rounds_mean, rounds_max, rows_per_node, target, ok}; {@code branching} is
   *     the widest: 390,625 leaves in zones of 125 have cells of 25
   */
  public List<Map<String, Object>> run(Progress progress) {
    List<Case> cases = cases();
    List<Map<String, Object>> rows = new ArrayList<>();
    double all = cases.stream().mapToDouble(this::work).sum();
    double done = 0;
    for (Case next : cases) {
      ZoneTree tree = new ZoneTree(next.representatives, next.branching);
      int runs = runs(next);
      double sum = 0;
      double max = 0;
      for (int seed = 0; seed < runs; seed++) {
        progress.at((done + work(next) * seed / runs) / all, next.leaves() + " nodes");
        double rounds = next.run(tree, new SplittableRandom(seed));
        sum += rounds;
        max = Math.max(max, rounds);
      }
      done += work(next);
      rows.add(row(next, runs, sum / runs, max));
    }
    progress.at(1, "done");
    return rows;
  }

  private int runs(Case next) {
    return next.leaves() <= SMALL ? seeds * SMALL_FACTOR : seeds;
  }

  private double work(Case next) {
    return (double) next.leaves() * runs(next) * next.branching.length;
  }

  private static Map<String, Object> row(Case played, int runs, double mean, double max) {
    int leaves = played.leaves();
    int crashed =
        played.crash.draw(leaves, played.representatives, new SplittableRandom(0)).cardinality();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "astrolabe");
    row.put("rule", played.target.paper ? "paper" : "starling");
    row.put("answers", played.answers == Answers.FREE ? "free" : "strict");
    row.put("nodes", leaves);
    row.put("branching", Arrays.stream(played.branching).max().orElseThrow());
    row.put("representatives", played.representatives);
    row.put("loss", played.loss);
    row.put("crashed", (double) crashed / leaves);
    row.put("seeds", runs);
    row.put("rounds_mean", SpreadBench.rounded(mean));
    row.put("rounds_max", SpreadBench.rounded(max));
    row.put("rows_per_node", played.rows());
    row.put("target", played.target.toString());
    row.put("ok", played.target.met(mean, max));
    return row;
  }
}
