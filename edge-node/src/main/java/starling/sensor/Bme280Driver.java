package starling.sensor;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import starling.sensor.bus.Bus;
import starling.sensor.bus.I2cDevice;
import starling.sensor.bus.Pi4jBus;

/** Opens a Bosch BME280 (temperature, humidity, pressure) on an I²C bus. */
public final class Bme280Driver implements SensorDriver {
  /** Leaves room for "_temperature" in a channel's name. */
  private static final int PREFIX_MAX = 20;

  private final Supplier<Bus> bus;

  /** For the service loader. Pi4J is loaded when a sensor is opened, not now. */
  public Bme280Driver() {
    this(() -> Pi4jBus.board());
  }

  Bme280Driver(Supplier<Bus> bus) {
    this.bus = bus;
  }

  @Override
  public String kind() {
    return "bme280";
  }

  @Override
  public Map<String, String> keys() {
    return Map.of(
        "bus", "the I²C bus: 1 (unless said) for /dev/i2c-1",
        "address", "0x76 (unless said), or 0x77 where SDO is high",
        "prefix",
            "how its channels begin: air (unless said) for air_temperature (Cel),"
                + " air_humidity (%) and air_pressure (hPa)");
  }

  @Override
  public Sensor open(Map<String, String> table) throws IOException {
    Settings settings = new Settings(kind(), table);
    int number = settings.whole("bus", 1, 0, 255);
    int address = settings.whole("address", 0x76, 0x76, 0x77);
    String prefix = settings.channel("prefix", "air");
    if (prefix.length() > PREFIX_MAX) {
      throw settings.wrong("prefix", prefix, "at most " + PREFIX_MAX + " characters");
    }
    I2cDevice device = bus.get().i2c(number, address);
    try {
      return new Bme280(device, prefix, Thread::sleep);
    } catch (IOException | RuntimeException e) {
      device.close();
      throw e;
    }
  }
}
