package starling.join;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Requests from outside: the beginning of a true one, and then anything. */
class RequestFuzzTest {
  private static final Parties SITE = new Parties();
  private static final byte[] TRUE = SITE.request().bytes();

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreARequestOrRefused(byte[] bytes) {
    int kept = bytes.length == 0 ? 0 : Math.min(TRUE.length, 4 * (bytes[0] & 0xFF));
    byte[] whole = java.util.Arrays.copyOf(TRUE, kept + bytes.length);
    System.arraycopy(bytes, 0, whole, kept, bytes.length);
    Desk desk = new Desk(SITE.operator.raw());
    desk.heard(whole, Parties.NOW_MILLIS);
    if (desk.pending(Parties.NOW_MILLIS).size() > 1) {
      throw new IllegalStateException("one message, two boards");
    }
  }
}
