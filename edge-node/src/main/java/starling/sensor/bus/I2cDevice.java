package starling.sensor.bus;

import java.io.IOException;

/** A device with registers on an I²C bus. */
public interface I2cDevice extends AutoCloseable {
  /**
   * Fills the array from this register on, in one transfer.
   *
   * @throws IOException the device did not answer, or not with all of it
   */
  void read(int register, byte[] into) throws IOException;

  /** Writes one register: the low eight bits of the value. */
  void write(int register, int value) throws IOException;

  @Override
  void close();
}
