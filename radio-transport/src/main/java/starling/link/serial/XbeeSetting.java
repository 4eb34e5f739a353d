package starling.link.serial;

import java.util.List;
import starling.link.ModemSettings;

/**
 * One setting of an XBee.
 *
 * @param name for a person
 * @param command its two letters
 * @param asked its value
 * @param least whether more is good too, and nothing can be set
 */
record XbeeSetting(String name, String command, long asked, boolean least) {
  /** What a modem answers that does not have a setting. */
  static final long NOT_TOLD = -1;

  /**
   * All that matters for carrying frames.
   *
   * @param packetBytes what the largest frame takes
   */
  static List<XbeeSetting> of(ModemSettings.Xbee modem, int packetBytes) {
    XbeeSetting payload = new XbeeSetting("largest packet", "NP", packetBytes, true);
    XbeeSetting mode = new XbeeSetting("API mode", "AP", modem.api(), false);
    return modem.api() > 0
        ? List.of(payload, mode)
        : List.of(
            payload,
            new XbeeSetting("destination, high", "DH", 0, false),
            new XbeeSetting("destination, low", "DL", 0xFFFF, false), // everybody
            new XbeeSetting("silence that ends a packet", "RO", 3, false),
            mode);
  }

  boolean holds(long value) {
    return least ? value == NOT_TOLD || value >= asked : value == asked;
  }

  /** How it was, should be and is. */
  Comparison compare(long before, long after) {
    return new Comparison(name, told(before), told(asked), told(after));
  }

  private String told(long value) {
    if (least) {
      return holds(value) ? "at least " + asked + " bytes" : value + " bytes";
    }
    return value == NOT_TOLD
        ? "not told"
        : Long.toHexString(value).toUpperCase(java.util.Locale.ROOT);
  }
}
