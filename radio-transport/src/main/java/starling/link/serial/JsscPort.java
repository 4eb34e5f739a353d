package starling.link.serial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import jssc.SerialPortException;

/**
 * A port through jSSC, by the rules that measuring it gave: no event listener and no timed read
 * (both spin), bytes counted before they are read (counting is what fails when the device is gone;
 * a read that finds less than it asks for never returns).
 */
final class JsscPort implements SerialPort {
  private static final byte[] NOTHING = {};

  private final jssc.SerialPort port;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean closing;

  private JsscPort(jssc.SerialPort port) {
    this.port = port;
  }

  /** An {@link SerialPort.Opener}. */
  static SerialPort open(String path, int baud) throws IOException {
    JsscPort opened = new JsscPort(new jssc.SerialPort(path));
    try {
      opened.port.openPort();
      boolean set = opened.port.setParams(baud, 8, 1, 0);
      if (!set && !pseudo(path)) {
        throw new IOException(path + " refuses " + baud + " baud 8N1: name a rate that it has");
      }
      // What lay there while nobody listened is no news.
      opened.port.purgePort(jssc.SerialPort.PURGE_RXCLEAR);
      return opened;
    } catch (SerialPortException e) {
      opened.close();
      throw new IOException(advice(path, e), e);
    } catch (RuntimeException e) {
      opened.close();
      throw new IOException(path + " does not open: " + e.getMessage(), e);
    } catch (IOException e) {
      opened.close();
      throw e;
    } catch (LinkageError e) {
      throw new IOException(
          "jSSC's native library does not load ("
              + e.getMessage()
              + "): is there one for this machine, and may it be unpacked in the temp directory?",
          e);
    }
  }

  @Override
  public byte[] read() throws IOException {
    try {
      int count = port.getInputBufferBytesCount();
      return count > 0 ? port.readBytes(count) : NOTHING;
    } catch (SerialPortException | RuntimeException e) {
      throw gone(e);
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    writing.lock();
    try {
      if (closing) {
        throw new IOException(port.getPortName() + " was closed");
      }
      if (!port.writeBytes(bytes)) {
        throw new IOException(port.getPortName() + " took a part of a frame only");
      }
    } catch (SerialPortException | RuntimeException e) {
      throw gone(e);
    } finally {
      shutIfClosing();
      writing.unlock();
    }
  }

  @Override
  public void pins(ModePins to) throws IOException {
    try {
      // What is asserted is low at the pin.
      if (!port.setDTR(!to.m0()) || !port.setRTS(!to.m1())) {
        throw new IOException(
            port.getPortName()
                + " has no DTR and RTS for the mode pins: set the mode by hand, and mode_pins ="
                + " false");
      }
    } catch (SerialPortException | RuntimeException e) {
      throw gone(e);
    }
  }

  @Override
  public boolean busy() throws IOException {
    try {
      return port.isCTS();
    } catch (SerialPortException | RuntimeException e) {
      throw gone(e);
    }
  }

  /**
   * Closes now, or as soon as a write under way returns: closing the file under it could make it
   * write into whatever file gets its number next.
   */
  @Override
  public void close() {
    closing = true;
    if (writing.tryLock()) {
      try {
        shutIfClosing();
      } finally {
        writing.unlock();
      }
    }
  }

  private void shutIfClosing() {
    try {
      if (closing && port.isOpened()) {
        port.closePort();
      }
    } catch (SerialPortException | RuntimeException e) {
      // It is gone already, which is what closing is for.
    }
  }

  private IOException gone(Exception cause) {
    return new IOException(port.getPortName() + " is gone: was the radio unplugged?", cause);
  }

  private static String advice(String path, SerialPortException e) {
    return switch (e.getExceptionType()) {
      case SerialPortException.TYPE_PORT_NOT_FOUND -> PortAdvice.missing(path);
      case SerialPortException.TYPE_PERMISSION_DENIED -> PortAdvice.forbidden(path);
      case SerialPortException.TYPE_PORT_BUSY -> PortAdvice.busy(path);
      case SerialPortException.TYPE_INCORRECT_SERIAL_PORT -> PortAdvice.notSerial(path);
      default -> path + " does not open: " + e.getExceptionType();
    };
  }

  /** Pseudo-terminals have no modem lines, so setting them fails after all else was set. */
  private static boolean pseudo(String path) throws IOException {
    try {
      return Path.of(path).toRealPath().startsWith("/dev/pts");
    } catch (IOException e) {
      throw new IOException(PortAdvice.missing(path), e);
    }
  }
}
