package starling.zone;

import starling.link.LinkProfile;
import starling.model.Window;
import starling.predict.SlotPlan;

/**
 * Who speaks when after a window on a broadcast medium: members' own frames at the starts of equal
 * slots, answers in the gaps between them, as many as fit. After the last slot come rounds of a
 * request and its answers; those who ask take turns, each ever more seldom. Times are microseconds
 * since the window's end.
 *
 * @param slots how many members speak
 * @param slotMicros how long a slot is
 * @param ownMicros what is kept for the frame at its start
 * @param answerMicros from one answer to the next
 * @param answers so many a round has time for
 */
record Schedule(int slots, long slotMicros, long ownMicros, long answerMicros, int answers) {
  /**
   * A schedule.
   *
   * @param hops how many times longer answers may take that come over several hops
   */
  static Schedule of(Window window, int speakers, LinkProfile medium, int hops) {
    long slotMicros = SlotPlan.speakingMillis(window.lengthMillis()) * 1000 / Math.max(1, speakers);
    return new Schedule(
        speakers,
        slotMicros,
        SlotPlan.ownMicros(medium),
        SlotPlan.answerMicros(medium),
        hops * SlotPlan.ANSWERERS);
  }

  /** When the slot of the member of that rank begins. */
  long slotAt(int rank) {
    return rank * slotMicros;
  }

  /** When the last slot is over. */
  long endAt() {
    return slots * slotMicros;
  }

  /**
   * When to answer a request that was heard at an instant.
   *
   * @param place how many others answer before
   */
  long answerAt(long place, long heardAt) {
    long first = heardAt + SlotPlan.MARGIN_MICROS;
    long perGap = (slotMicros - ownMicros) / answerMicros;
    if (heardAt < 0 || heardAt >= endAt() || perGap == 0) {
      return first + place * answerMicros;
    }
    long slot = heardAt / slotMicros;
    first = Math.max(first, slot * slotMicros + ownMicros);
    long here = Math.max(0, ((slot + 1) * slotMicros - first) / answerMicros);
    if (place < here) {
      return first + place * answerMicros;
    }
    long rest = place - here;
    long then = slot + 1 + rest / perGap;
    if (then >= slots) {
      return endAt() + ownMicros + (rest - (slots - slot - 1) * perGap) * answerMicros;
    }
    return then * slotMicros + ownMicros + rest % perGap * answerMicros;
  }

  /** The round that runs at an instant, negative before the first. */
  long round(long at) {
    return Math.floorDiv(at - firstRoundAt(), roundMicros());
  }

  /**
   * Whether a request may be made at an instant.
   *
   * @param order of the one who asks, from 0
   * @param askers how many do
   */
  boolean asks(int order, int askers, long at) {
    long round = round(at);
    return isTurn(order, askers, round)
        && at - firstRoundAt() - round * roundMicros() < answerMicros;
  }

  /** When a request may be made next, after an instant. */
  long nextAskAt(int order, int askers, long at) {
    long round = Math.max(0, round(at) + 1);
    while (!isTurn(order, askers, round)) {
      round++;
    }
    return firstRoundAt() + round * roundMicros();
  }

  private long firstRoundAt() {
    return endAt() + ownMicros;
  }

  private long roundMicros() {
    return ownMicros + answers * answerMicros;
  }

  private static boolean isTurn(int order, int askers, long round) {
    if (round < 0 || round % askers != order) {
      return false;
    }
    long turn = round / askers;
    long next = 0;
    while (next < turn) {
      next = Math.max(next + 1, (long) (next * SlotPlan.GAP_GROWTH));
    }
    return next == turn;
  }
}
