package starling.link.serial;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Unnumbered information of AX.25 (link access protocol for amateur packet radio, version 2.2,
 * section 3), without repeaters: what names the station in each transmission, as the law wants it.
 *
 * <pre>
 *   STRLNG 7 | call sign 7 | 03 | F0 | frame
 * </pre>
 *
 * <p>An address is six characters, shifted left by a bit and filled with spaces, and a byte whose
 * bits 1 to 4 are the station's number; its lowest bit ends the addresses.
 */
final class Ax25 {
  /** Bytes before a frame. */
  static final int HEADER_BYTES = 16;

  private static final int ADDRESS_BYTES = 7;
  private static final int SIGN_CHARS = 6;
  private static final int RESERVED = 0x60;
  private static final int COMMAND = 0x80;
  private static final byte UNNUMBERED = 0x03;
  private static final byte NO_LAYER_3 = (byte) 0xF0;
  private static final String DESTINATION = "STRLNG";

  private final byte[] header = new byte[HEADER_BYTES];

  /**
   * @param callsign such as {@code N0CALL-7}
   */
  Ax25(String callsign) {
    address(DESTINATION, COMMAND, 0);
    address(callsign, 1, ADDRESS_BYTES);
    header[2 * ADDRESS_BYTES] = UNNUMBERED;
    header[2 * ADDRESS_BYTES + 1] = NO_LAYER_3;
  }

  private void address(String sign, int bits, int at) {
    int dash = sign.indexOf('-');
    String name = dash < 0 ? sign : sign.substring(0, dash);
    int number = dash < 0 ? 0 : Integer.parseInt(sign.substring(dash + 1));
    byte[] padded = String.format("%-6s", name).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < SIGN_CHARS; i++) {
      header[at + i] = (byte) (padded[i] << 1);
    }
    header[at + SIGN_CHARS] = (byte) (RESERVED | bits | number << 1);
  }

  /** A frame as this station's. */
  byte[] wrap(byte[] frame) {
    byte[] wrapped = Arrays.copyOf(header, HEADER_BYTES + frame.length);
    System.arraycopy(frame, 0, wrapped, HEADER_BYTES, frame.length);
    return wrapped;
  }

  /** The frame that any station sent so; null if this is something else on the channel. */
  static byte @Nullable [] unwrap(byte[] wrapped) {
    if (wrapped.length < HEADER_BYTES
        || !isTo(wrapped)
        || (wrapped[2 * ADDRESS_BYTES - 1] & 1) == 0
        || wrapped[2 * ADDRESS_BYTES] != UNNUMBERED
        || wrapped[2 * ADDRESS_BYTES + 1] != NO_LAYER_3) {
      return null;
    }
    return Arrays.copyOfRange(wrapped, HEADER_BYTES, wrapped.length);
  }

  private static boolean isTo(byte[] wrapped) {
    for (int i = 0; i < SIGN_CHARS; i++) {
      if ((wrapped[i] & 0xFF) >>> 1 != DESTINATION.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
