package starling.join;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import starling.wire.MalformedException;

/**
 * Where requests wait for the operator. A stranger can't put anything here: what is not made with
 * an unexpired invite of this site's operator is refused. At most {@value #PENDING_MAX} wait, two
 * of one invite (a copied invite is seen that way); a board that asks no more is forgotten after
 * {@value #SILENT_MAX_SECONDS} s, and everything when its invite expires.
 */
public final class Desk {
  static final int PENDING_MAX = 8;
  static final int SILENT_MAX_SECONDS = 120;
  private static final int OF_ONE_INVITE_MAX = 2;
  private static final int DECIDED_MAX = 32;

  /** Each costs three signatures to check. */
  private static final int CHECKS_PER_SECOND = 16;

  private final byte[] operator;
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private final Map<String, Decided> decided = new LinkedHashMap<>();
  private long second;
  private int checks;

  /**
   * A board that waits.
   *
   * @param sinceMillis when it asked first
   * @param lastMillis and last
   */
  public record Pending(JoinRequest request, long sinceMillis, long lastMillis) {}

  private record Decided(JoinRequest request, byte[] answer, long lastMillis) {}

  /**
   * What to say to a board, if anything.
   *
   * @param id under which it listens
   */
  public record Reply(String id, byte[] bytes) {}

  /**
   * An empty desk.
   *
   * @param operator the raw public key of who may invite
   */
  public Desk(byte[] operator) {
    this.operator = operator.clone();
  }

  /** A request came, or something else: what to reply, nothing to noise. */
  public Optional<Reply> heard(byte[] bytes, long nowMillis) {
    if (bytes.length > JoinRequest.BYTES_MAX || !mayCheck(nowMillis)) {
      return Optional.empty();
    }
    try {
      JoinRequest request = JoinRequest.read(bytes);
      Decided done = decided.get(request.id());
      if (done == null) {
        byte[] answer = Answers.say(take(request, nowMillis), request);
        return Optional.of(new Reply(request.id(), answer));
      }
      decided.put(request.id(), new Decided(request, done.answer, nowMillis));
      return Optional.of(new Reply(request.id(), done.answer));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private boolean mayCheck(long nowMillis) {
    if (nowMillis / 1000 != second) {
      second = nowMillis / 1000;
      checks = 0;
    }
    return checks++ < CHECKS_PER_SECOND;
  }

  private Answer take(JoinRequest request, long nowMillis) {
    sweep(nowMillis);
    String why = refusal(request, nowMillis);
    if (!why.isEmpty()) {
      return new Answer.Refused(why);
    }
    Pending known = pending.get(request.id());
    long since = known == null ? nowMillis : known.sinceMillis;
    pending.put(request.id(), new Pending(request, since, nowMillis));
    return new Answer.Waiting();
  }

  private String refusal(JoinRequest request, long nowMillis) {
    Invite.Card card = request.card();
    if (!card.isOf(operator)) {
      return "this invite is a stranger's: it was not signed by this site's operator";
    }
    if (card.expiresSeconds() * 1000 <= nowMillis) {
      return "this invite expired at "
          + Instant.ofEpochSecond(card.expiresSeconds())
          + "; ask for another";
    }
    if (decided.values().stream().anyMatch(one -> sameInvite(one.request, request))) {
      return "this invite was used, by a board of another identity; ask for another";
    }
    boolean known = pending.containsKey(request.id());
    long same = pending.values().stream().filter(one -> sameInvite(one.request, request)).count();
    if (!known && (same >= OF_ONE_INVITE_MAX || pending.size() >= PENDING_MAX)) {
      return "too many boards wait already; it will be asked again";
    }
    return "";
  }

  private static boolean sameInvite(JoinRequest one, JoinRequest other) {
    return java.util.Arrays.equals(one.card().key(), other.card().key());
  }

  private void sweep(long nowMillis) {
    pending
        .values()
        .removeIf(one ->
            nowMillis - one.lastMillis > SILENT_MAX_SECONDS * 1000L
                || one.request.card().expiresSeconds() * 1000 <= nowMillis);
    decided.values().removeIf(one -> one.request.card().expiresSeconds() * 1000 <= nowMillis);
  }

  /** Who waits, the first first. */
  public List<Pending> pending(long nowMillis) {
    sweep(nowMillis);
    return new ArrayList<>(pending.values());
  }

  /** When a board asked last, in Unix milliseconds. */
  public OptionalLong lastMillis(JoinRequest request) {
    Pending one = pending.get(request.id());
    Decided done = decided.get(request.id());
    if (done != null) {
      return OptionalLong.of(done.lastMillis);
    }
    return one == null ? OptionalLong.empty() : OptionalLong.of(one.lastMillis);
  }

  /**
   * The operator has decided: what is said to that board from now on, and at once.
   *
   * @param answer as {@link Answers#welcome} or {@link Answers#deny} made it
   */
  public Reply decide(JoinRequest request, byte[] answer, long nowMillis) {
    if (decided.size() >= DECIDED_MAX) {
      decided.remove(decided.keySet().iterator().next());
    }
    pending.remove(request.id());
    decided.put(request.id(), new Decided(request, answer, nowMillis));
    return new Reply(request.id(), answer);
  }
}
