package starling.query;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import starling.model.Channel;
import starling.model.Schema;

/** A node's row, as tests make them up, and the naive answers to queries over many of them. */
record Contribution(Schema schema, List<Long> steps, long present, Origin origin) {
  static final Channel TEMPERATURE = new Channel("t", "Cel", 2, -40, 85);
  static final Channel HUMIDITY = new Channel("h", "%", 0, 0, 100);
  static final Channel WIDEST = new Channel("w", "1", 0, -Channel.STEPS_MAX, Channel.STEPS_MAX);
  static final Schema INDOOR = new Schema(3, List.of(HUMIDITY, TEMPERATURE, WIDEST));
  static final Schema OUTDOOR = new Schema(0, List.of(TEMPERATURE));

  static Contribution random(RandomGenerator random, int spread) {
    Schema schema = random.nextInt(3) == 0 ? OUTDOOR : INDOOR;
    List<Long> steps =
        schema.channels().stream()
            .map(c -> {
              long low = c.steps(c.minimum());
              long high = c.steps(c.maximum());
              long middle = (low + high) / 2;
              return Math.clamp(middle + random.nextLong(-spread, spread + 1L), low, high);
            })
            .toList();
    int cell = 1 + random.nextInt(0xFFFF);
    int slot = random.nextInt(64);
    String path = "/site/" + (cell % 2 == 0 ? "even" : "odd");
    boolean mains = random.nextBoolean();
    Origin origin = new Origin(cell, slot, path, "n" + slot, mains, random.nextInt(4) == 0);
    return new Contribution(schema, steps, random.nextInt(5) == 0 ? random.nextInt() : -1, origin);
  }

  Partial addTo(Partial state) {
    long[] values = steps.stream().mapToLong(Long::longValue).toArray();
    return state.add(schema, values, present, origin);
  }

  static Partial fold(Plan plan, List<Contribution> all) {
    Partial state = plan.empty();
    for (Contribution one : all) {
      state = one.addTo(state);
    }
    return state;
  }

  /** A channel's value in units; null where it was not measured. */
  Double value(Channel channel) {
    int i = schema.channels().indexOf(channel);
    return i >= 0 && (present >> i & 1) == 1 ? channel.value(steps.get(i)) : null;
  }

  /** Values of one channel in units, sorted. */
  static double[] values(List<Contribution> all, Channel channel) {
    return all.stream()
        .map(one -> one.value(channel))
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  /** Statistics in plain floating point. */
  static Map<String, Double> naive(double[] sorted) {
    Map<String, Double> answers = new TreeMap<>();
    int n = sorted.length;
    answers.put("COUNT", (double) n);
    if (n > 0) {
      double mean = Arrays.stream(sorted).average().orElseThrow();
      answers.put("SUM", Arrays.stream(sorted).sum());
      answers.put("AVG", mean);
      answers.put("MIN", sorted[0]);
      answers.put("MAX", sorted[n - 1]);
      answers.put(
          "STDDEV", Math.sqrt(Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum() / n));
      for (int percent = 0; percent <= 100; percent++) {
        int rank = Math.max(1, (int) Math.ceil(percent * n / 100.0));
        answers.put("P" + percent, sorted[rank - 1]);
      }
    }
    return answers;
  }
}
