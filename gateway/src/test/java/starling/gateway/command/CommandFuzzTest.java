package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Commands from whoever may write there: the beginning of a true one, and then anything. */
class CommandFuzzTest {
  private static final long NOW_MILLIS = 1_780_315_200_000L;
  private static final byte[] TRUE =
      ("{\"v\":1,\"id\":\"a-1\",\"expires\":\"2026-06-01T12:05:00Z\","
              + "\"zone\":\"/orchard/north\",\"query\":\"climate\",\"timeout_s\":30}")
          .getBytes(UTF_8);

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreACommandOrRefusedWithAReason(byte[] bytes) {
    int kept = bytes.length == 0 ? 0 : Math.min(TRUE.length, bytes[0] & 0xFF);
    byte[] whole = Arrays.copyOf(TRUE, kept + bytes.length);
    System.arraycopy(bytes, 0, whole, kept, bytes.length);
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
}
