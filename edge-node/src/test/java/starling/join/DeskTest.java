package starling.join;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import starling.charter.Draft.Duty;
import starling.join.Parties.Keys;
import starling.wire.MalformedException;

class DeskTest {
  private final Parties site = new Parties();
  private final Desk desk = new Desk(site.operator.raw());
  private long nowMillis = Parties.NOW_MILLIS;

  private Answer ask(JoinRequest request, Keys board) throws MalformedException {
    nowMillis += 2_000;
    Desk.Reply reply = desk.heard(request.bytes(), nowMillis).orElseThrow();
    assertEquals(request.id(), reply.id());
    return Answers.read(reply.bytes(), request, board.secret());
  }

  private static String refusal(Answer answer) {
    return assertInstanceOf(Answer.Refused.class, answer).reason();
  }

  @Test
  void anInviteIsALineThatSaysWhatTheOperatorSigned() throws Exception {
    Invite read = Invite.read(site.invite.text() + "\n");
    assertEquals(Parties.PATH, read.card().path());
    assertEquals("orchard", read.card().site());
    assertEquals(Set.of(Duty.SENSES, Duty.UPLINK), read.card().duties());
    assertEquals(Parties.NOW_SECONDS + 3600, read.card().expiresSeconds());
    assertTrue(read.card().isOf(site.operator.raw()));
    assertTrue(site.invite.text().length() <= Invite.TEXT_MAX_CHARS);
    for (String bad : new String[] {"", "starling-invite-", site.invite.text().substring(0, 200)}) {
      assertThrows(MalformedException.class, () -> Invite.read(bad), bad);
    }
  }

  @Test
  void aBoardAsksWaitsAndIsWelcomed() throws Exception {
    JoinRequest request = site.request();
    assertInstanceOf(Answer.Waiting.class, ask(request, site.board));
    assertEquals(1, desk.pending(nowMillis).size());
    assertEquals(request.fingerprint(), desk.pending(nowMillis).getFirst().request().fingerprint());
    Answer.Welcome welcome =
        new Answer.Welcome(new TreeMap<>(Map.of(3, new byte[32])), new byte[] {1, 2, 3});
    byte[] sealed = Answers.welcome(welcome, request, site.operator.secret());
    Desk.Reply reply = desk.decide(request, sealed, nowMillis);
    assertArrayEquals(sealed, reply.bytes());
    assertEquals(0, desk.pending(nowMillis).size());
    Answer.Welcome got = assertInstanceOf(Answer.Welcome.class, ask(request, site.board));
    assertArrayEquals(new byte[] {1, 2, 3}, got.charter());
    assertEquals(Set.of(3), got.siteKeys().keySet());
  }

  @Test
  void aBoardThatStartsAgainHasTheSameFingerprint() throws Exception {
    assertEquals(site.request().fingerprint(), site.request().fingerprint());
    assertEquals(24, site.request().fingerprint().length());
    JoinRequest other = Parties.request(site.invite, Keys.make());
    assertNotEquals(site.request().fingerprint(), other.fingerprint());
  }

  @Test
  void aWelcomeIsOfNoUseToAnybodyElse() throws Exception {
    JoinRequest request = site.request();
    Answer.Welcome welcome =
        new Answer.Welcome(new TreeMap<>(Map.of(0, new byte[32])), new byte[8]);
    byte[] sealed = Answers.welcome(welcome, request, site.operator.secret());
    Keys thief = Keys.make();
    JoinRequest other = Parties.request(site.invite, thief);
    assertThrows(MalformedException.class, () -> Answers.read(sealed, other, thief.secret()));
    assertThrows(MalformedException.class, () -> Answers.read(sealed, request, thief.secret()));
    byte[] forged = Answers.welcome(welcome, request, thief.secret());
    assertThrows(
        MalformedException.class, () -> Answers.read(forged, request, site.board.secret()));
    byte[] denial = Answers.deny(request, thief.secret());
    assertThrows(
        MalformedException.class, () -> Answers.read(denial, request, site.board.secret()));
  }

  @Test
  void aStrangersInviteAnExpiredAndAUsedOneAreRefusedByName() throws Exception {
    Parties stranger = new Parties();
    assertTrue(refusal(ask(stranger.request(), stranger.board)).contains("stranger's"));
    Invite old = site.invite(-1);
    assertTrue(refusal(ask(Parties.request(old, site.board), site.board)).contains("expired"));
    JoinRequest request = site.request();
    ask(request, site.board);
    desk.decide(request, Answers.deny(request, site.operator.secret()), nowMillis);
    assertInstanceOf(Answer.Denied.class, ask(request, site.board));
    Keys second = Keys.make();
    String used = refusal(ask(Parties.request(site.invite, second), second));
    assertTrue(used.contains("was used"), used);
    assertEquals(0, desk.pending(nowMillis).size());
  }

  @Test
  void fewWaitAtATimeAndTheWindowClosesByItself() throws Exception {
    for (int i = 0; i < 2 * Desk.PENDING_MAX; i++) {
      Answer answer = ask(Parties.request(site.invite(1), site.board), site.board);
      assertEquals(i >= Desk.PENDING_MAX, answer instanceof Answer.Refused, answer.toString());
    }
    assertEquals(Desk.PENDING_MAX, desk.pending(nowMillis).size());
    nowMillis += 1000 * Desk.SILENT_MAX_SECONDS + 60_000;
    assertEquals(0, desk.pending(nowMillis).size());
    ask(site.request(), site.board);
    assertEquals(0, desk.pending(Parties.NOW_MILLIS + 3_600_000).size(), "the invite's end");
  }

  @Test
  void aCopiedInviteIsSeenAsTwoBoards() throws Exception {
    for (int i = 0; i < 3; i++) {
      Keys board = Keys.make();
      ask(Parties.request(site.invite, board), board);
    }
    assertEquals(2, desk.pending(nowMillis).size());
  }

  @Test
  void whatWasAlteredAnywhereIsNoRequest() {
    byte[] bytes = site.request().bytes();
    for (int i = 0; i < bytes.length; i += 13) {
      byte[] altered = bytes.clone();
      altered[i] ^= 0x20;
      assertThrows(MalformedException.class, () -> JoinRequest.read(altered), "byte " + i);
    }
    for (int length : new int[] {0, 1, 127, 128, 129, bytes.length - 1}) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThrows(MalformedException.class, () -> JoinRequest.read(cut), "length " + length);
    }
  }

  @Test
  void whoeverSaysTooMuchIsNotEvenChecked() {
    byte[] noise = new byte[300];
    for (int i = 0; i < 100; i++) {
      assertTrue(desk.heard(noise, nowMillis).isEmpty());
    }
    assertTrue(desk.heard(site.request().bytes(), nowMillis).isEmpty(), "the second is used up");
    assertTrue(desk.heard(site.request().bytes(), nowMillis + 1000).isPresent());
  }
}
