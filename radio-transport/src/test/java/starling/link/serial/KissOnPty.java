package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import starling.link.pty.Pty;

/** The modem's side of a line: what the computer says, message by message. */
final class KissOnPty implements AutoCloseable {
  private final Pty pty = Pty.open();
  private final Consumer<byte[]> obey;
  private final Thread modem;
  private volatile boolean closed;

  /**
   * @param path where the port appears
   * @param obey takes each message, its type in front, on the modem's thread
   */
  KissOnPty(Path path, Consumer<byte[]> obey) throws IOException {
    this.obey = obey;
    pty.linkAt(path);
    modem = Thread.ofPlatform().name("modem " + path).daemon().unstarted(this::run);
  }

  void start() {
    modem.start();
  }

  void says(byte[] bytes) {
    pty.write(bytes);
  }

  private void run() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[1_024];
    while (!closed) {
      int count = pty.read(buffer, 20);
      line.write(buffer, 0, Math.max(0, count));
      byte[] soFar = line.toByteArray();
      if (soFar.length > 1 && soFar[soFar.length - 1] == (byte) 0xC0) {
        line.reset();
        NaiveKiss.messages(soFar).forEach(obey);
      }
    }
  }

  /** Pulls the plug. */
  @Override
  public void close() {
    closed = true;
    try {
      modem.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
