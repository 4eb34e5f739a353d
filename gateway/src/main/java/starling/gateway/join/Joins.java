package starling.gateway.join;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import starling.charter.PageCodec;
import starling.join.Answers;
import starling.join.Desk;
import starling.join.JoinRequest;
import starling.wire.MalformedException;

/**
 * What a gateway does for the operator while boards ask to join: shows who waits, and passes on
 * what was decided elsewhere, by who has the operator's key. It can decide nothing itself, and
 * takes nothing that the operator did not sign.
 */
public final class Joins {
  private final Reception reception;
  private volatile Consumer<byte[]> node = _ -> {};

  /** With this desk. */
  public Joins(Reception reception) {
    this.reception = reception;
  }

  /** From now on the gateway's node takes signed pages. */
  public void to(Consumer<byte[]> taker) {
    node = taker;
  }

  /** Who waits, the first first. */
  public List<Desk.Pending> pending() {
    return reception.pending();
  }

  /** The one that waits, or waited, under this id. */
  public Optional<JoinRequest> find(String id) {
    return reception.pending().stream()
        .map(Desk.Pending::request)
        .filter(one -> one.id().equals(id))
        .findFirst();
  }

  /**
   * Passes a decision on.
   *
   * @param answer signed, as the board gets it
   * @param charter the signed pages that have the board in them, as in a charter file; may be empty
   * @throws MalformedException the operator of that board's invite did not sign it
   */
  public void decide(JoinRequest request, byte[] answer, byte[] charter) throws MalformedException {
    if (!Answers.decides(answer, request)) {
      throw new MalformedException("the answer is no decision that the operator signed");
    }
    List<byte[]> pages = PageCodec.unbundle(charter);
    reception.decide(request, answer);
    pages.forEach(node);
  }
}
