package starling.bench.links;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Delivery between nodes as published data sets have it, in their three formats. Lines that make no
 * sense are left out: such files have been cut, merged and renumbered.
 */
final class Measurements {
  private final Map<Pair, Tally> pairs = new LinkedHashMap<>();

  /** A directed link. */
  private record Pair(String from, String to) {
    Pair back() {
      return new Pair(to, from);
    }
  }

  /** Frames that arrived, of so many. */
  private static final class Tally {
    double arrived;
    double sent;
  }

  /** A sender's turn on a channel. */
  private record Turn(String from, String channel) {}

  private Measurements() {}

  /** Lines {@code sender receiver share}; whoever never sends is left out. */
  static Matrix shares(String name, Stream<String> lines) {
    Measurements all = new Measurements();
    lines.forEach(line -> {
      String[] words = line.strip().split("\\s+");
      if (words.length == 3) {
        all.add(new Pair(words[0], words[1]), share(words[2]), 1);
      }
    });
    Map<String, Integer> senders = new TreeMap<>();
    all.pairs.keySet().forEach(pair -> senders.put(pair.from, 0));
    all.pairs.keySet().removeIf(pair -> !senders.containsKey(pair.to));
    return all.matrix(name);
  }

  /**
   * The k7 format, of frames that were acknowledged: a share of each so many sent. What arrived was
   * answered, so where one direction alone was measured the other is as good.
   */
  static Matrix acknowledged(String name, Stream<String> lines) {
    Measurements all = new Measurements();
    lines.map(K7::read).filter(row -> row.sent > 0).forEach(row -> all.add(row.pair(), row));
    for (Map.Entry<Pair, Tally> one : Map.copyOf(all.pairs).entrySet()) {
      all.pairs.putIfAbsent(one.getKey().back(), one.getValue());
    }
    return all.matrix(name);
  }

  /**
   * The k7 format, of frames that each sent to all in rounds, channel by channel; a round of which
   * somebody heard nothing has no row. A sender had so many rounds as whoever heard it most often.
   */
  static Matrix broadcast(String name, Stream<String> lines) {
    Measurements all = new Measurements();
    Map<Turn, Map<String, Integer>> rounds = new HashMap<>();
    lines
        .map(K7::read)
        .filter(row -> row.sent > 0)
        .forEach(row -> {
          all.add(row.pair(), row.share, 0);
          Turn turn = new Turn(row.from, row.channel);
          rounds.computeIfAbsent(turn, _ -> new HashMap<>()).merge(row.to, 1, Integer::sum);
        });
    Map<String, Integer> turns = new HashMap<>();
    rounds.forEach((turn, heard) ->
        turns.merge(
            turn.from,
            heard.values().stream().mapToInt(Integer::intValue).max().orElse(0),
            Integer::sum));
    all.pairs.forEach((pair, tally) -> tally.sent = turns.getOrDefault(pair.from, 0));
    return all.matrix(name);
  }

  /** Lines {@code a,b,share of a at b,share of b at a,type}, of which those of one type count. */
  static Matrix links(String name, String type, Stream<String> lines) {
    Measurements all = new Measurements();
    lines.forEach(line -> {
      String[] words = line.strip().split(",");
      if (words.length == 5 && words[4].equals(type)) {
        Pair pair = new Pair(words[0], words[1]);
        all.add(pair, share(words[2]), 1);
        all.add(pair.back(), share(words[3]), 1);
      }
    });
    return all.matrix(name);
  }

  private void add(Pair pair, K7 row) {
    add(pair, row.share * row.sent, row.sent);
  }

  private void add(Pair pair, double arrived, double sent) {
    if (arrived >= 0 && !pair.from.equals(pair.to)) {
      Tally tally = pairs.computeIfAbsent(pair, _ -> new Tally());
      tally.arrived += arrived;
      tally.sent += sent;
    }
  }

  /** A share as text, -1 if it is none. */
  private static double share(String text) {
    try {
      double share = Double.parseDouble(text);
      return share >= 0 && share <= 1 ? share : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /**
   * A line {@code datetime,src,dst,channel,mean_rssi,pdr,tx_count}.
   *
   * @param sent 0 if the line is none
   */
  private record K7(String from, String to, String channel, double share, double sent) {
    static K7 read(String line) {
      String[] words = line.strip().split(",", -1);
      double share = words.length == 7 ? Measurements.share(words[5]) : -1;
      double sent = 0;
      try {
        sent = share < 0 ? 0 : Double.parseDouble(words[6]);
      } catch (NumberFormatException e) {
        // the head, or a line that was cut
      }
      return sent > 0
          ? new K7(words[1], words[2], words[3], share, sent)
          : new K7("", "", "", 0, 0);
    }

    Pair pair() {
      return new Pair(from, to);
    }
  }

  private Matrix matrix(String name) {
    Map<String, Integer> nodes = new TreeMap<>();
    pairs.keySet().forEach(pair -> nodes.put(pair.from, 0));
    pairs.keySet().forEach(pair -> nodes.put(pair.to, 0));
    int next = 0;
    for (Map.Entry<String, Integer> node : nodes.entrySet()) {
      node.setValue(next++);
    }
    double[][] delivery = new double[next][next];
    pairs.forEach((pair, tally) ->
        delivery[nodes.getOrDefault(pair.from, 0)][nodes.getOrDefault(pair.to, 0)] =
            tally.sent > 0 ? Math.min(1, tally.arrived / tally.sent) : 0);
    return new Matrix(name, delivery);
  }
}
