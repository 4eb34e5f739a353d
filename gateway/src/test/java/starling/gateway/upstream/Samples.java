package starling.gateway.upstream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import starling.model.Delivery;

/** Deliveries as a node tells them. */
final class Samples {
  /** 2026-06-01T12:00:00Z. */
  static final long NOON_MILLIS = 1_780_315_200_000L;

  static final int WINDOW_MILLIS = 10_000;

  private static final Delivery.Signal SIGNAL =
      new Delivery.Signal(
          OptionalDouble.of(-93),
          OptionalDouble.of(-91.25),
          OptionalDouble.of(-5.25),
          OptionalDouble.empty());

  private Samples() {}

  static Delivery.Result result(String zone, int window, int reported, double average) {
    long start = NOON_MILLIS + (long) window * WINDOW_MILLIS;
    return result(zone, start, WINDOW_MILLIS, reported, average);
  }

  static Delivery.Result result(
      String zone, long start, long length, int reported, double average) {
    return new Delivery.Result(
        zone,
        "climate",
        start,
        start + length,
        new TreeMap<>(Map.of("avg_temperature", average, "count", (double) reported)),
        new TreeMap<>(Map.of("avg_temperature", "Cel", "count", "1")),
        reported,
        18,
        12_345,
        reported,
        0);
  }

  /** A member as a gateway hears it. */
  static Delivery.Health heard(String node) {
    OptionalDouble loss = OptionalDouble.of(0.03125);
    Delivery.Hearing hearing = new Delivery.Hearing(400, 8_000, loss, Optional.of(SIGNAL));
    return new Delivery.Health(
        node, NOON_MILLIS, Delivery.State.UP, 3, Optional.of(hearing), Optional.empty());
  }

  /** A gateway as it knows itself. */
  static Delivery.Health vitals(String node) {
    Delivery.LinkVitals radio =
        new Delivery.LinkVitals(
            "radio",
            "lora-sf9",
            true,
            OptionalDouble.of(0.05),
            Optional.of(SIGNAL),
            0.012345,
            0.03,
            0.009,
            0.1,
            1);
    Delivery.LinkVitals uplink =
        new Delivery.LinkVitals(
            "uplink",
            "mqtt",
            false,
            OptionalDouble.empty(),
            Optional.empty(),
            0.00001,
            0.18,
            0,
            1,
            0);
    return new Delivery.Health(
        node,
        NOON_MILLIS,
        Delivery.State.UP,
        9,
        Optional.empty(),
        Optional.of(
            new Delivery.Vitals(
                86_400_500,
                812,
                0,
                List.of(radio, uplink),
                2,
                5,
                new TreeMap<>(Map.of("inputs", 1, "samples", 0)),
                OptionalDouble.of(51.2))));
  }
}
