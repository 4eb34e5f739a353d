package starling.bench.links;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import starling.link.air.Loss;
import starling.model.Hash;

/**
 * What links of a network lost, frame by frame.
 *
 * @param means the share of frames that came in, for each link
 * @param frames which of its sender's frames a link lost
 */
public record Recording(Matrix means, Loss.Frames frames) {
  private static final int GAP_MAX = 1000; // more is a counter that began anew, or a day off

  /** The same of some nodes alone. */
  public Recording of(List<Integer> nodes) {
    return new Recording(
        means.of(means.name(), nodes),
        (from, to, frame) -> frames.lost(nodes.get(from), nodes.get(to), frame));
  }

  /**
   * Lines {@code noise,from,to,received,...}, where {@code received} has a digit for each beacon of
   * the sender, 1 if it came in: a recording for each level of noise. After the last beacon comes
   * the first one again.
   */
  static List<Recording> beacons(String name, Stream<String> lines) {
    Map<String, Map<String, Map<String, String>>> levels = new TreeMap<>();
    lines.forEach(line -> {
      String[] words = line.split(",", -1);
      if (words.length >= 4 && words[3].matches("[01]+")) {
        levels
            .computeIfAbsent(words[0], _ -> new TreeMap<>())
            .computeIfAbsent(words[1], _ -> new TreeMap<>())
            .put(words[2], words[3]);
      }
    });
    return levels.entrySet().stream()
        .map(level -> of(name + "/" + level.getKey() + "dBm", level.getValue()))
        .toList();
  }

  private static Recording of(String name, Map<String, Map<String, String>> received) {
    TreeSet<String> names = new TreeSet<>(received.keySet());
    received.values().forEach(row -> names.addAll(row.keySet()));
    List<String> nodes = List.copyOf(names);
    Turn[][] turns = new Turn[nodes.size()][nodes.size()];
    for (int from = 0; from < turns.length; from++) {
      Map<String, String> row = received.getOrDefault(nodes.get(from), Map.of());
      for (int to = 0; to < turns.length; to++) {
        turns[from][to] = Turn.of(row.getOrDefault(nodes.get(to), "0"));
      }
    }
    double[][] means = new double[turns.length][turns.length];
    for (int from = 0; from < turns.length; from++) {
      for (int to = 0; to < turns.length; to++) {
        means[from][to] = turns[from][to].share();
      }
    }
    return new Recording(new Matrix(name, means), (from, to, frame) -> turns[from][to].lost(frame));
  }

  /**
   * Lines that begin with {@code time,counter}, of frames of one node that came in: so many nodes
   * whose links all lose what that one's lost, each from another place on.
   */
  static Recording counters(String name, int nodes, Stream<String> lines) {
    List<Long> counters = new ArrayList<>();
    lines.forEach(line -> {
      String[] words = line.split(",", -1);
      if (words.length > 1 && words[1].matches("\\d{1,9}")) {
        counters.add(Long.parseLong(words[1]));
      }
    });
    StringBuilder received = new StringBuilder("1");
    Iterator<Long> left = counters.iterator();
    long before = left.hasNext() ? left.next() : 0;
    while (left.hasNext()) {
      long next = left.next();
      long gap = next - before;
      if (gap > 0) {
        received.repeat("0", gap > GAP_MAX ? 0 : (int) gap - 1).append("1");
      }
      before = next;
    }
    Turn turn = Turn.of(received.toString());
    double[][] means = new double[nodes][nodes];
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        means[from][to] = from == to ? 0 : turn.share();
      }
    }
    return new Recording(
        new Matrix(name, means),
        (from, to, frame) -> turn.lost(frame + (Hash.of(from, to) >>> 1) % turn.length()));
  }

  /** What became of frames in turn. */
  private record Turn(BitSet received, int length) {
    static Turn of(String digits) {
      BitSet received = new BitSet();
      for (int i = 0; i < digits.length(); i++) {
        received.set(i, digits.charAt(i) == '1');
      }
      return new Turn(received, digits.length());
    }

    double share() {
      return (double) received.cardinality() / length;
    }

    boolean lost(long frame) {
      return !received.get((int) (frame % length));
    }
  }
}
