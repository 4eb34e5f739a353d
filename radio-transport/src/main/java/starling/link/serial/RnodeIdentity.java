package starling.link.serial;

import java.io.IOException;

/** Whether an RNode answers on a line, and which firmware it has. */
final class RnodeIdentity {
  private static final int DATA = 0x00;
  private static final int DETECT = 0x08;
  private static final int FIRMWARE = 0x50;
  private static final int DETECT_QUESTION = 0x73;
  private static final int DETECT_ANSWER = 0x46;

  /** Older ones answer otherwise. */
  private static final int MAJOR_MIN = 1;

  private static final int MINOR_MIN = 52;

  private boolean detected;
  private int major = -1;
  private int minor;
  private long bytes;
  private long foreignFrames;

  /** What has to be asked. */
  static byte[] question() {
    return KissStream.join(
        KissStream.framed(DETECT, (byte) DETECT_QUESTION), KissStream.framed(FIRMWARE, (byte) 0));
  }

  void forget() {
    detected = false;
    major = -1;
    bytes = 0;
    foreignFrames = 0;
  }

  void heardBytes(int count) {
    bytes += count;
  }

  /** Takes a message; answers whether it was about this. */
  boolean heard(KissStream.Message message) {
    byte[] payload = message.payload();
    switch (message.type()) {
      case DATA -> foreignFrames++;
      case DETECT -> detected |= payload.length == 1 && payload[0] == DETECT_ANSWER;
      case FIRMWARE -> {
        if (payload.length == 2) {
          major = payload[0] & 0xFF;
          minor = payload[1] & 0xFF;
        }
      }
      default -> {
        return false;
      }
    }
    return message.type() != DATA;
  }

  boolean known() {
    return detected && major >= 0;
  }

  String firmware() {
    return major < 0 ? "unknown" : major + "." + (minor < 10 ? "0" : "") + minor;
  }

  /** Refuses firmware that is too old. */
  void check() throws IOException {
    if (major < MAJOR_MIN || (major == MAJOR_MIN && minor < MINOR_MIN)) {
      throw new IOException(
          "the RNode has firmware " + firmware() + "; 1.52 is the oldest that works: update it");
    }
  }

  /** What is wrong if nothing was recognised, and what to do. */
  String missing() {
    if (bytes == 0) {
      return "no RNode answers: is the board powered and flashed with RNode firmware, and is the"
          + " link's baud its own (115200)?";
    }
    if (foreignFrames > 0) {
      return "no RNode answers, but something that sends KISS frames: it is a TNC, or the board is"
          + " not in host mode";
    }
    return "no RNode answers, but something sent "
        + bytes
        + " bytes: another modem (take its preset), another baud (an RNode has 115200), or a board"
        + " without RNode firmware";
  }

  /** Whether the modem can't go on; what it could not send is only a lost frame. */
  static boolean fatal(int error) {
    return error == 1 || error == 3 || error == 6;
  }

  static String error(int error) {
    return switch (error) {
      case 1 -> "that its radio does not start: is its firmware made for this board?";
      case 3 -> "that its settings are locked: provision the board with its own tool first";
      default -> "that its radio hangs: it is set up again";
    };
  }
}
