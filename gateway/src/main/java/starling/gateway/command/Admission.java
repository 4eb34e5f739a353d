package starling.gateway.command;

import java.time.Instant;

/**
 * Which messages are commands that are acted on, each once. Time is an argument, in Unix
 * milliseconds for what is said of it and in nanoseconds for what is counted by it.
 */
final class Admission {
  /** A command's payload. */
  static final int COMMAND_MAX_BYTES = 1024;

  /** How many are acted on a minute. */
  static final int PER_MINUTE = 30;

  /** How far ahead one may expire, so that ids need not be remembered for longer. */
  static final long AHEAD_MAX_MILLIS = 600_000;

  /** More than can be acted on in that time. */
  static final int IDS_MAX = 512;

  private final Allowance allowance;
  private final Acted acted = new Acted(IDS_MAX, AHEAD_MAX_MILLIS);

  Admission(long nowNanos) {
    allowance = new Allowance(PER_MINUTE, nowNanos);
  }

  /**
   * Takes a message for a command that is now to be acted on.
   *
   * @param verb the last level of its topic
   * @param retained whether the broker had kept it
   * @throws Refusal it is none; nothing is to be done
   */
  Command admit(String verb, byte[] payload, boolean retained, long nowMillis, long nowNanos)
      throws Refusal {
    if (payload.length > COMMAND_MAX_BYTES) {
      String text = "a command has at most " + COMMAND_MAX_BYTES + " bytes, not " + payload.length;
      throw new Refusal("", Reason.OVERSIZED, text);
    }
    Command command = Command.read(verb, payload);
    if (retained) {
      throw refusal(
          command,
          Reason.RETAINED,
          "the broker had kept it: commands are published without retain");
    }
    checkExpiry(command, nowMillis);
    if (acted.has(command.id(), nowMillis)) {
      throw refusal(
          command, Reason.REPEATED, "a command with this id was acted on: take another id");
    }
    if (!allowance.take(nowNanos) || !acted.add(command.id(), command.expiresMillis())) {
      throw refusal(
          command, Reason.BUSY, PER_MINUTE + " commands a minute are acted on: say it again later");
    }
    return command;
  }

  private static void checkExpiry(Command command, long nowMillis) throws Refusal {
    String here = ", and here it is " + Instant.ofEpochMilli(nowMillis);
    if (command.expiresMillis() <= nowMillis) {
      throw refusal(
          command,
          Reason.EXPIRED,
          "it expired at " + Instant.ofEpochMilli(command.expiresMillis()) + here);
    }
    if (command.expiresMillis() - nowMillis > AHEAD_MAX_MILLIS) {
      throw refusal(
          command,
          Reason.MALFORMED,
          "a command expires within " + AHEAD_MAX_MILLIS / 60_000 + " minutes" + here);
    }
  }

  private static Refusal refusal(Command command, Reason reason, String text) {
    return new Refusal(command.id(), reason, text);
  }
}
