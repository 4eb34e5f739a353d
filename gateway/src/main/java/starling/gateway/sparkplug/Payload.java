package starling.gateway.sparkplug;

import java.util.List;

/**
 * Sparkplug B's payload: {@code sparkplug_b.proto} of the specification 3.0, written by hand, as it
 * is one message of which six fields are used.
 */
final class Payload {
  static final int INT32 = 3;
  static final int INT64 = 4;
  static final int DOUBLE = 10;
  static final int BOOLEAN = 11;
  static final int STRING = 12;

  /** A host's word to say everything again. */
  static final String REBIRTH = "Node Control/Rebirth";

  /** Which connection it is; also what a will says. */
  static final String BIRTH_DEATH = "bdSeq";

  private static final int METRICS_READ_MAX = 64;

  private Payload() {}

  /** A birth of an edge node or device. */
  static byte[] birth(long nowMillis, int seq, List<Metric> metrics) {
    Protobuf.Writer payload = new Protobuf.Writer().number(1, nowMillis);
    metrics.forEach(metric -> payload.message(2, metric.birth()));
    return payload.number(3, seq).toBytes();
  }

  /** Data of an edge node or device. */
  static byte[] data(long nowMillis, int seq, List<Metric> metrics, boolean historical) {
    Protobuf.Writer payload = new Protobuf.Writer().number(1, nowMillis);
    metrics.forEach(metric -> payload.message(2, metric.data(historical)));
    return payload.number(3, seq).toBytes();
  }

  /** A device's death. */
  static byte[] deviceDeath(long nowMillis, int seq) {
    return new Protobuf.Writer().number(1, nowMillis).number(3, seq).toBytes();
  }

  /** An edge node's death, for its will too: without a number in the sequence. */
  static byte[] death(long nowMillis, long birthDeath) {
    Metric metric = new Metric(BIRTH_DEATH, nowMillis, new Metric.Value.Whole(birthDeath), "");
    return new Protobuf.Writer().number(1, nowMillis).message(2, metric.birth()).toBytes();
  }

  /** Whether a command wants a rebirth. What is no payload wants nothing. */
  static boolean wantsRebirth(byte[] command) {
    try {
      Protobuf.Reader payload = new Protobuf.Reader(command);
      int metrics = 0;
      for (int field = payload.field(); field != 0; field = payload.field()) {
        if (field != 2) {
          payload.skip();
        } else if (metrics++ < METRICS_READ_MAX && isRebirth(payload.message())) {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isRebirth(Protobuf.Reader metric) {
    String name = "";
    boolean value = false;
    for (int field = metric.field(); field != 0; field = metric.field()) {
      switch (field) {
        case 1 -> name = metric.text();
        case 14 -> value = metric.number() != 0;
        default -> metric.skip();
      }
    }
    return value && name.equals(REBIRTH);
  }
}
