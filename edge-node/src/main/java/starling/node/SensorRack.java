package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import starling.engine.Local;
import starling.sensor.Sensor;
import starling.sensor.SensorDriver;

/**
 * All sensors of a node, asked together. One that fails is left out, and said once until it works
 * again.
 */
final class SensorRack implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SensorRack.class.getName());

  private final Map<String, Sensor> sensors;
  private final Set<String> failing = new HashSet<>();

  SensorRack(Map<String, Sensor> sensors) {
    this.sensors = sensors;
  }

  /**
   * Opens what the configuration names.
   *
   * @param tables by the owner's name for a sensor: its kind, and what that kind takes
   * @throws ConfigurationException tables are wrong: all that is wrong with them
   * @throws IOException sensors can't be opened: which, and why
   */
  static SensorRack open(Map<String, Map<String, String>> tables)
      throws ConfigurationException, IOException {
    Refusals refusals = new Refusals();
    Map<String, SensorDriver> drivers = drivers(tables);
    SensorRack rack = new SensorRack(new TreeMap<>());
    tables.forEach((name, table) ->
        refusals
            .get(() -> sensor("sensor." + name, table, drivers))
            .ifPresent(sensor -> rack.sensors.put(name, sensor)));
    try {
      refusals.end();
      return rack;
    } catch (ConfigurationException | IOException e) {
      rack.close();
      throw e;
    }
  }

  /** The drivers by kind; without sensors none is even looked for. */
  private static Map<String, SensorDriver> drivers(Map<String, ?> tables) {
    Map<String, SensorDriver> drivers = new TreeMap<>();
    if (!tables.isEmpty()) {
      ServiceLoader.load(SensorDriver.class).forEach(driver -> drivers.put(driver.kind(), driver));
    }
    return drivers;
  }

  private static Sensor sensor(
      String at, Map<String, String> table, Map<String, SensorDriver> drivers)
      throws ConfigurationException, IOException {
    Map<String, String> settings = new TreeMap<>(table);
    SensorDriver driver = drivers.get(Objects.requireNonNullElse(settings.remove("kind"), ""));
    if (driver == null) {
      throw new ConfigurationException(at + ".kind must be one of " + drivers.keySet());
    }
    for (String key : settings.keySet()) {
      if (!driver.keys().containsKey(key)) {
        throw new ConfigurationException(
            at
                + "."
                + key
                + ": a "
                + driver.kind()
                + " sensor takes "
                + new TreeSet<>(driver.keys().keySet()));
      }
    }
    try {
      return driver.open(settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(at + ": " + e.getMessage());
    } catch (IOException e) {
      throw new IOException(at + ": " + Refusals.describe(e), e);
    }
  }

  /** What all sensors say for the window that ends at {@code windowEndMillis}. */
  Local.Readings read(long windowEndMillis) {
    Map<String, Double> values = new TreeMap<>();
    long oldestMillis = 0;
    for (Map.Entry<String, Sensor> sensor : sensors.entrySet()) {
      try {
        for (Map.Entry<String, Sensor.Reading> reading :
            sensor.getValue().read(windowEndMillis).entrySet()) {
          values.put(reading.getKey(), reading.getValue().value());
          oldestMillis = Math.max(oldestMillis, reading.getValue().ageMillis());
        }
        if (failing.remove(sensor.getKey())) {
          LOG.log(Level.INFO, "sensor {0} works again", sensor.getKey());
        }
      } catch (IOException | RuntimeException e) {
        if (failing.add(sensor.getKey())) {
          LOG.log(Level.WARNING, "sensor {0} left out: {1}", sensor.getKey(), e.getMessage());
        }
      }
    }
    return new Local.Readings(windowEndMillis, values, oldestMillis);
  }

  @Override
  public void close() {
    sensors.values().forEach(Sensor::close);
  }
}
