package starling.join;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Base64;
import starling.wire.MalformedException;

/** Invites as files have them: the beginning of a true one, and then anything. */
class InviteFuzzTest {
  private static final String TEXT = new Parties().invite.text();
  private static final String PREFIX = "starling-invite-";
  private static final byte[] TRUE = Base64.getUrlDecoder().decode(TEXT.substring(PREFIX.length()));

  @FuzzTest(maxDuration = "3s")
  void anyTextIsAnInviteOrRefused(byte[] bytes) {
    int kept = bytes.length == 0 ? 0 : Math.min(TRUE.length, bytes[0] & 0xFF);
    byte[] whole = Arrays.copyOf(TRUE, kept + bytes.length);
    System.arraycopy(bytes, 0, whole, kept, bytes.length);
    try {
      Invite.read(PREFIX + Base64.getUrlEncoder().encodeToString(whole));
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
