package starling.link.serial;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** KISS by text replacement, one character a byte: what {@link KissStream} has to agree with. */
final class NaiveKiss {
  private static final String FEND = "\u00C0";

  private NaiveKiss() {}

  static byte[] line(int type, byte[] payload) {
    String plain = (char) type + text(payload);
    String escaped = plain.replace("\u00DB", "\u00DB\u00DD").replace(FEND, "\u00DB\u00DC");
    return bytes(FEND + escaped + FEND);
  }

  /** All messages of whole lines, the type in front. */
  static List<byte[]> messages(byte[] lines) {
    List<byte[]> messages = new ArrayList<>();
    for (String part : text(lines).split(FEND, 0)) {
      if (!part.isEmpty()) {
        messages.add(bytes(part.replace("\u00DB\u00DC", FEND).replace("\u00DB\u00DD", "\u00DB")));
      }
    }
    return messages;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
