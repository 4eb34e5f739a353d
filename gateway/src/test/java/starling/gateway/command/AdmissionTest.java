package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static final long NOON_MILLIS = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
  private static final String SOON = "2026-06-01T12:05:00Z";

  private final Admission admission = new Admission(0);
  private long nowMillis = NOON_MILLIS;
  private long nowNanos;

  @Test
  void aCommandIsReadWithWhatItsVerbTakes() throws Refusal {
    assertEquals(
        new Command("a-1", NOON_MILLIS + 300_000, new Verb.Rows("/orchard/north", "climate", 300)),
        admit(
            "rows",
            "{\"v\":1,\"id\":\"a-1\",\"expires\":\"2026-06-01T13:05:00+01:00\","
                + "\"zone\":\"/orchard/north\",\"query\":\"climate\",\"timeout_s\":300}"));
    assertEquals(new Verb.Rows("", "", 30), admit("rows", command("a2")).verb());
    assertEquals(new Verb.Announce(), admit("announce", command("a3")).verb());
    assertEquals(new Verb.Status(), admit("status", command("a4")).verb());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rows | hello | a command is a JSON object",
        "rows | [] | a command is a JSON object",
        "rows | {\"id\":\"a\" | a command is a JSON object",
        "rows | {'id':'a'} | a command is a JSON object",
        "rows | {\"id\":\"a\",} | a command is a JSON object",
        "rows | {\"id\":\"a\"} {} | a command is a JSON object",
        "rows | {\"id\":\"a\",\"id\":\"b\"} | id is there twice",
        "rows | {\"id\":{}} | id is neither a text nor a number",
        "rows | {\"id\":true} | id is neither a text nor a number",
        "rows | {\"expires\":\"2026-06-01T12:05:00Z\"} | id is a text of 1 to 64",
        "rows | {\"id\":7,\"expires\":\"2026-06-01T12:05:00Z\"} | id is a text of 1 to 64",
        "rows | {\"id\":\"a b\"} | id is a text of 1 to 64",
        "rows | {\"id\":\"a\"} | expires is a time such as",
        "rows | {\"id\":\"a\",\"expires\":\"soon\"} | expires is a time such as",
        "rows | {\"id\":\"a\",\"expires\":1780315500000} | expires is a text",
        "rows | {\"id\":\"a\",\"expires\":\"+1000000000-12-31T23:59:59Z\"} | expires is a time",
        "rows | {\"id\":\"a\",\"path\":\"/\"} | unknown key path; there are id, expires, zone,",
        "rows | {\"id\":\"a\",\"zone\":7} | zone is a text",
        "rows | {\"id\":\"a\",\"timeout_s\":\"30\"} | timeout_s is a whole number, 1 to 300",
        "rows | {\"id\":\"a\",\"timeout_s\":1e9} | timeout_s is a whole number, 1 to 300",
        "rows | {\"id\":\"a\",\"timeout_s\":301} | timeout_s is a whole number, 1 to 300",
        "status | {\"id\":\"a\",\"zone\":\"/\"} | unknown key zone; there are id, expires",
      })
  void whatIsNoCommandIsMalformedAndSaysWhatWouldBeOne(String verb, String payload, String why) {
    refused(Reason.MALFORMED, why, verb, payload);
  }

  @Test
  void bytesThatAreNoTextAreMalformed() {
    byte[] payload = command("a1").getBytes(UTF_8);
    payload[8] = (byte) 0xFF;
    Refusal refusal =
        assertThrows(
            Refusal.class, () -> admission.admit("rows", payload, false, nowMillis, nowNanos));
    assertEquals(Reason.MALFORMED, refusal.reason());
  }

  @Test
  void whatIsTooLongIsNotEvenRead() {
    String longest = command("a1");
    longest += " ".repeat(Admission.COMMAND_MAX_BYTES - longest.length());
    refused(Reason.OVERSIZED, "at most 1024 bytes, not 1025", "status", longest + " ");
    accepted(longest);
  }

  @Test
  void anUnknownVerbIsNamedBesideThoseThatThereAre() {
    refused(Reason.UNKNOWN, "no verb dance; there are rows, ann", "dance", command("a1"));
  }

  @Test
  void aRetainedCommandIsRefusedAndItsIdStaysFree() {
    Refusal refusal =
        assertThrows(
            Refusal.class,
            () ->
                admission.admit(
                    "status", command("a1").getBytes(UTF_8), true, nowMillis, nowNanos));
    assertEquals(Reason.RETAINED, refusal.reason());
    assertEquals("a1", refusal.id());
    accepted(command("a1"));
  }

  @Test
  void anExpiredCommandIsRefusedAndSoIsOneThatExpiresFarAhead() {
    nowMillis = Instant.parse(SOON).toEpochMilli();
    refused(
        Reason.EXPIRED,
        "it expired at 2026-06-01T12:05:00Z, and here it is 2026-06-01T12:05:00Z",
        "status",
        command("a1"));
    nowMillis -= Admission.AHEAD_MAX_MILLIS + 1;
    refused(Reason.MALFORMED, "expires within 10 minutes, and here", "status", command("a1"));
    nowMillis++;
    accepted(command("a1"));
  }

  @Test
  void aCommandIsActedOnOnceUntilItExpiresAndThenItHasExpired() {
    accepted(command("a1"));
    refused(Reason.REPEATED, "take another id", "status", command("a1"));
    refused(Reason.REPEATED, "take another id", "rows", command("a1"));
    nowMillis += 299_999;
    refused(Reason.REPEATED, "take another id", "status", command("a1"));
    nowMillis++;
    refused(Reason.EXPIRED, "it expired at", "status", command("a1"));
  }

  @Test
  void afterAClockThatWasSetBackIdsOfLaterTimesAreForgotten() {
    accepted(command("a1"));
    nowMillis -= TimeUnit.DAYS.toMillis(365);
    accepted("{\"id\":\"a1\",\"expires\":\"2025-06-01T12:05:00Z\"}");
  }

  @Test
  void soManyAreActedOnInAMinuteAndWhatIsOneTooManyCanBeSaidAgain() {
    for (int i = 0; i < Admission.PER_MINUTE; i++) {
      accepted(command("n" + i));
    }
    refused(Reason.BUSY, "30 commands a minute are acted on", "status", command("late"));
    nowNanos += TimeUnit.SECONDS.toNanos(2);
    accepted(command("late"));
    refused(Reason.BUSY, "30 commands a minute are acted on", "status", command("later"));
  }

  /** The most that the allowance lets through before the first of them expires. */
  @Test
  void noIdIsForgottenBeforeItExpiresHoweverManyThereAre() {
    long step = TimeUnit.SECONDS.toNanos(2);
    int count = 0;
    String expires = Instant.ofEpochMilli(NOON_MILLIS + Admission.AHEAD_MAX_MILLIS).toString();
    for (; nowMillis < NOON_MILLIS + Admission.AHEAD_MAX_MILLIS; nowNanos += step) {
      int before = count;
      for (boolean more = true; more; count += more ? 1 : 0) {
        more = isAccepted("{\"id\":\"n" + count + "\",\"expires\":\"" + expires + "\"}");
      }
      assertTrue(count > before, count + " are too many to remember");
      nowMillis += 2_000;
    }
    nowMillis = NOON_MILLIS + Admission.AHEAD_MAX_MILLIS - 1;
    for (int i = 0; i < count; i++) {
      String again = "{\"id\":\"n" + i + "\",\"expires\":\"" + expires + "\"}";
      refused(Reason.REPEATED, "take another id", "status", again);
    }
  }

  private Command admit(String verb, String payload) throws Refusal {
    return admission.admit(verb, payload.getBytes(UTF_8), false, nowMillis, nowNanos);
  }

  private boolean isAccepted(String payload) {
    try {
      admit("status", payload);
      return true;
    } catch (Refusal e) {
      return false;
    }
  }

  private void accepted(String payload) {
    assertTrue(isAccepted(payload), payload);
  }

  private void refused(Reason reason, String why, String verb, String payload) {
    Refusal refusal = assertThrows(Refusal.class, () -> admit(verb, payload));
    assertTrue(refusal.text().contains(why), refusal.text());
    assertEquals(reason, refusal.reason());
  }

  private static String command(String id) {
    return "{\"id\":\"" + id + "\",\"expires\":\"" + SOON + "\"}";
  }
}
