package starling.sensor.bus;

import java.io.IOException;

/** The pins of a board. Safe to use from several threads. */
public interface Bus {
  /**
   * Opens a device on an I²C bus; whether it is there shows when it is first read.
   *
   * @param bus the kernel's number: 1 for {@code /dev/i2c-1}
   * @param address 7 bits, 0x08 to 0x77
   * @throws IOException the bus can't be opened, or the device is open already; the message says
   *     what to do
   */
  I2cDevice i2c(int bus, int address) throws IOException;

  /**
   * Opens a pin as an input.
   *
   * @param pin the chip's line (on a Raspberry Pi the BCM number)
   * @throws IOException the pin can't be had; the message says what to do
   */
  DigitalInput input(int pin, Pull pull) throws IOException;

  /** The resistor behind an input. */
  enum Pull {
    OFF,
    UP,
    DOWN
  }
}
