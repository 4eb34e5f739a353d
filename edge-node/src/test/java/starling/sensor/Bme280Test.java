package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.sensor.Sensor.Reading;
import starling.sensor.bus.Bus;
import starling.sensor.bus.DigitalInput;
import starling.sensor.bus.I2cDevice;

class Bme280Test {
  /** A BME280's registers, which measure the data sheet's example when told to. */
  private static class Chip implements I2cDevice, Bus {
    private final byte[] registers = new byte[256];
    int busyReads;
    private boolean open;

    Chip() {
      registers[0xD0] = 0x60;
      put(0x88, Bme280CalibrationTest.first(Bme280CalibrationTest.EXAMPLE));
      put(0xE1, Bme280CalibrationTest.second(Bme280CalibrationTest.EXAMPLE));
      put(0xF7, new byte[] {(byte) 0x80, 0, 0, (byte) 0x80, 0, 0, (byte) 0x80, 0});
    }

    void put(int register, byte[] bytes) {
      System.arraycopy(bytes, 0, registers, register, bytes.length);
    }

    @Override
    public I2cDevice i2c(int bus, int address) {
      open = true;
      return this;
    }

    @Override
    public DigitalInput input(int pin, Pull pull) throws IOException {
      throw new IOException("no pins");
    }

    @Override
    public void read(int register, byte[] into) {
      System.arraycopy(registers, register, into, 0, into.length);
      if (register == 0xF3 && busyReads > 0 && --busyReads == 0) {
        registers[0xF3] = 0;
      }
    }

    @Override
    public void write(int register, int value) {
      registers[register] = (byte) value;
      boolean forced = register == 0xF4 && (value & 3) == 1;
      if (forced && registers[0xF2] == 1 && value >> 5 == 1 && (value >> 2 & 7) == 1) {
        put(0xF7, new byte[] {0x65, 0x5A, (byte) 0xC0, 0x7E, (byte) 0xED, 0, 0x6F, (byte) 0xF0});
        registers[0xF3] = 1 << 3;
        busyReads = 3;
      }
    }

    @Override
    public void close() {
      open = false;
    }
  }

  private final Chip chip = new Chip();

  private Sensor open() throws IOException {
    return new Bme280(chip, "air", _ -> {});
  }

  @Test
  void aForcedMeasurementIsReadAndCompensated() throws IOException {
    try (Sensor sensor = open()) {
      Map<String, Reading> readings = sensor.read(0);
      assertEquals(25.08, readings.get("air_temperature").value(), 0.005);
      assertEquals(1006.5327, readings.get("air_pressure").value(), 0.0005);
      assertEquals(35945 / 1024.0, readings.get("air_humidity").value(), 0.005);
    }
  }

  @Test
  void whatWasNotMeasuredIsAbsent() throws IOException {
    Chip dry =
        new Chip() {
          @Override
          public void write(int register, int value) {
            super.write(register, value);
            put(0xFD, new byte[] {(byte) 0x80, 0});
          }
        };
    try (Sensor sensor = new Bme280(dry, "shed", _ -> {})) {
      assertEquals(Set.of("shed_temperature", "shed_pressure"), sensor.read(0).keySet());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x58, this is a BMP280",
    "0xff, that of a BME280 is 0x60",
  })
  void anotherChipIsNamed(String id, String why) {
    chip.registers[0xD0] = (byte) Integer.decode(id).intValue();
    IOException e =
        assertThrows(IOException.class, () -> new Bme280Driver(() -> chip).open(Map.of()));
    assertTrue(e.getMessage().contains(id) && e.getMessage().contains(why), e.getMessage());
    assertFalse(chip.open, "the device was given back");
  }

  @Test
  void aChipThatStaysBusyIsGivenUp() throws IOException {
    Chip stuck =
        new Chip() {
          @Override
          public void write(int register, int value) {
            super.write(register, value);
            busyReads = Integer.MAX_VALUE;
          }
        };
    try (Sensor sensor = new Bme280(stuck, "air", _ -> {})) {
      IOException e = assertThrows(IOException.class, () -> sensor.read(0));
      assertTrue(e.getMessage().contains("still busy after 100 ms"), e.getMessage());
    }
  }

  @Test
  void aChipThatLostPowerIsNamed() throws IOException {
    Chip deaf =
        new Chip() {
          @Override
          public void write(int register, int value) {}
        };
    try (Sensor sensor = new Bme280(deaf, "air", _ -> {})) {
      IOException e = assertThrows(IOException.class, () -> sensor.read(0));
      assertEquals("the BME280 has not measured; it may have lost power", e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"address, 0x40", "bus, -1", "prefix, Shed", "prefix, abcdefghijklmnopqrstu"})
  void impossibleSettingsAreRefused(String key, String value) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Bme280Driver(() -> chip).open(Map.of(key, value)));
    assertTrue(e.getMessage().startsWith("sensor bme280: " + key + " is "), e.getMessage());
  }
}
