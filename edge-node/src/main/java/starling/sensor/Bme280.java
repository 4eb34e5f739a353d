package starling.sensor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.TreeMap;
import starling.sensor.bus.I2cDevice;

/**
 * A Bosch BME280, asleep but for one measurement a reading (forced mode, one sample of each, no
 * filter: the data sheet's weather monitoring, BST-BME280-DS002 section 3.5.1), so that it neither
 * warms itself nor drains a battery.
 */
final class Bme280 implements Sensor {
  private static final int ID = 0xD0;
  private static final int ID_BME280 = 0x60;
  private static final int ID_BMP280 = 0x58;
  private static final int CTRL_HUM = 0xF2;
  private static final int STATUS = 0xF3;
  private static final int CTRL_MEAS = 0xF4;
  private static final int CONFIG = 0xF5;
  private static final int DATA = 0xF7;
  private static final int DATA_BYTES = 8;

  private static final int ONE_SAMPLE = 1;
  private static final int FORCED = 1;
  private static final int BUSY_MEASURING = 1 << 3;
  private static final int BUSY_STARTING = 1;

  /** What the raw values are when nothing was measured (section 5.4.7 and following). */
  private static final int NOTHING_20_BITS = 0x80000;

  private static final int NOTHING_16_BITS = 0x8000;

  /** The longest measurement of one sample each takes 9.3 ms (section 9.1). */
  private static final int WAIT_MS = 10;

  private static final int WAITS_MAX = 10;

  private final I2cDevice device;
  private final String prefix;
  private final Pause pause;
  private final Bme280Calibration calibration;

  Bme280(I2cDevice device, String prefix, Pause pause) throws IOException {
    this.device = device;
    this.prefix = prefix;
    this.pause = pause;
    int id = bytes(ID, 1)[0] & 0xFF;
    if (id != ID_BME280) {
      throw new IOException(
          String.format("the device's id is 0x%02x, that of a BME280 is 0x60", id)
              + (id == ID_BMP280 ? "; this is a BMP280, which has no humidity" : "")
              + "; check which sensor is at this address");
    }
    waitWhile(BUSY_STARTING);
    calibration =
        Bme280Calibration.of(
            bytes(Bme280Calibration.FIRST, Bme280Calibration.FIRST_BYTES),
            bytes(Bme280Calibration.SECOND, Bme280Calibration.SECOND_BYTES));
    device.write(CONFIG, 0);
  }

  @Override
  public Map<String, Reading> read(long atMillis) throws IOException {
    device.write(CTRL_HUM, ONE_SAMPLE); // takes effect with the next write to CTRL_MEAS
    device.write(CTRL_MEAS, ONE_SAMPLE << 5 | ONE_SAMPLE << 2 | FORCED);
    pause();
    waitWhile(BUSY_MEASURING);
    byte[] data = bytes(DATA, DATA_BYTES);
    int pressure = bits20(data, 0);
    int temperature = bits20(data, 3);
    int humidity = (data[6] & 0xFF) << 8 | (data[7] & 0xFF);
    if (temperature == NOTHING_20_BITS) {
      throw new IOException("the BME280 has not measured; it may have lost power");
    }
    int fine = calibration.fine(temperature);
    Map<String, Reading> readings = new TreeMap<>();
    put(readings, "temperature", Bme280Calibration.celsius(fine));
    if (pressure != NOTHING_20_BITS) {
      put(readings, "pressure", calibration.pascals(pressure, fine) / 100);
    }
    if (humidity != NOTHING_16_BITS) {
      put(readings, "humidity", calibration.percent(humidity, fine));
    }
    return readings;
  }

  private void put(Map<String, Reading> readings, String quantity, double value) {
    if (Double.isFinite(value)) {
      readings.put(prefix + "_" + quantity, new Reading(value, 0));
    }
  }

  private void waitWhile(int busy) throws IOException {
    for (int waits = 0; (bytes(STATUS, 1)[0] & busy) != 0; waits++) {
      if (waits == WAITS_MAX) {
        throw new IOException(
            "the BME280 is still busy after " + WAITS_MAX * WAIT_MS + " ms; check its power");
      }
      pause();
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      pause.millis(WAIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the BME280 measured");
    }
  }

  private byte[] bytes(int register, int count) throws IOException {
    byte[] bytes = new byte[count];
    device.read(register, bytes);
    return bytes;
  }

  private static int bits20(byte[] data, int at) {
    return (data[at] & 0xFF) << 12 | (data[at + 1] & 0xFF) << 4 | (data[at + 2] & 0xFF) >> 4;
  }

  @Override
  public void close() {
    device.close();
  }

  /** Waiting for the device. */
  interface Pause {
    void millis(long millis) throws InterruptedException;
  }
}
