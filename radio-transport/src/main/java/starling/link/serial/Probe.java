package starling.link.serial;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Finds out what is at a serial port, by asking and listening; it changes no setting. */
public final class Probe {
  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int FRAME_BYTES_MAX = 1_024;

  private final RnodeIdentity identity = new RnodeIdentity();
  private final KissStream answers = new KissStream(FRAME_BYTES_MAX);
  private final FrameStream frames = new FrameStream(FRAME_BYTES_MAX);
  private long bytes;

  private Probe() {}

  /** What was found. */
  public sealed interface Finding {
    /** An RNode. */
    record Rnode(String firmware) implements Finding {}

    /** A transparent radio that brings in frames of Starling nodes, whole by their checksum. */
    record Frames(long count) implements Finding {}

    /** Something that sends neither: another modem or another baud. */
    record Noise(long bytes) implements Finding {}

    /** Nothing at all: no modem, or a transparent one that hears nobody. */
    record Silence() implements Finding {}
  }

  /**
   * Opens a port and answers what is there: as soon as it is an RNode, else after {@code millis}.
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
      while (!identity.known() && nowNanos - beganNanos < nanos) {
        if (nowNanos - askNanos >= 0) {
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

  private void hear(byte[] heard) {
    bytes += heard.length;
    answers.feed(heard).forEach(identity::heard);
    frames.feed(heard);
  }

  private Finding finding() {
    if (identity.known()) {
      return new Finding.Rnode(identity.firmware());
    }
    if (frames.frames() > 0) {
      return new Finding.Frames(frames.frames());
    }
    return bytes > 0 ? new Finding.Noise(bytes) : new Finding.Silence();
  }
}
