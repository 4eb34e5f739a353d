package starling.bench.gossip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import starling.predict.Gossip;
import starling.predict.Rounds;
import starling.progress.Progress;

/**
 * How well spread is predicted: epidemics are played out and stand beside the prediction, for push,
 * pull and push-pull, fan-out 1 to 3, 0 to 30 % loss.
 *
 * @param nodes sizes of groups
 * @param seeds epidemics of each case
 */
public record SpreadBench(List<Integer> nodes, int seeds) {
  /** How far a mean may be from its prediction, in rounds. */
  public static final double MEAN_OFF_MAX = 0.6;

  /** How far a 99th percentile may be. */
  public static final int P99_OFF_MAX = 3;

  private static final double[] LOSSES = {0, 0.1, 0.2, 0.3};
  private static final int FANOUT_MAX = 3;
  private static final int SEEDS_MAX = 100_000;

  public SpreadBench {
    nodes = List.copyOf(nodes);
    if (seeds < 1 || seeds > SEEDS_MAX) {
      throw new IllegalArgumentException("seeds are 1 to " + SEEDS_MAX + ", not " + seeds);
    }
    if (nodes.isEmpty() || nodes.stream().anyMatch(n -> n < 2 || n > 1_000_000)) {
      throw new IllegalArgumentException("sizes are 2 to 1000000 nodes, not " + nodes);
    }
  }

  /**
   * Plays.
   *
   * @return a row a case: {@code bench, model, fanout, loss, nodes, seeds, rounds_mean, rounds_p99,
   *     predicted_mean, predicted_p99, ok}
   */
  public List<Map<String, Object>> run(Progress progress) {
    List<Gossip> cases = cases();
    double all = cases.stream().mapToDouble(Gossip::members).sum();
    double done = 0;
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Gossip next : cases) {
      progress.at(done / all, "%s, %d nodes".formatted(model(next), next.members()));
      rows.add(row(next));
      done += next.members();
    }
    progress.at(1, "done");
    return rows;
  }

  private List<Gossip> cases() {
    List<Gossip> cases = new ArrayList<>();
    for (Gossip.Mode mode : Gossip.Mode.values()) {
      for (int fanout = 1; fanout <= FANOUT_MAX; fanout++) {
        for (double loss : LOSSES) {
          for (int members : nodes) {
            cases.add(new Gossip(mode, members, fanout, loss));
          }
        }
      }
    }
    return cases;
  }

  private Map<String, Object> row(Gossip gossip) {
    int[] rounds = new int[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      rounds[seed] = new Epidemic(gossip, new SplittableRandom(seed)).rounds();
    }
    Arrays.sort(rounds);
    double mean = Arrays.stream(rounds).average().orElseThrow();
    int p99 = rounds[(int) Math.ceil(0.99 * seeds) - 1];
    Rounds predicted = gossip.spread().all();
    boolean ok =
        Math.abs(mean - predicted.mean()) <= MEAN_OFF_MAX
            && Math.abs(p99 - predicted.quantile(0.99)) <= P99_OFF_MAX;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "spread");
    row.put("model", model(gossip));
    row.put("fanout", gossip.fanout());
    row.put("loss", gossip.loss());
    row.put("nodes", gossip.members());
    row.put("seeds", seeds);
    row.put("rounds_mean", rounded(mean));
    row.put("rounds_p99", p99);
    row.put("predicted_mean", rounded(predicted.mean()));
    row.put("predicted_p99", predicted.quantile(0.99));
    row.put("ok", ok);
    return row;
  }

  private static String model(Gossip gossip) {
    return gossip.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
