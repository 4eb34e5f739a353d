package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Map<String, Sensor> sensors = new TreeMap<>();
  private final Set<String> failing = new HashSet<>();

  /**
   * Opens what the configuration names; a sensor that can't be opened is an error, said with its
   * name.
   */
  static SensorRack open(Map<String, Map<String, String>> tables)
      throws ConfigurationException, IOException {
    SensorRack rack = new SensorRack();
    for (Map.Entry<String, Map<String, String>> table : tables.entrySet()) {
      Map<String, String> settings = new HashMap<>(table.getValue());
      String kind = Optional.ofNullable(settings.remove("kind")).orElse("");
      SensorDriver driver = driver(table.getKey(), kind);
      for (String key : settings.keySet()) {
        if (!driver.keys().containsKey(key)) {
          throw new ConfigurationException(
              "sensor."
                  + table.getKey()
                  + "."
                  + key
                  + ": a "
                  + kind
                  + " sensor takes "
                  + new TreeSet<>(driver.keys().keySet()));
        }
      }
      try {
        rack.sensors.put(table.getKey(), driver.open(settings));
      } catch (IllegalArgumentException e) {
        rack.close();
        throw new ConfigurationException("sensor." + table.getKey() + ": " + e.getMessage());
      }
    }
    return rack;
  }

  private static SensorDriver driver(String name, String kind) throws ConfigurationException {
    List<String> kinds = new ArrayList<>();
    for (ServiceLoader.Provider<SensorDriver> provider :
        ServiceLoader.load(SensorDriver.class).stream().toList()) {
      SensorDriver driver = provider.get();
      if (driver.kind().equals(kind)) {
        return driver;
      }
      kinds.add(driver.kind());
    }
    throw new ConfigurationException("sensor." + name + ".kind must be one of " + kinds);
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
