package starling.boards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The registers of a BME280 (BST-BME280-DS002, section 5.3) that has measured the worked example of
 * BST-BMP280-DS001, section 3.12, for ever.
 */
final class Registers {
  /** An emulated drive has whole sectors; the second half has no address. */
  static final int DRIVE_BYTES = 512;

  static final double CELSIUS = 25.08;

  private Registers() {}

  /** Writes a drive of them. */
  static void write(Path file) throws IOException {
    byte[] registers = new byte[DRIVE_BYTES];
    put(registers, 0x88, "706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017004b");
    put(registers, 0xE1, "6b010015ed011e");
    put(registers, 0xD0, "60"); // its id
    put(registers, 0xF7, "655ac07eed006ff0"); // pressure, temperature, humidity
    Files.write(file, registers);
  }

  private static void put(byte[] registers, int from, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    System.arraycopy(bytes, 0, registers, from, bytes.length);
  }
}
