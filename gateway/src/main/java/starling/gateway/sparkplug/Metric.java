package starling.gateway.sparkplug;

/**
 * A named value at a time.
 *
 * @param name in the namespace of an edge node or device
 * @param atMillis Unix time
 * @param value what it was
 * @param unit UCUM code; empty for none
 */
record Metric(String name, long atMillis, Value value, String unit) {
  private static final int QUALITY_GOOD = 192;

  /** By Sparkplug's types. */
  sealed interface Value {
    /** Int64. */
    record Whole(long value) implements Value {}

    /** Double. */
    record Real(double value) implements Value {}

    /** Boolean. */
    record Truth(boolean value) implements Value {}
  }

  /** A number that was measured. */
  static Metric of(String name, long atMillis, double value, String unit) {
    return new Metric(name, atMillis, new Value.Real(value), unit);
  }

  /** As a birth has it: with its type and, if it has a unit, its properties. */
  Protobuf.Writer birth() {
    int type =
        switch (value) {
          case Value.Whole _ -> Payload.INT64;
          case Value.Real _ -> Payload.DOUBLE;
          case Value.Truth _ -> Payload.BOOLEAN;
        };
    Protobuf.Writer metric =
        new Protobuf.Writer().text(1, name).number(3, atMillis).number(4, type);
    if (!unit.isEmpty()) {
      metric.message(9, properties());
    }
    return valued(metric);
  }

  /** As data has it: the type is known from the birth. */
  Protobuf.Writer data(boolean historical) {
    Protobuf.Writer metric = new Protobuf.Writer().text(1, name).number(3, atMillis);
    if (historical) {
      metric.truth(5, true);
    }
    return valued(metric);
  }

  private Protobuf.Writer valued(Protobuf.Writer metric) {
    return switch (value) {
      case Value.Whole(long whole) -> metric.number(11, whole);
      case Value.Real(double real) -> metric.real(13, real);
      case Value.Truth(boolean truth) -> metric.truth(14, truth);
    };
  }

  private Protobuf.Writer properties() {
    Protobuf.Writer quality =
        new Protobuf.Writer().number(1, Payload.INT32).number(3, QUALITY_GOOD);
    Protobuf.Writer units = new Protobuf.Writer().number(1, Payload.STRING).text(8, unit);
    return new Protobuf.Writer()
        .text(1, "Quality")
        .text(1, "engUnit")
        .message(2, quality)
        .message(2, units);
  }
}
