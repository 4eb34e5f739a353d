package starling.simulate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Channel;
import starling.model.Schema;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * What contributions amount to for {@link VirtualSite}'s query, in plain decimal arithmetic over
 * all values at once; and how a contribution is read, written down once more.
 */
final class NaiveFold {
  /** A contribution's values in steps, and the age of its oldest reading. */
  record Read(long[] steps, long present, long ageMillis) {}

  private NaiveFold() {}

  static Read read(byte[] row, Schema schema) throws MalformedException {
    WireReader from = new WireReader(row);
    from.u8();
    long ageMillis = from.varint() * 100;
    long present = from.u8();
    long[] steps = new long[schema.channels().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (present & 1L << i) != 0 ? from.zigzag() : 0;
    }
    return new Read(steps, present, ageMillis);
  }

  static SortedMap<String, Double> fold(List<Read> reads, Schema schema) {
    TreeMap<String, Double> answers = new TreeMap<>();
    answers.put("count", (double) reads.size());
    List<BigDecimal> t = values(reads, schema, 0);
    List<BigDecimal> load = values(reads, schema, 1);
    int decimals = schema.channels().getFirst().decimals();
    if (!t.isEmpty()) {
      BigDecimal n = BigDecimal.valueOf(t.size());
      BigDecimal sum = t.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal mean = sum.divide(n, MathContext.DECIMAL128);
      BigDecimal squares =
          t.stream()
              .map(v -> v.subtract(mean).pow(2))
              .reduce(BigDecimal.ZERO, BigDecimal::add)
              .divide(n, MathContext.DECIMAL128);
      answers.put("avg_air_temperature", round(mean, decimals + 3));
      answers.put(
          "stddev_air_temperature", round(squares.sqrt(MathContext.DECIMAL128), decimals + 3));
      answers.put("min_air_temperature", t.getFirst().doubleValue());
      answers.put("max_air_temperature", t.getLast().doubleValue());
      int rank = Math.max(1, (int) Math.ceil(t.size() * 0.95));
      answers.put("p95_air_temperature", t.get(rank - 1).doubleValue());
    }
    if (!load.isEmpty()) {
      answers.put("sum_load", load.stream().reduce(BigDecimal.ZERO, BigDecimal::add).doubleValue());
    }
    return answers;
  }

  private static double round(BigDecimal value, int digits) {
    return value.setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  private static List<BigDecimal> values(List<Read> reads, Schema schema, int index) {
    Channel channel = schema.channels().get(index);
    List<BigDecimal> values = new ArrayList<>();
    for (Read read : reads) {
      if ((read.present() & 1L << index) != 0) {
        values.add(BigDecimal.valueOf(read.steps()[index], channel.decimals()));
      }
    }
    values.sort(null);
    return values;
  }
}
