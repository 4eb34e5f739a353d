package starling.link.serial;

import java.util.List;
import starling.link.Reception;

/** Takes what a modem's messages carry for frames, if their length allows it, and counts. */
final class Intake {
  private final int mtuBytes;
  private long frames;
  private long ignoredBytes;

  /**
   * @param mtuBytes longer payloads are garbage, and so are empty ones
   */
  Intake(int mtuBytes) {
    this.mtuBytes = mtuBytes;
  }

  /** A message that should carry a frame. */
  void take(byte[] payload, Reception reception, long nowNanos, List<Heard> complete) {
    if (payload.length >= 1 && payload.length <= mtuBytes) {
      complete.add(new Heard(payload, reception, nowNanos));
      frames++;
    } else {
      ignore(payload);
    }
  }

  /** A message that means nothing here; its type is a byte. */
  void ignore(byte[] payload) {
    ignoredBytes += payload.length + 1;
  }

  long frames() {
    return frames;
  }

  long ignoredBytes() {
    return ignoredBytes;
  }
}
