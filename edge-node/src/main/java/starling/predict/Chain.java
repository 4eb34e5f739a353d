package starling.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The exact Markov chain of the number of informed members.
 *
 * <p>A round's pushes are taken one sender after the other: each finds fewer uninformed members
 * left, by a step that depends on nothing but their number. What pushes leave, pulls thin out
 * independently. Probabilities below {@value #NEGLIGIBLE} are left out.
 */
final class Chain {
  private static final double NEGLIGIBLE = 1e-15;
  private static final double OVER = 1e-9;
  private static final int ROUNDS_MAX = 20_000;

  private final Gossip gossip;
  private final int members;

  /** By number of uninformed members: the chances that one sender newly reaches 0, 1, ... */
  private final double[][] pushed;

  /** By number of informed members: where a round leads. */
  private final Row[] rows;

  /** Probabilities of {@code first}, {@code first + 1}, ... uninformed members. */
  private record Row(int first, double[] probability) {}

  Chain(Gossip gossip) {
    this.gossip = gossip;
    members = gossip.members();
    pushed = new double[members][gossip.partners() + 1];
    for (int fresh = 0; fresh < members; fresh++) {
      for (int hit = 0; hit <= gossip.partners(); hit++) {
        pushed[fresh][hit] = gossip.pushed(hit, fresh);
      }
    }
    rows = new Row[members + 1];
  }

  /**
   * How a change spreads from one member.
   *
   * @param joins after which rounds another member, drawn from all but the first, learns it from
   *     outside
   */
  Spread spread(int... joins) {
    double[] state = new double[members + 1];
    state[1] = 1;
    List<Double> all = new ArrayList<>();
    List<Double> member = new ArrayList<>();
    double frames = 0;
    while (true) {
      for (int round : joins) {
        state = round == all.size() ? joined(state) : state;
      }
      double informed = 0;
      for (int k = 1; k <= members; k++) {
        informed += k * state[k];
        frames += k < members ? state[k] * gossip.frames(k) : 0;
      }
      all.add(state[members]);
      member.add(members == 1 ? 1 : (informed - 1) / (members - 1));
      if (state[members] > 1 - OVER || all.size() > ROUNDS_MAX) {
        return new Spread(rounds(all), rounds(member), frames);
      }
      state = next(state);
    }
  }

  /** How many know after 0, 1, ... rounds, until all do with this probability. */
  List<Delivered> delivery(double enough) {
    double[] state = new double[members + 1];
    state[1] = 1;
    List<Delivered> delivery = new ArrayList<>();
    delivery.add(new Delivered(state));
    while (state[members] < enough && delivery.size() <= ROUNDS_MAX) {
      state = next(state);
      delivery.add(new Delivered(state));
    }
    return delivery;
  }

  private double[] joined(double[] state) {
    double[] joined = new double[members + 1];
    for (int informed = 1; informed <= members; informed++) {
      double fresh = members == 1 ? 0 : (members - informed) / (members - 1.0);
      joined[informed] += state[informed] * (1 - fresh);
      if (informed < members) {
        joined[informed + 1] += state[informed] * fresh;
      }
    }
    return joined;
  }

  private static Rounds rounds(List<Double> by) {
    return new Rounds(by.stream().mapToDouble(p -> p).toArray());
  }

  private double[] next(double[] state) {
    double[] next = new double[members + 1];
    next[members] = state[members];
    for (int informed = 1; informed < members; informed++) {
      if (state[informed] > NEGLIGIBLE) {
        Row row = row(informed);
        for (int i = 0; i < row.probability.length; i++) {
          next[members - row.first - i] += state[informed] * row.probability[i];
        }
      }
    }
    return next;
  }

  private Row row(int informed) {
    Row row = rows[informed];
    if (row == null) {
      row = new Row(members - informed, new double[] {1});
      if (gossip.mode().pushes()) {
        for (int sender = 0; sender < informed; sender++) {
          row = push(row);
        }
      }
      if (gossip.mode().pulls()) {
        row = pull(row, gossip.unpulled(informed));
      }
      rows[informed] = row;
    }
    return row;
  }

  private Row push(Row before) {
    int first = Math.max(0, before.first - gossip.partners());
    double[] after = new double[before.first + before.probability.length - first];
    for (int i = 0; i < before.probability.length; i++) {
      int fresh = before.first + i;
      double[] hits = pushed[fresh];
      for (int hit = 0; hit < hits.length && hit <= fresh; hit++) {
        after[fresh - hit - first] += before.probability[i] * hits[hit];
      }
    }
    return trimmed(first, after);
  }

  private static Row pull(Row before, double unpulled) {
    int most = before.first + before.probability.length - 1;
    double[] after = new double[most + 1];
    for (int i = 0; i < before.probability.length; i++) {
      int fresh = before.first + i;
      double[] left = Binomial.row(fresh, unpulled);
      for (int u = 0; u <= fresh; u++) {
        after[u] += before.probability[i] * left[u];
      }
    }
    return trimmed(0, after);
  }

  private static Row trimmed(int first, double[] probability) {
    int from = 0;
    int to = probability.length;
    while (from < to - 1 && probability[from] < NEGLIGIBLE) {
      from++;
    }
    while (to > from + 1 && probability[to - 1] < NEGLIGIBLE) {
      to--;
    }
    return from == 0 && to == probability.length
        ? new Row(first, probability)
        : new Row(first + from, Arrays.copyOfRange(probability, from, to));
  }
}
