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
