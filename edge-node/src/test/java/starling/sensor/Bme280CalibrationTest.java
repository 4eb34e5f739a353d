package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Bme280CalibrationTest {
  /**
   * Temperature and pressure: the worked example of BST-BMP280-DS001, section 3.12 (the BME280 has
   * the same formulas, but its data sheet no example). Humidity: typical numbers.
   */
  static final Bme280Calibration EXAMPLE =
      new Bme280Calibration(
          27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000, 75, 363, 0,
          349, 30, 30);

  static final int RAW_TEMPERATURE = 519888;
  static final int RAW_PRESSURE = 415148;

  @Test
  void theWorkedExampleOfTheDataSheetComesOut() {
    int fine = EXAMPLE.fine(RAW_TEMPERATURE);
    assertEquals(128422, fine);
    assertEquals(25.08, Bme280Calibration.celsius(fine), 0.005);
    assertEquals(100653.27, EXAMPLE.pascals(RAW_PRESSURE, fine), 0.05);
  }

  @Test
  void humidityIsThatOfTheIntegerFormula() {
    assertEquals(35945 / 1024.0, EXAMPLE.percent(0x6FF0, 128422), 0.005);
    for (int fine = -200_000; fine <= 400_000; fine += 9_999) {
      for (int raw = 15_000; raw <= 50_000; raw += 777) {
        double integer = integerHumidity(EXAMPLE, raw, fine) / 1024.0;
        assertEquals(integer, EXAMPLE.percent(raw, fine), 0.02, raw + " at " + fine);
      }
    }
  }

  /** The data sheet's other formula (section 4.2.3), in %RH × 1024. */
  private static long integerHumidity(Bme280Calibration c, int raw, int fine) {
    long t = fine - 76800;
    long wet = ((((long) raw << 14) - ((long) c.h4() << 20) - c.h5() * t) + 16384) >> 15;
    long gain =
        ((((((t * c.h6()) >> 10) * (((t * c.h3()) >> 11) + 32768)) >> 10) + 2097152) * c.h2()
                + 8192)
            >> 14;
    long v = wet * gain;
    v = v - (((((v >> 15) * (v >> 15)) >> 7) * c.h1()) >> 4);
    return Math.clamp(v, 0, 419430400) >> 12;
  }

  @Test
  void humidityStaysWithinItsScale() {
    assertEquals(0, EXAMPLE.percent(0, 128422));
    assertEquals(100, EXAMPLE.percent(0xFFFF, 128422));
  }

  @Test
  void aCalibrationOfZerosHasNoPressure() {
    Bme280Calibration zeros = Bme280Calibration.of(new byte[26], new byte[7]);
    assertTrue(Double.isNaN(zeros.pascals(RAW_PRESSURE, 0)));
  }

  @Test
  void registersAreReadAsTheDataSheetLaysThemOut() {
    assertEquals(EXAMPLE, Bme280Calibration.of(first(EXAMPLE), second(EXAMPLE)));
    Bme280Calibration negative =
        new Bme280Calibration(
            65535, -1, -2, 40000, -3, -4, -5, -6, -7, -8, -9, -10, 255, -11, 200, -349, -2048, -30);
    assertEquals(negative, Bme280Calibration.of(first(negative), second(negative)));
  }

  /** Registers 0x88 to 0xA1. */
  static byte[] first(Bme280Calibration c) {
    int[] words = {
      c.t1(), c.t2(), c.t3(), c.p1(), c.p2(), c.p3(), c.p4(), c.p5(), c.p6(), c.p7(), c.p8(), c.p9()
    };
    byte[] bytes = new byte[26];
    for (int i = 0; i < words.length; i++) {
      bytes[2 * i] = (byte) words[i];
      bytes[2 * i + 1] = (byte) (words[i] >> 8);
    }
    bytes[25] = (byte) c.h1();
    return bytes;
  }

  /** Registers 0xE1 to 0xE7. */
  static byte[] second(Bme280Calibration c) {
    return new byte[] {
      (byte) c.h2(),
      (byte) (c.h2() >> 8),
      (byte) c.h3(),
      (byte) (c.h4() >> 4),
      (byte) ((c.h4() & 0x0F) | (c.h5() & 0x0F) << 4),
      (byte) (c.h5() >> 4),
      (byte) c.h6()
    };
  }
}
