package starling.sensor;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import starling.sensor.bus.Bus;
import starling.sensor.bus.DigitalInput;
import starling.sensor.bus.Pi4jBus;

/** Opens a digital input: a door contact, a float switch, a rain detector. */
public final class DigitalDriver implements SensorDriver {
  private static final int PIN_MAX = 1023;

  private final Supplier<Bus> bus;

  /** For the service loader. Pi4J is loaded when a sensor is opened, not now. */
  public DigitalDriver() {
    this(() -> Pi4jBus.board());
  }

  DigitalDriver(Supplier<Bus> bus) {
    this.bus = bus;
  }

  @Override
  public String kind() {
    return "digital";
  }

  @Override
  public Map<String, String> keys() {
    return Map.of(
        "pin", "the GPIO line (BCM number on a Raspberry Pi)",
        "channel", "the channel to report it as: 1 when active, else 0",
        "pull", "the pin's resistor: off (unless said), up or down",
        "active", "the level that means 1: high (unless said) or low");
  }

  @Override
  public Sensor open(Map<String, String> table) throws IOException {
    Settings settings = new Settings(kind(), table);
    settings.text("pin");
    int pin = settings.whole("pin", 0, 0, PIN_MAX);
    String channel = settings.channel("channel", null);
    Bus.Pull pull = settings.choice("pull", Bus.Pull.OFF);
    boolean high = settings.choice("active", Level.HIGH) == Level.HIGH;
    return new Contact(bus.get().input(pin, pull), channel, high);
  }

  private enum Level {
    HIGH,
    LOW
  }

  private record Contact(DigitalInput input, String channel, boolean activeHigh) implements Sensor {
    @Override
    public Map<String, Reading> read(long atMillis) throws IOException {
      return Map.of(channel, new Reading(input.high() == activeHigh ? 1 : 0, 0));
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
