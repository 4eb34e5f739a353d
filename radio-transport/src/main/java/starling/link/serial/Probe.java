package starling.link.serial;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import starling.link.ModemSettings;

/** Finds out what is at a serial port, by asking and listening; it changes no setting. */
public final class Probe {
  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long XBEE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final int FRAME_BYTES_MAX = 1_024;

  private final RnodeIdentity identity = new RnodeIdentity();
  private final KissStream answers = new KissStream(FRAME_BYTES_MAX);
  private final FrameStream frames = new FrameStream(FRAME_BYTES_MAX);
  private final XbeeSetup xbee = new XbeeSetup(new ModemSettings.Xbee(1), 1, false);
  private Stage stage = Stage.RNODE;
  private long bytes;

  /** Boards that were reset boot for seconds, and whoever is asked for its attention waits. */
  private enum Stage {
    RNODE,
    XBEE,
    RNODE_AGAIN
  }

  private Probe() {}

  /** What was found. */
  public sealed interface Finding {
    /** An RNode. */
    record Rnode(String firmware) implements Finding {}

    /**
     * An XBee.
     *
     * @param api whether it speaks in API frames; else it is transparent
     */
    record Xbee(String firmware, boolean api) implements Finding {}

    /** A transparent radio that brings in frames of Starling nodes, whole by their checksum. */
    record Frames(long count) implements Finding {}

    /** Something that sends neither: another modem or another baud. */
    record Noise(long bytes) implements Finding {}

    /** Nothing at all: no modem, or a transparent one that hears nobody. */
    record Silence() implements Finding {}
  }

  /**
   * Opens a port and answers what is there: as soon as an RNode or, after four seconds, an XBee
   * answers, else after {@code millis}.
   *
   * @throws IOException the port does not open or goes away, with what to do
   */
  public static Finding at(String port, int baud, long millis) throws IOException {
    return new Probe().listen(port, baud, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Finding listen(String path, int baud, long nanos) throws IOException {
    try (SerialPort port = JsscPort.open(path, baud)) {
      long beganNanos = System.nanoTime();
      long askNanos = beganNanos;
      long nowNanos = beganNanos;
      while (!known() && nowNanos - beganNanos < nanos) {
        if (stage == Stage.RNODE && nowNanos - beganNanos > XBEE_AFTER_NANOS) {
          stage = Stage.XBEE;
          xbee.begin(nowNanos);
        }
        if (stage == Stage.XBEE) {
          ask(port, nowNanos);
        } else if (nowNanos - askNanos >= 0) {
          port.write(RnodeIdentity.question());
          askNanos = nowNanos + ASK_EVERY_NANOS;
        }
        hear(port.read());
        LockSupport.parkNanos(POLL_NANOS);
        nowNanos = System.nanoTime();
      }
    }
    return finding();
  }

  private boolean known() {
    return identity.known() || (stage == Stage.XBEE && xbee.done());
  }

  private void ask(SerialPort port, long nowNanos) throws IOException {
    byte[] words;
    try {
      words = xbee.due(nowNanos);
    } catch (IOException e) {
      stage = Stage.RNODE_AGAIN; // no XBee answers
      return;
    }
    if (words.length > 0) {
      port.write(words);
    }
  }

  private void hear(byte[] heard) {
    bytes += heard.length;
    xbee.heard(heard);
    answers.feed(heard).forEach(identity::heard);
    frames.feed(heard);
  }

  private Finding finding() {
    if (identity.known()) {
      return new Finding.Rnode(identity.firmware());
    }
    if (stage == Stage.XBEE && xbee.done()) {
      return new Finding.Xbee(xbee.firmware(), xbee.speaksApi());
    }
    if (frames.frames() > 0) {
      return new Finding.Frames(frames.frames());
    }
    return bytes > 0 ? new Finding.Noise(bytes) : new Finding.Silence();
  }
}
