package starling.sensor;

/**
 * The numbers that Bosch burnt into one BME280, and its formulas, which turn raw readings into
 * degrees, percent and pascals: BST-BME280-DS002, table 16 (registers 0x88 to 0xA1 and 0xE1 to
 * 0xE7) and section 8.1 (double precision). The names are the data sheet's.
 */
record Bme280Calibration(
    int t1,
    int t2,
    int t3,
    int p1,
    int p2,
    int p3,
    int p4,
    int p5,
    int p6,
    int p7,
    int p8,
    int p9,
    int h1,
    int h2,
    int h3,
    int h4,
    int h5,
    int h6) {
  static final int FIRST = 0x88;
  static final int FIRST_BYTES = 26;
  static final int SECOND = 0xE1;
  static final int SECOND_BYTES = 7;

  /**
   * @param first {@link #FIRST_BYTES} from register {@link #FIRST}
   * @param second {@link #SECOND_BYTES} from register {@link #SECOND}
   */
  static Bme280Calibration of(byte[] first, byte[] second) {
    return new Bme280Calibration(
        unsigned16(first, 0),
        signed16(first, 2),
        signed16(first, 4),
        unsigned16(first, 6),
        signed16(first, 8),
        signed16(first, 10),
        signed16(first, 12),
        signed16(first, 14),
        signed16(first, 16),
        signed16(first, 18),
        signed16(first, 20),
        signed16(first, 22),
        first[25] & 0xFF,
        signed16(second, 0),
        second[2] & 0xFF,
        (second[3] << 4) | (second[4] & 0x0F), // twelve bits, signed; 0xE5 is shared
        (second[5] << 4) | ((second[4] & 0xF0) >> 4),
        second[6]);
  }

  /** The temperature as the other two formulas take it: °C × 5120. */
  int fine(int raw) {
    double linear = (raw / 16384.0 - t1 / 1024.0) * t2;
    double offset = raw / 131072.0 - t1 / 8192.0;
    return (int) (linear + offset * offset * t3);
  }

  /** °C. */
  static double celsius(int fine) {
    return fine / 5120.0;
  }

  /** Pascals; NaN where the calibration makes no sense. */
  double pascals(int raw, int fine) {
    double half = fine / 2.0 - 64000;
    double offset = (half * half * p6 / 32768 + half * p5 * 2) / 4 + p4 * 65536.0;
    double slope = (p3 * half * half / 524288 + p2 * half) / 524288;
    double sensitivity = (1 + slope / 32768) * p1;
    if (sensitivity == 0) {
      return Double.NaN;
    }
    double p = (1048576 - raw - offset / 4096) * 6250 / sensitivity;
    return p + (p9 * p * p / 2147483648.0 + p * p8 / 32768 + p7) / 16;
  }

  /** Relative humidity in %. */
  double percent(int raw, int fine) {
    double t = fine - 76800;
    double linear =
        (raw - (h4 * 64 + h5 / 16384.0 * t))
            * (h2 / 65536.0 * (1 + h6 / 67108864.0 * t * (1 + h3 / 67108864.0 * t)));
    return Math.clamp(linear * (1 - h1 * linear / 524288), 0, 100);
  }

  private static int unsigned16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8);
  }

  private static int signed16(byte[] bytes, int at) {
    return (short) unsigned16(bytes, at);
  }
}
