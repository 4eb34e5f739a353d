package starling.zone;

import java.util.List;
import starling.engine.SectionWriter;
import starling.model.Member;
import starling.model.Reach;
import starling.wire.WireWriter;

/**
 * A radio cell whose members don't all hear each other, up to three hops across. Heard-lists
 * ({@link Reach}) say who can give what to whom.
 *
 * <pre>
 * kind 5, ASK   (window 1 | hops 1 | length 1 | wanted (length))...     rows asked for on behalf of others
 * </pre>
 *
 * <p>A request is answered, row by row, by those who hear the asker and are heard by it and have
 * the row at first hand, and by three who have it anyhow; an answer that was overheard counts for
 * askers that heard it, too. What nobody in the asker's reach has, up to {@value #PROXIES} of its
 * neighbours ask for in its name, and hand it on when it comes; a request is passed on at most
 * {@value #HOPS_MAX} times. Whoever had to give a row to one who does not hear its owner says it
 * unasked in its own frames for some windows more, unless it was said often enough by then.
 */
final class Relay {
  static final int ASK = 5;
  static final int PROXIES = 4;
  static final int HOPS_MAX = 2;

  /** How many times longer an answer may take that comes over several hops. */
  static final int GAPS = 3;

  private static final int LESSON_WINDOWS = 16;
  private static final int ASKED_IN_VAIN = 3;
  private static final int HEADER_BYTES = 3;
  private static final int LAPSE_TURNS = 64; // nobody waits for an answer that is later
  private static final int OWNERS = 16; // turns of those who give their own

  private long forwards;
  private long forwardsBefore;
  private long learnedIndex;

  /** When those answer who heard a request just now. */
  @FunctionalInterface
  interface Turns {
    /** When whoever has so many before it does, monotonic. */
    long nanosAt(long place);
  }

  /**
   * Rows of others that this node says unasked in a frame that says its own.
   *
   * @param newest whether that is of the same window
   */
  long forwards(CellWindow window, boolean newest, Moment at) {
    Passing passing = window.anyPassing();
    long learned = newest ? (forwards | forwardsBefore) & window.bits() & ~at.selfBit() : 0;
    return passing == null ? 0 : passing.seldom(learned | Onward.rows(window, at));
  }

  /** A frame with these rows of a window has left. */
  void said(CellWindow window, long rows) {
    Passing passing = window.anyPassing();
    if (passing != null) {
      passing.said(rows);
      long index = window.window.index() / LESSON_WINDOWS;
      if (index != learnedIndex) {
        forwardsBefore = forwards;
        forwards = 0;
        learnedIndex = index;
      }
      forwards |= rows & passing.lesson;
    }
  }

  /**
   * Somebody lacks some rows and says so: promises those that are this node's to give, and asks on
   * for those that are not in the asker's reach.
   *
   * @param hops how often the request was passed on
   * @param salt draws who answers, anew for each request
   * @param turns when who answers
   */
  void asked(
      CellWindow window, int asker, long wanted, int hops, long salt, Turns turns, Moment at) {
    Reach reach = at.facts().reach();
    Passing passing = window.passing();
    boolean again = passing.requested() > ASKED_IN_VAIN;
    passing.spare(hops > 0 ? wanted : 0);
    Share share = Share.of(asker, wanted, salt, at);
    long partners = partners(asker, at);
    long give = share.own & window.bits();
    promise(window, asker, give, share.place, turns, at);
    passing.lesson |= give & ~at.selfBit() & ~reach.heardBy(asker);
    long far = wanted & ~give & window.bits() & ~reach.firstHandOf(partners) & ~at.selfBit();
    if (far != 0 && (partners & at.selfBit()) != 0) { // handed on to this node, and to others maybe
      int turn = share.count + Ranks.place(at.self(), partners, asker, salt, OWNERS);
      promise(window, asker, far, turn, turns, at);
      passing.lesson |= far;
    }
    if ((wanted & ~give & window.bits() & at.selfBit()) != 0) { // what nobody else may have
      long turn = (long) share.count + Long.bitCount(wanted & at.selfBit() - 1) % OWNERS;
      promise(window, asker, at.selfBit(), turn, turns, at);
    }
    if (hops < HOPS_MAX && !at.participates()) {
      long rows = wanted & ~window.bits() & ~reach.heardBy(asker);
      long near = again ? 0 : reach.firstHandOf(partners & ~at.selfBit());
      long turn = (long) share.count + Math.min(OWNERS, Long.bitCount(rows));
      passOn(window, asker, rows & ~near, hops, salt, turn, turns, at);
    }
  }

  /**
   * Who answers a request: each row is given by the first three of those who can, in an order drawn
   * by hash, one after the other; the first three of all give whatever they have.
   *
   * @param own the rows that are this node's to give
   * @param place its place among those who answer
   * @param count how many these are
   */
  private record Share(long own, int place, int count) {
    static Share of(int asker, long wanted, long salt, Moment at) {
      Reach reach = at.facts().reach();
      long once = 0;
      long twice = 0;
      long often = 0;
      long own = 0;
      int place = 0;
      int count = 0;
      int rank = 0;
      for (long left = partners(asker, at); left != 0 && (wanted & ~often) != 0; ) {
        int member = Ranks.first(left, asker, salt);
        left &= ~(1L << member);
        long rows = wanted & ~often & (reach.heardBy(member) | 1L << member);
        boolean first = rank++ < Ranks.ANSWERERS;
        if (member == at.self()) {
          own = first ? wanted : rows;
          place = count;
        }
        count += rows == 0 && !first ? 0 : 1;
        long known = reach.said(member) ? rows : 0; // else it may hear none of these
        often |= twice & known;
        twice |= once & known;
        once |= known;
      }
      return new Share(own, place, count);
    }
  }

  private static void promise(
      CellWindow window, int asker, long rows, long turn, Turns turns, Moment at) {
    if (rows != 0) {
      window.passing().promised(asker, rows);
      promise(window, rows, turn, turns, at);
    }
  }

  private static void promise(CellWindow window, long rows, long turn, Turns turns, Moment at) {
    long lapseNanos = turns.nanosAt(turn + LAPSE_TURNS);
    window.requests().promise(rows, turns.nanosAt(turn), lapseNanos, at.nowNanos());
  }

  /** Members whom one hears and who hear it. */
  private static long partners(int asker, Moment at) {
    Reach reach = at.facts().reach();
    long heard = reach.heardBy(asker) & at.ranks().awake() & ~(1L << asker);
    return reach.hearersOf(asker, heard);
  }

  private static void passOn(
      CellWindow window,
      int asker,
      long lacking,
      int hops,
      long salt,
      long turn,
      Turns turns,
      Moment at) {
    Reach reach = at.facts().reach();
    long rows = lacking & beyond(at.self(), asker, reach);
    if (rows == 0 || !reach.said(asker)) {
      return;
    }
    long proxies = 0;
    for (long left = partners(asker, at); left != 0; left &= left - 1) {
      int other = Long.numberOfTrailingZeros(left);
      proxies |= (beyond(other, asker, reach) & rows) != 0 ? 1L << other : 0;
    }
    int rank = Ranks.place(at.self(), proxies | at.selfBit(), asker, salt, PROXIES);
    if (rank < PROXIES) {
      Passing passing = window.passing();
      passing.awaited |= rows;
      passing.promised(asker, rows);
      passing.pass(rows, hops + 1, turns.nanosAt(turn + rank));
    }
  }

  /** What comes to a member from those whom the asker does not hear. */
  private static long beyond(int member, int asker, Reach reach) {
    long others = reach.said(member) ? reach.heardBy(member) & ~reach.heardBy(asker) : 0;
    return reach.firstHandOf(others & ~(1L << asker));
  }

  /** Whether a row said by one member came to all in whose name it is promised. */
  static boolean satisfies(CellWindow window, int slot, int from, Moment at) {
    Passing passing = window.anyPassing();
    return passing == null || !passing.owes(slot, from, at.facts().reach());
  }

  /** A row came in, or was said again. */
  static void heard(CellWindow window, int slot, int from, Turns turns, Moment at) {
    Passing passing = window.passing();
    long row = 1L << slot;
    passing.copied(row);
    passing.spare(row);
    if ((passing.awaited & row) != 0) {
      passing.awaited &= ~row;
      int turn = Ranks.place(at.self(), -1, slot, window.window.index(), PROXIES);
      if (passing.owes(slot, from, at.facts().reach())) {
        passing.lesson |= row;
        promise(window, row, turn, turns, at);
      }
    }
  }

  /** Asks in others' names; answers for which rows of a window. */
  static void fill(SectionWriter to, CellWindows windows, List<Asked> said) {
    WireWriter body = to.open(ASK);
    for (CellWindow window : windows.all()) {
      Passing passing = window.anyPassing();
      int length = passing == null ? 0 : length(passing.asking());
      if (window.closed && length > 0 && body.remaining() >= HEADER_BYTES + length) {
        long rows = passing == null ? 0 : passing.asking();
        body.u8(window.window.code()).u8(passing == null ? 0 : passing.hops()).u8(length);
        for (int i = 0; i < length; i++) {
          body.u8((int) (rows >>> 8 * i));
        }
        said.add(new Asked(window, rows));
      }
    }
    if (!to.close()) {
      said.clear();
    }
  }

  /** Rows of a window that were asked for in others' names. */
  record Asked(CellWindow window, long rows) {}

  private static int length(long bits) {
    return (Member.SLOTS_MAX - Long.numberOfLeadingZeros(bits) + 7) / 8;
  }
}
