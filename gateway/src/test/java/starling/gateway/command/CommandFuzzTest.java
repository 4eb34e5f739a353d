package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;

/** Commands from whoever may write there: a true one, with anything in place of some of it. */
class CommandFuzzTest {
  private static final long NOW_MILLIS = 1_780_315_200_000L;
  private static final byte[] TRUE =
      ("{\"v\":1,\"id\":\"a-1\",\"expires\":\"2026-06-01T12:05:00Z\","
              + "\"zone\":\"/orchard/north\",\"query\":\"climate\",\"timeout_s\":30}")
          .getBytes(UTF_8);

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreACommandOrRefusedWithAReason(byte[] bytes) {
    byte[] whole = bytes.length < 2 ? bytes : spliced(bytes);
    Admission admission = new Admission(0);
    try {
      Command command = admission.admit("rows", whole, false, NOW_MILLIS, 0);
      if (!command.id().matches("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
          || command.expiresMillis() <= NOW_MILLIS
          || !(command.verb() instanceof Verb.Rows rows)
          || rows.timeoutSeconds() < 1) {
        throw new IllegalStateException("admitted: " + command);
      }
    } catch (Refusal e) {
      if (e.text().isEmpty()) {
        throw new IllegalStateException("refused without a word", e);
      }
    }
  }

  /** The first two bytes say where in the true one the others go, and how many they replace. */
  private static byte[] spliced(byte[] bytes) {
    int from = Math.min(TRUE.length, bytes[0] & 0xFF);
    int until = Math.min(TRUE.length, from + (bytes[1] & 0xFF));
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(TRUE, 0, from);
    whole.write(bytes, 2, bytes.length - 2);
    whole.write(TRUE, until, TRUE.length - until);
    return whole.toByteArray();
  }
}
