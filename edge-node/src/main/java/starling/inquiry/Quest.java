package starling.inquiry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.link.Address;

/** One question under way: who wants to know, whom to ask, and what has come of it so far. */
final class Quest {
  private static final int TRIES_MAX = 3;
  private static final int WAITS_MAX = 6;

  /** As it is asked of others; of this node's own rows, as it is answered. */
  final Question question;

  /** What those who are asked answer by. */
  final int id;

  final long bornNanos;
  final List<Asker> askers = new ArrayList<>(1);
  final List<Owner> owners = new ArrayList<>(1);
  Copy copy;

  private @Nullable Peer hop;
  private int turn;
  private int unanswered;
  private int waited;
  private long dueNanos;

  /** This node's owner, who asked. */
  record Owner(long id, String path, long patienceMillis, long deadlineNanos) {}

  Quest(Question question, int id, Copy copy, long nowNanos) {
    this.question = question;
    this.id = id;
    this.copy = copy;
    this.bornNanos = nowNanos;
    this.dueNanos = nowNanos;
  }

  /** Whether anybody still wants to know. */
  boolean wanted() {
    return !askers.isEmpty() || !owners.isEmpty();
  }

  /** Whether all who asked have been told all. */
  boolean idle() {
    return owners.isEmpty()
        && copy.complete()
        && askers.stream().noneMatch(asker -> copy.hasSome(asker.wanted));
  }

  @Nullable Asker asker(Peer peer, int id) {
    for (Asker asker : askers) {
      if (asker.id == id && asker.peer.equals(peer)) {
        return asker;
      }
    }
    return null;
  }

  boolean askedBy(Peer peer) {
    return askers.stream().anyMatch(asker -> asker.peer.equals(peer));
  }

  /** Whether one who asked is yet to be told something. */
  boolean owes(Asker asker) {
    return asker.waits && !copy.complete() || copy.hasSome(asker.wanted);
  }

  /** Whether a node asked this and does not have it all. */
  boolean owesTo(Address node) {
    return askers.stream()
        .anyMatch(asker ->
            asker.peer.address().equals(node) && (!copy.complete() || copy.hasSome(asker.wanted)));
  }

  /** Who alone wants to know; null if several do, nobody does, or this node's owner does. */
  @Nullable Address onlyAsker() {
    if (!owners.isEmpty() || askers.isEmpty()) {
      return null;
    }
    Address first = askers.getFirst().peer.address();
    return askers.stream().allMatch(asker -> asker.peer.address().equals(first)) ? first : null;
  }

  /** Whom to ask, once that is due. */
  @Nullable Peer hop() {
    return hop;
  }

  /** Whom to ask now; nobody if that is not due. */
  @Nullable Peer hopNow(long nowNanos) {
    return !copy.complete() && nowNanos >= dueNanos ? hop : null;
  }

  /** When to ask, or to ask again. */
  long dueNanos() {
    return copy.complete() ? Long.MAX_VALUE : dueNanos;
  }

  /**
   * Chooses whom to ask: the next of these in turn if the last one said nothing in time.
   *
   * @param candidates whoever may know, the likeliest first
   */
  void aim(List<Peer> candidates, long nowNanos) {
    boolean known = hop != null && candidates.contains(hop);
    boolean silent = unanswered >= (copy.empty() ? 1 : TRIES_MAX) || waited >= WAITS_MAX;
    if (nowNanos < dueNanos || known && !silent) {
      return;
    }
    turn += silent ? 1 : 0;
    unanswered = 0;
    waited = 0;
    List<Peer> others = candidates.stream().filter(peer -> !askedBy(peer)).toList();
    hop = others.isEmpty() ? null : others.get(turn % others.size());
  }

  /** The question has left. */
  void asked(long againNanos) {
    unanswered++;
    dueNanos = againNanos;
  }

  /** Whoever was asked is at work. */
  void heardWait(long againNanos) {
    unanswered = 0;
    waited++;
    dueNanos = againNanos;
  }

  /** A part came. */
  void heardPart(long againNanos) {
    unanswered = 0;
    waited = 0;
    dueNanos = againNanos;
  }
}
