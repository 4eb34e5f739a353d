package starling.zone;

import java.util.Arrays;
import java.util.Map;
import starling.model.Channel;
import starling.model.Schema;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What one node says for one window: sealed, immutable, and the same bytes for ever, whoever passes
 * them on.
 *
 * <pre>
 * schema 4 | PARTIAL 1 | 0 3      age v (0.1 s)      presence 1 or 2      values z...
 * v varint, z zigzag varint: one a present channel, in steps of its resolution
 * </pre>
 *
 * @param schema the schema's number
 * @param partial whether the node's clock stepped within the window
 * @param ageMillis the age of the oldest reading at the window's end
 * @param present bit i: channel i has a value
 * @param steps by channel, 0 where absent
 */
record Contribution(int schema, boolean partial, long ageMillis, long present, long[] steps) {
  /** The most bytes a sealed contribution may have. */
  static final int BYTES_MAX = 80;

  private static final int PARTIAL = 1 << 3;
  private static final long AGE_UNIT_MILLIS = 100;
  private static final int AGE_MAX = 1 << 20;

  /** Readings as a contribution; values that a channel can't say are left out. */
  static Contribution of(
      Schema schema, Map<String, Double> values, long ageMillis, boolean partial) {
    long present = 0;
    long[] steps = new long[schema.channels().size()];
    for (int i = 0; i < steps.length; i++) {
      Channel channel = schema.channels().get(i);
      Double value = values.get(channel.name());
      if (value != null && channel.accepts(value)) {
        steps[i] = channel.steps(value);
        present |= 1L << i;
      }
    }
    return new Contribution(schema.number(), partial, ageMillis, present, steps);
  }

  /** Its bytes on the air and on disk. */
  byte[] encode() {
    WireWriter to = WireWriter.ofSize(BYTES_MAX);
    to.u8(schema << 4 | (partial ? PARTIAL : 0));
    to.varint(Math.clamp(ageMillis / AGE_UNIT_MILLIS, 0, AGE_MAX));
    to.u8((int) present);
    if (steps.length > 8) {
      to.u8((int) (present >>> 8));
    }
    for (int i = 0; i < steps.length; i++) {
      if ((present & 1L << i) != 0) {
        to.zigzag(steps[i]);
      }
    }
    return to.toBytes();
  }

  /** The schema's number of an encoded contribution: readable without the schema. */
  static int schemaOf(byte[] encoded) {
    return encoded.length == 0 ? 0 : encoded[0] >>> 4 & 15;
  }

  /**
   * Reads a contribution of this schema: strictly, so that equal contributions have equal bytes.
   */
  static Contribution decode(byte[] encoded, Schema schema) throws MalformedException {
    WireReader from = new WireReader(encoded);
    int first = from.u8();
    if (first >>> 4 != schema.number() || (first & 7) != 0) {
      throw new MalformedException("not a contribution of schema " + schema.number());
    }
    long age = from.varint(AGE_MAX) * AGE_UNIT_MILLIS;
    int channels = schema.channels().size();
    long present = from.u8();
    if (channels > 8) {
      present |= (long) from.u8() << 8;
    }
    if (present >>> channels != 0) {
      throw new MalformedException("a value of a channel that the schema lacks");
    }
    long[] steps = new long[channels];
    for (int i = 0; i < channels; i++) {
      if ((present & 1L << i) != 0) {
        steps[i] = from.zigzag();
        if (Math.abs(steps[i]) > Channel.STEPS_MAX) {
          throw new MalformedException("a value past its channel's range");
        }
      }
    }
    from.end();
    return new Contribution(schema.number(), (first & PARTIAL) != 0, age, present, steps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Contribution c && Arrays.equals(encode(), c.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }
}
