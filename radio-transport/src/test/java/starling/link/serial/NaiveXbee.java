package starling.link.serial;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** API frames by text, two digits a byte: what {@link XbeeStream} has to agree with. */
final class NaiveXbee {
  private static final HexFormat HEX = HexFormat.of();

  private NaiveXbee() {}

  static byte[] line(boolean escapes, String hex) {
    byte[] data = HEX.parseHex(hex.replace(" ", ""));
    int sum = 0;
    for (byte next : data) {
      sum += next & 0xFF;
    }
    String plain =
        String.format("%04x%s%02x", data.length, HEX.formatHex(data), 0xFF - (sum & 0xFF));
    if (escapes) {
      List<String> bytes = new ArrayList<>();
      for (int i = 0; i < plain.length(); i += 2) {
        String next = plain.substring(i, i + 2);
        bytes.add(
            switch (next) {
              case "7e" -> "7d5e";
              case "7d" -> "7d5d";
              case "11" -> "7d31";
              case "13" -> "7d33";
              default -> next;
            });
      }
      plain = String.join("", bytes);
    }
    return HEX.parseHex("7e" + plain);
  }
}
