package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import starling.link.pty.Pty;

/**
 * A KISS TNC on a pseudo-terminal, from the published protocol: it keeps the parameters that it is
 * told, and what it is given to send, all others on its air hear.
 */
final class EmulatedTnc implements AutoCloseable {
  /** By command, the last value. */
  final Map<Integer, Integer> parameters = new ConcurrentHashMap<>();

  private final Pty pty = Pty.open();
  private final List<EmulatedTnc> air;
  private final int port;
  private final Thread modem;
  private volatile boolean closed;

  /**
   * @param path where its port appears
   * @param port the KISS port that it has a radio at
   * @param air who hears whom; it joins them
   */
  EmulatedTnc(Path path, int port, List<EmulatedTnc> air) throws IOException {
    this.air = air;
    this.port = port;
    pty.linkAt(path);
    air.add(this);
    modem = Thread.ofPlatform().name("tnc " + path).daemon().start(this::run);
  }

  static List<EmulatedTnc> air() {
    return new CopyOnWriteArrayList<>();
  }

  /** What its own line brings to the computer. */
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
        NaiveKiss.messages(soFar).forEach(this::obey);
      }
    }
  }

  private void obey(byte[] message) {
    int type = message[0] & 0xFF;
    if (type >> 4 != port) {
      return;
    }
    byte[] payload = Arrays.copyOfRange(message, 1, message.length);
    if ((type & 0xF) == 0) {
      for (EmulatedTnc other : air) {
        if (other != this) {
          other.says(NaiveKiss.line(other.port << 4, payload));
        }
      }
    } else {
      parameters.put(type & 0xF, payload[0] & 0xFF);
    }
  }

  /** Pulls the plug. */
  @Override
  public void close() {
    closed = true;
    air.remove(this);
    try {
      modem.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
