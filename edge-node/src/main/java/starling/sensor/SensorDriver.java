package starling.sensor;

import java.io.IOException;
import java.util.Map;

/** Opens sensors of one kind. Registered under {@code META-INF/services}. */
public interface SensorDriver {
  /**
   * The {@code kind} in the configuration: {@code linux}, {@code replay}, {@code bme280}, {@code
   * digital}.
   */
  String kind();

  /**
   * The configuration keys that this kind takes besides {@code kind}, each with one line that
   * explains it.
   */
  Map<String, String> keys();

  /**
   * Opens a sensor.
   *
   * @param settings the configuration table's other keys and their values as text; only keys of
   *     {@link #keys}
   * @throws IllegalArgumentException a setting is missing or impossible; the message names the key
   *     and what is possible
   * @throws IOException the device is not there or can't be opened; the message says what to do
   */
  Sensor open(Map<String, String> settings) throws IOException;
}
