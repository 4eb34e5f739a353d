package starling.link.serial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import starling.link.pty.Pty;

/**
 * A module on a pseudo-terminal. Pseudo-terminals have no modem lines, so its own opener wires the
 * port's mode pins and AUX to it; bytes go through the terminal and jSSC.
 */
final class EmulatedEbyte implements AutoCloseable {
  static final int RSSI_DBM = -97;

  /** Packets that went on the air. */
  final List<byte[]> sent = new CopyOnWriteArrayList<>();

  private final EbyteModule module;
  private final Pty pty = Pty.open();
  private final Thread thread;
  private volatile boolean busy;
  private volatile boolean closed;

  EmulatedEbyte(Path path, EbyteModule module) throws IOException {
    this.module = module;
    pty.linkAt(path);
    thread = Thread.ofPlatform().name("module " + path).daemon().start(this::run);
  }

  /** Opens ports whose pins are wired to this module. */
  SerialPort.Opener wired() {
    return (path, baud) -> new Wired(JsscPort.open(path, baud));
  }

  private final class Wired implements SerialPort {
    private final SerialPort port;

    Wired(SerialPort port) {
      this.port = port;
    }

    @Override
    public byte[] read() throws IOException {
      return port.read();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      port.write(bytes);
    }

    @Override
    public void pins(ModePins to) {
      says(module.pins(to));
    }

    @Override
    public boolean busy() {
      return busy;
    }

    @Override
    public void close() {
      port.close();
    }
  }

  void says(byte[] bytes) {
    pty.write(bytes);
  }

  void busy(boolean now) {
    busy = now;
  }

  /** A packet from the air. */
  void hears(byte[] packet) {
    says(module.hears(packet, RSSI_DBM));
  }

  private void run() {
    byte[] buffer = new byte[1_024];
    while (!closed) {
      int count = Math.max(0, pty.read(buffer, 20));
      byte[] heard = Arrays.copyOf(buffer, count);
      if (count > 0 && module.transparent()) {
        sent.add(heard);
      } else if (count > 0) {
        says(module.obey(heard));
      }
    }
  }

  /** Pulls the plug. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
