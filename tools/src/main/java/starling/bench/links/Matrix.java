package starling.bench.links;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which share of one node's frames another hears, for each pair and direction.
 *
 * @param delivery {@code [from][to]}, 0 to 1
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Matrix(String name, double[][] delivery) {
  /** A link is usable if both directions deliver this share: one carries questions, one answers. */
  static final double USABLE = 0.1;

  /** How many nodes it is of. */
  public int size() {
    return delivery.length;
  }

  /** The share of one node's frames that another hears. */
  public double share(int from, int to) {
    return delivery[from][to];
  }

  boolean usable(int one, int other) {
    return Math.min(delivery[one][other], delivery[other][one]) >= USABLE;
  }

  /** How many usable links a node has. */
  int degree(int node) {
    return (int) IntStream.range(0, size()).filter(other -> usable(node, other)).count();
  }

  /** How often a question one way and its answer the other both arrive, for each pair. */
  double[][] exchanges() {
    double[][] both = new double[size()][size()];
    for (int from = 0; from < size(); from++) {
      for (int to = 0; to < size(); to++) {
        both[from][to] = delivery[from][to] * delivery[to][from];
      }
    }
    return both;
  }

  /** Whoever usable links connect to a node, in the order of hops and then of their delivery. */
  List<Integer> connected(int node) {
    List<Integer> reached = new ArrayList<>(List.of(node));
    BitSet seen = new BitSet();
    seen.set(node);
    for (int next = 0; next < reached.size(); next++) {
      int from = reached.get(next);
      IntStream.range(0, size())
          .filter(to -> usable(from, to) && !seen.get(to))
          .boxed()
          .sorted(Comparator.comparingDouble(to -> -delivery[from][to]))
          .forEach(to -> {
            seen.set(to);
            reached.add(to);
          });
    }
    return reached;
  }

  /** How many hops over usable links it is from a node to the farthest that they connect to it. */
  public int hops(int node) {
    int[] hops = new int[size()];
    List<Integer> reached = connected(node);
    int farthest = 0;
    for (int place = 1; place < reached.size(); place++) {
      int to = reached.get(place);
      int before =
          reached.subList(0, place).stream()
              .filter(one -> usable(one, to))
              .mapToInt(one -> hops[one])
              .min()
              .orElse(0);
      hops[to] = before + 1;
      farthest = Math.max(farthest, hops[to]);
    }
    return farthest;
  }

  /**
   * Of a part that usable links connect: the same, with the node first from which all others are
   * the fewest hops away.
   */
  public Matrix fromItsMiddle() {
    return of(name, middleFirst());
  }

  /** Whoever usable links connect, with the node first from which others are the fewest hops. */
  public List<Integer> middleFirst() {
    int middle =
        IntStream.range(0, size())
            .boxed()
            .min(Comparator.comparingInt(this::hops).thenComparingInt(node -> -degree(node)))
            .orElseThrow();
    return connected(middle);
  }

  /** The largest part that usable links connect. */
  public List<Integer> largestPart() {
    return IntStream.range(0, size())
        .mapToObj(this::connected)
        .max(Comparator.comparingInt(List::size))
        .orElse(List.of());
  }

  /** The same of some nodes alone. */
  public Matrix of(String part, List<Integer> nodes) {
    double[][] rows = new double[nodes.size()][nodes.size()];
    for (int from = 0; from < rows.length; from++) {
      for (int to = 0; to < rows.length; to++) {
        rows[from][to] = delivery[nodes.get(from)][nodes.get(to)];
      }
    }
    return new Matrix(part, rows);
  }

  /**
   * Cells of at most so many nodes. A matrix that is small enough is one, with those whom nobody
   * hears. Of a larger one, the best linked node of the largest part and those nearest to it by
   * hops are the first cell, and so on with the rest, until parts have fewer than {@code least}.
   */
  List<Matrix> cells(int most, int least) {
    if (size() <= most) {
      return List.of(this);
    }
    List<Matrix> cells = new ArrayList<>();
    Matrix rest = this;
    List<Integer> part = rest.largestPart();
    while (part.size() >= least) {
      Matrix from = rest;
      int best = part.stream().max(Comparator.comparingInt(from::degree)).orElseThrow();
      List<Integer> cell = rest.connected(best).stream().limit(most).toList();
      cells.add(rest.of(name + "/" + (cells.size() + 1), cell));
      List<Integer> others =
          IntStream.range(0, rest.size()).boxed().filter(node -> !cell.contains(node)).toList();
      rest = rest.of(name, others);
      part = rest.largestPart();
    }
    return cells;
  }

  @Override
  public String toString() {
    return name + " " + Arrays.deepToString(delivery);
  }
}
