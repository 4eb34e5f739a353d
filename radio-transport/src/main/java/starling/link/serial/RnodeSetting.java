package starling.link.serial;

import java.util.Arrays;
import java.util.List;
import starling.link.ModemSettings;

/**
 * One setting of an RNode's radio. The modem answers each with the value that it took.
 *
 * @param name for a person
 * @param unit for a person; empty if it has none
 * @param command which setting it is
 * @param bytes of its value, high byte first
 * @param asked the value
 * @param tolerance how far off an answer may be: synthesizers have steps
 */
record RnodeSetting(String name, String unit, int command, int bytes, long asked, long tolerance) {
  private static final int FREQUENCY_TOLERANCE_HZ = 100;
  private static final int WORD_BYTES = 4;

  /** All settings, in the order in which they are made. */
  static List<RnodeSetting> of(ModemSettings.Rnode from) {
    return List.of(
        new RnodeSetting(
            "frequency", " Hz", 0x01, WORD_BYTES, from.frequencyHz(), FREQUENCY_TOLERANCE_HZ),
        new RnodeSetting("bandwidth", " Hz", 0x02, WORD_BYTES, from.bandwidthHz(), 0),
        new RnodeSetting("transmit power", " dBm", 0x03, 1, from.powerDbm(), 0),
        new RnodeSetting("spreading factor", "", 0x04, 1, from.spreadingFactor(), 0),
        new RnodeSetting("coding rate 4 /", "", 0x05, 1, from.codingRate(), 0));
  }

  /** What makes it. */
  byte[] line() {
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (asked >> 8 * (bytes - 1 - i));
    }
    return KissStream.framed(command, value);
  }

  /** What asks for it. */
  byte[] question() {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) (bytes == 1 ? 0xFF : 0));
    return KissStream.framed(command, value);
  }

  /** How it was, should be and is: as asked if it is within the tolerance. */
  Comparison compare(long before, long after) {
    return new Comparison(name, shown(before), shown(asked), shown(holds(after) ? asked : after));
  }

  private String shown(long value) {
    return value < 0 ? "not told" : value + unit;
  }

  /** The value of an answer; -1 if it is none. */
  long value(byte[] payload) {
    if (payload.length != bytes) {
      return -1;
    }
    long value = 0;
    for (byte next : payload) {
      value = value << 8 | next & 0xFF;
    }
    return value;
  }

  boolean holds(long answer) {
    return Math.abs(answer - asked) <= tolerance;
  }

  /** A value in words. */
  String told(long value) {
    return name + " " + value + unit;
  }
}
