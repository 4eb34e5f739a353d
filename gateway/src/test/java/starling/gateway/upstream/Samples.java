package starling.gateway.upstream;

import java.util.Map;
import java.util.TreeMap;
import starling.model.Delivery;

/** Deliveries as a node tells them. */
final class Samples {
  /** 2026-06-01T12:00:00Z. */
  static final long NOON_MILLIS = 1_780_315_200_000L;

  static final int WINDOW_MILLIS = 10_000;

  private Samples() {}

  static Delivery.Result result(String zone, int window, int reported, double average) {
    long start = NOON_MILLIS + (long) window * WINDOW_MILLIS;
    return new Delivery.Result(
        zone,
        "climate",
        start,
        start + WINDOW_MILLIS,
        new TreeMap<>(Map.of("avg_temperature", average, "count", (double) reported)),
        new TreeMap<>(Map.of("avg_temperature", "Cel", "count", "1")),
        reported,
        18,
        12_345,
        reported,
        0);
  }
}
