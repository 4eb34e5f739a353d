package starling.link.serial;

import java.io.IOException;

/**
 * An open serial port, so that the library behind it stays one class. Any call throws once the
 * device is gone. One thread reads, one other may write, any may close.
 */
interface SerialPort extends AutoCloseable {
  /** What has arrived; empty if nothing has. Never waits. */
  byte[] read() throws IOException;

  /** Hands bytes to the operating system; may wait if the device takes none. */
  void write(byte[] bytes) throws IOException;

  /**
   * Sets DTR and RTS so that mode pins wired to them are as they should be.
   *
   * @throws IOException the port has no such lines, or is gone
   */
  void pins(ModePins to) throws IOException;

  /** Whether a module whose AUX is wired to CTS is busy; false if nothing is wired there. */
  boolean busy() throws IOException;

  @Override
  void close();

  /** Opens ports. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens a port with 8 data bits, no parity, 1 stop bit.
     *
     * @throws IOException in one line: what is wrong, and what to do
     */
    SerialPort open(String path, int baud) throws IOException;
  }
}
