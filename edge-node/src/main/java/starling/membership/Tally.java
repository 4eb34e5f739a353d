package starling.membership;

import starling.model.Members;

/**
 * What those with a vote say of the members of a cell.
 *
 * @param members what was said of them before
 * @param self the slot of this node, which votes too
 * @param heard those whom it ever heard, itself included
 * @param doubts those whom it misses
 */
record Tally(Observers observers, Members members, int self, long heard, long doubts) {
  private static final int QUORUM_PERCENT = 65;
  private static final int PARDON_PERCENT = 50;
  private static final int FAINT_PERCENT = 50;
  private static final int CLEAR_PERCENT = 65;
  private static final int TURNOUT = 3; // more than one in so many

  /** Who is missed by those with a vote, of whom too few have one, and who they are. */
  record Verdict(long convicted, long unjudged, long voters) {}

  /** Counts the votes on all who are accused. */
  Verdict verdict(long nowNanos) {
    long voters = voters(nowNanos);
    long convicted = 0;
    long unjudged = 0;
    long known = (heard | observers.heardByAnybody()) & ~members.suspect();
    long accused = (doubts | members.suspect() | observers.accused()) & heard & ~(1L << self);
    for (long left = accused; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      int percent = againstPercent(slot, voters, known);
      int quorum = members.present(slot) ? QUORUM_PERCENT : PARDON_PERCENT;
      convicted |= percent >= quorum ? 1L << slot : 0;
      unjudged |= percent < 0 ? 1L << slot : 0;
    }
    return new Verdict(convicted, unjudged, voters);
  }

  /** Those whose word counts, this node included. */
  private long voters(long nowNanos) {
    long audible = heard & ~doubts;
    long voters = 1L << self;
    for (long left = audible & ~voters; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      voters |=
          observers.votes(slot, audible, Membership.BROKEN_DOUBTED, nowNanos) ? 1L << slot : 0;
    }
    return voters;
  }

  /**
   * The share of those with a vote on a member who doubt it; -1 if they are too few, and 0 if those
   * who doubt one that is present are: of the first dozen heard after a burst most do by chance,
   * now and then.
   *
   * @param known those who could have one: also those whom only others heard as yet
   */
  private int againstPercent(int slot, long voters, long known) {
    int others = Long.bitCount(known & ~(1L << slot));
    int all = 0;
    int against = 0;
    for (long left = voters & ~(1L << slot); left != 0; left &= left - 1) {
      int voter = Long.numberOfTrailingZeros(left);
      if (voter == self || observers.hears(voter, slot)) {
        all++;
        boolean doubted =
            voter == self ? (doubts & 1L << slot) != 0 : observers.suspects(voter, slot);
        against += doubted ? 1 : 0;
      }
    }
    if (all * TURNOUT <= others) {
      return -1;
    }
    boolean enough = against * TURNOUT > others || !members.present(slot);
    return enough ? against * 100 / all : 0;
  }

  /**
   * Those whom fewer than half of the others with a vote hear (the low watermark), until most do
   * (the high one).
   */
  long faint(long voters) {
    long known = heard | observers.heardByAnybody();
    long unheard = 0;
    for (long left = voters; left != 0; left &= left - 1) {
      unheard |= known & ~hearsNow(Long.numberOfTrailingZeros(left), known);
    }
    long faint = 0;
    for (long left = unheard; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      long others = voters & ~(1L << slot);
      int hearers = 0;
      for (long rest = others; rest != 0; rest &= rest - 1) {
        long hears = hearsNow(Long.numberOfTrailingZeros(rest), known);
        hearers += (int) (hears >>> slot & 1);
      }
      int percent = members.wellHeard(slot) ? FAINT_PERCENT : CLEAR_PERCENT;
      faint |= hearers * 100 < percent * Long.bitCount(others) ? 1L << slot : 0;
    }
    return faint;
  }

  /** Those who say to miss most of the others: they would represent themselves alone. */
  long deaf() {
    long deaf = 0;
    for (long left = observers.accusers() & heard; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      long audible = slot == self ? heard : heard & ~doubts;
      deaf |= observers.isDeaf(slot, audible, !members.wellHeard(slot)) ? 1L << slot : 0;
    }
    return deaf;
  }

  private long hearsNow(int voter, long known) {
    return voter == self ? heard & ~doubts : observers.hearsNow(voter, known);
  }
}
