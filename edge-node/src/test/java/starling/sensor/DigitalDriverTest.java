package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.sensor.Sensor.Reading;
import starling.sensor.bus.Bus;
import starling.sensor.bus.DigitalInput;
import starling.sensor.bus.I2cDevice;

class DigitalDriverTest {
  /** One pin at a level. */
  private record Pin(boolean high) implements Bus, DigitalInput {
    @Override
    public I2cDevice i2c(int bus, int address) throws IOException {
      throw new IOException("no bus");
    }

    @Override
    public DigitalInput input(int pin, Pull pull) {
      assertEquals(17, pin);
      assertEquals(Pull.UP, pull);
      return this;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({"true,high,1", "false,high,0", "true,low,0", "false,low,1"})
  void theActiveLevelIsOne(boolean high, String active, double value) throws IOException {
    Map<String, String> settings =
        Map.of("pin", "17", "channel", "door", "pull", "up", "active", active);
    try (Sensor sensor = new DigitalDriver(() -> new Pin(high)).open(settings)) {
      assertEquals(Map.of("door", new Reading(value, 0)), sensor.read(0));
    }
  }

  @Test
  void whatIsMissingOrImpossibleIsNamed() {
    DigitalDriver driver = new DigitalDriver(() -> new Pin(true));
    assertEquals(
        "sensor digital needs pin",
        assertThrows(IllegalArgumentException.class, () -> driver.open(Map.of())).getMessage());
    assertEquals(
        "sensor digital needs channel",
        assertThrows(IllegalArgumentException.class, () -> driver.open(Map.of("pin", "4")))
            .getMessage());
    Map<String, String> settings = Map.of("pin", "4", "channel", "door", "pull", "sideways");
    assertEquals(
        "sensor digital: pull is one of [off, up, down], not 'sideways'",
        assertThrows(IllegalArgumentException.class, () -> driver.open(settings)).getMessage());
  }
}
