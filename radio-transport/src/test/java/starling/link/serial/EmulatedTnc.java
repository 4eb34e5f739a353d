package starling.link.serial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A KISS TNC on a pseudo-terminal, from the published protocol: it keeps the parameters that it is
 * told, and what it is given to send, all others on its air hear.
 */
final class EmulatedTnc implements AutoCloseable {
  /** By command, the last value. */
  final Map<Integer, Integer> parameters = new ConcurrentHashMap<>();

  private final KissOnPty line;
  private final List<EmulatedTnc> air;
  private final int port;

  /**
   * @param path where its port appears
   * @param port the KISS port that it has a radio at
   * @param air who hears whom; it joins them
   */
  EmulatedTnc(Path path, int port, List<EmulatedTnc> air) throws IOException {
    this.air = air;
    this.port = port;
    line = new KissOnPty(path, this::obey);
    air.add(this);
    line.start();
  }

  static List<EmulatedTnc> air() {
    return new CopyOnWriteArrayList<>();
  }

  /** What its own line brings to the computer. */
  void says(byte[] bytes) {
    line.says(bytes);
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
    air.remove(this);
    line.close();
  }
}
