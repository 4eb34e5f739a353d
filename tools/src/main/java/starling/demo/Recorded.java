package starling.demo;

import java.util.OptionalDouble;

/** What the weather was by the recording, for whoever checks what was measured. */
@FunctionalInterface
interface Recorded {
  /**
   * The air temperature that a station's node reads at the end of a window, in Cel.
   *
   * @param windowEndMillis network time, Unix milliseconds
   */
  OptionalDouble airTemperature(String station, long windowEndMillis);
}
