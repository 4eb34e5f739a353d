package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How commands reach an XBee, and what it answers. */
sealed interface XbeeVoice {
  /** Asks for a command's value, or sets it unless {@code value} is negative. */
  byte[] words(String command, long value);

  /** Takes the next bytes of the line; answers the last question's answer once it is whole. */
  @Nullable Reply heard(byte[] bytes);

  /**
   * An answer.
   *
   * @param done whether it was done; if not, there is no such command or value
   * @param value what was asked for; 0 if nothing was
   */
  record Reply(boolean done, long value) {}

  /** In API frames: AT command 08, answered by 88. */
  final class Api implements XbeeVoice {
    private static final int COMMAND = 0x08;
    private static final int RESPONSE = 0x88;
    private static final int VALUE_AT = 5;
    private static final int ANSWER_MAX_BYTES = 64;

    private final boolean escapes;
    private final XbeeStream stream;
    private String asked = "";

    Api(boolean escapes) {
      this.escapes = escapes;
      stream = new XbeeStream(escapes, ANSWER_MAX_BYTES);
    }

    @Override
    public byte[] words(String command, long value) {
      asked = command;
      return question(escapes, 1, command, value);
    }

    /**
     * A command in a frame.
     *
     * @param id given back in the answer, 1 to 255
     */
    static byte[] question(boolean escapes, int id, String command, long value) {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      data.write(COMMAND);
      data.write(id);
      data.writeBytes(command.getBytes(StandardCharsets.US_ASCII));
      for (int shift = value < 0 ? -8 : shift(value); shift >= 0; shift -= 8) {
        data.write((int) (value >>> shift));
      }
      return XbeeStream.framed(escapes, data.toByteArray());
    }

    private static int shift(long value) {
      return (64 - Long.numberOfLeadingZeros(value | 1) - 1) / 8 * 8;
    }

    @Override
    public @Nullable Reply heard(byte[] bytes) {
      Reply reply = null;
      for (byte[] data : stream.feed(bytes)) {
        Reply said = answer(data, asked);
        reply = said == null ? reply : said;
      }
      return reply;
    }

    /** What a frame answers to a command; null if it is no answer to it. */
    static @Nullable Reply answer(byte[] data, String command) {
      if (data.length < VALUE_AT
          || (data[0] & 0xFF) != RESPONSE
          || data[2] != command.charAt(0)
          || data[3] != command.charAt(1)) {
        return null;
      }
      long value = 0;
      for (int i = VALUE_AT; i < data.length; i++) {
        value = value << 8 | data[i] & 0xFF;
      }
      return new Reply(data[4] == 0, value);
    }
  }

  /** As text, once {@code +++} between two silences was answered by OK. */
  final class Text implements XbeeVoice {
    private static final int LINE_MAX_CHARS = 64;

    private final StringBuilder line = new StringBuilder();

    @Override
    public byte[] words(String command, long value) {
      line.setLength(0);
      String number = value < 0 ? "" : Long.toHexString(value).toUpperCase(Locale.ROOT);
      return ("AT" + command + number + "\r").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public @Nullable Reply heard(byte[] bytes) {
      Reply reply = null;
      for (byte next : bytes) {
        if (next == '\r') {
          Reply said = reply(line.toString());
          reply = said == null ? reply : said;
          line.setLength(0);
        } else if (next != '\n') {
          line.delete(
              0, line.length() < LINE_MAX_CHARS ? 0 : 1); // noise is long, answers are short
          line.append((char) (next & 0xFF));
        }
      }
      return reply;
    }

    private static @Nullable Reply reply(String line) {
      if (line.endsWith("OK")) {
        return new Reply(true, 0);
      }
      if (line.equals("ERROR")) {
        return new Reply(false, 0);
      }
      return line.matches("[0-9A-Fa-f]{1,8}") ? new Reply(true, Long.parseLong(line, 16)) : null;
    }
  }
}
