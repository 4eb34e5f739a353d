package starling.zone;

import starling.model.Reach;

/**
 * Which rows a member of a radio cell of several hops hands on unasked, towards those who want all
 * contributions: what heard-lists ({@link Reach}) say that these can't have from their owners.
 *
 * <p>Who is heard by one of them gives it whatever that does not hear itself. Who is one hop
 * further away, and so is heard by members who hear that one, gives them what they don't hear, of
 * what it has at first hand. That is three hops; what comes from further away is asked for.
 */
final class Onward {
  private Onward() {}

  /** The rows of a window that this node should hand on, said often enough or not. */
  static long rows(CellWindow window, Moment at) {
    if (at.facts().reach().all() || at.participates()) {
      return 0;
    }
    long rows = 0;
    for (long left = at.ranks().wanting() & at.ranks().awake(); left != 0; left &= left - 1) {
      rows |= rowsFor(Long.numberOfTrailingZeros(left), window, at.self(), at.facts().reach());
    }
    return rows & window.bits() & ~at.selfBit();
  }

  private static long rowsFor(int wants, CellWindow window, int self, Reach reach) {
    if (reach.said(wants) && reach.hears(wants, self)) {
      return window.unknownTo(wants, ~reach.heardBy(wants));
    }
    long nearer = 0;
    for (long left = reach.hearersOf(self, reach.heardBy(self)); left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      boolean hears = reach.said(member) && reach.hears(member, wants);
      nearer |= hears ? 1L << member : 0;
    }
    return nearer == 0 ? 0 : reach.heardBy(self) & ~reach.firstHandOf(nearer);
  }
}
