package starling.link.serial;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an XBee with 802.15.4 firmware does with what comes over its line, by its user guide: text
 * commands after a guarded {@code +++} in transparent mode, API frames in the API modes. Time is an
 * argument, in milliseconds.
 */
final class XbeeModule {
  private static final HexFormat HEX = HexFormat.of();
  private static final long GUARD_MS = 1_000;
  private static final long COMMAND_MODE_MS = 10_000;

  /** By command. */
  final Map<String, Long> settings =
      new TreeMap<>(
          Map.of("VR", 0x2003L, "NP", 100L, "AP", 0L, "DH", 0L, "DL", 0L, "RO", 3L, "DB", 0x4AL));

  /** How often the settings were saved. */
  int saved;

  /** What of it went on the air. */
  final StringBuilder sent = new StringBuilder();

  boolean deaf;

  private XbeeStream stream = new XbeeStream(false, 200);
  private int mode;
  private boolean commanding;
  private boolean attention;
  private long heardMs = -GUARD_MS;
  private String line = "";

  XbeeModule api(int mode) {
    settings.put("AP", (long) mode);
    this.mode = mode;
    stream = new XbeeStream(mode == 2, 200);
    return this;
  }

  int api() {
    return (int) (long) settings.get("AP");
  }

  /** What it says when time passes: OK once there was silence behind {@code +++}. */
  synchronized byte[] passes(long nowMs) {
    if (attention && nowMs - heardMs >= GUARD_MS) {
      attention = false;
      commanding = true;
      return ascii("OK\r");
    }
    return new byte[0];
  }

  /** What it answers to these bytes. */
  synchronized byte[] obey(byte[] bytes, long nowMs) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (nowMs - heardMs >= COMMAND_MODE_MS) {
      commanding = false;
      line = "";
    }
    boolean guarded = nowMs - heardMs >= GUARD_MS;
    heardMs = nowMs;
    attention = !deaf && mode == 0 && guarded && text.equals("+++");
    if (deaf || attention) {
      return new byte[0];
    }
    if (mode > 0) {
      byte[] answers = new byte[0];
      for (byte[] data : stream.feed(bytes)) {
        answers = KissStream.join(answers, frame(data));
      }
      return answers;
    }
    if (!commanding) {
      sent.append(HEX.formatHex(bytes));
      return new byte[0];
    }
    return commands(text);
  }

  private byte[] commands(String text) {
    StringBuilder answers = new StringBuilder();
    line += text;
    for (int end = line.indexOf('\r'); end >= 0 && commanding; end = line.indexOf('\r')) {
      answers.append(command(line.substring(0, end)));
      line = line.substring(end + 1);
    }
    return ascii(answers.toString());
  }

  private String command(String text) {
    if (!text.matches("AT[A-Z]{2}[0-9A-F]*")) {
      return "ERROR\r";
    }
    String name = text.substring(2, 4);
    if (name.equals("CN")) {
      commanding = false;
      api(api()); // what was set is applied now
      return "OK\r";
    }
    if (name.equals("WR")) {
      saved++;
      return "OK\r";
    }
    if (!settings.containsKey(name)) {
      return "ERROR\r";
    }
    if (text.length() == 4) {
      return Long.toHexString(settings.get(name)).toUpperCase(Locale.ROOT) + "\r";
    }
    settings.put(name, Long.parseLong(text.substring(4), 16));
    return "OK\r";
  }

  private void set(String name, long value) {
    settings.put(name, value);
    if (name.equals("AP")) {
      api((int) value);
    }
  }

  private byte[] frame(byte[] data) {
    String hex = HEX.formatHex(data);
    if (hex.startsWith("10")) {
      sent.append(hex.substring(28));
      return says("8b" + hex.substring(2, 4) + "fffe000000");
    }
    if (!hex.startsWith("08") || hex.length() < 8) {
      return new byte[0];
    }
    String id = hex.substring(2, 4);
    String name = new String(data, 2, 2, StandardCharsets.US_ASCII);
    String head = "88" + id + hex.substring(4, 8);
    if (name.equals("WR")) {
      saved++;
      return says(head + "00");
    }
    if (!settings.containsKey(name)) {
      return says(head + "02");
    }
    if (hex.length() > 8) {
      byte[] answer = says(head + "00");
      set(name, Long.parseLong(hex.substring(8), 16));
      return answer;
    }
    return says(head + "00" + String.format("%04x", settings.get(name)));
  }

  /** An API frame as it says it. */
  synchronized byte[] says(String hex) {
    return NaiveXbee.line(api() == 2, hex);
  }

  /** What it says when a broadcast comes in from the air. */
  synchronized byte[] hears(byte[] frame) {
    String hex = HEX.formatHex(frame);
    return api() > 0
        ? says("90 0013a20040521234 fffe 02" + hex)
        : commanding ? new byte[0] : frame.clone();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
