package starling.join;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import starling.wire.MalformedException;

/** Answers from outside: the beginning of a true one, and then anything. */
class AnswerFuzzTest {
  private static final Parties SITE = new Parties();
  private static final JoinRequest REQUEST = SITE.request();
  private static final byte[] TRUE =
      Answers.welcome(
          new Answer.Welcome(new TreeMap<>(Map.of(0, new byte[32])), new byte[100]),
          REQUEST,
          SITE.operator.secret());

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAnAnswerOrRefused(byte[] bytes) {
    int kept = bytes.length == 0 ? 0 : Math.min(TRUE.length, 2 * (bytes[0] & 0xFF));
    byte[] whole = Arrays.copyOf(TRUE, kept + bytes.length);
    System.arraycopy(bytes, 0, whole, kept, bytes.length);
    try {
      Answer read = Answers.read(whole, REQUEST, SITE.board.secret());
      if (read instanceof Answer.Welcome || read instanceof Answer.Denied) {
        throw new IllegalStateException("nobody signed that");
      }
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
