package starling.charter;

import java.util.random.RandomGenerator;
import starling.engine.Event;
import starling.model.Facts;
import starling.model.Member;

/**
 * How news crosses a medium where not everybody hears everybody: counter-based flooding (Ni, Tseng,
 * Chen, Sheu, "The Broadcast Storm Problem", MobiCom 1999) with a counter for each neighbour.
 * Whoever has the news knows from heard-lists which mates hear whom, and counts for each of its own
 * hearers in reach of how many copies that one was, its own among them. It says the news after a
 * random wait, the sooner the more of them lack it, while {@value #WORTH} of them or more are
 * likely to lack it: so it says it once more if nobody near goes on with it. Who turns out to lack
 * it all the same counts as one who never had a copy in reach.
 *
 * <p>Bitmaps are over slots.
 */
final class Wave {
  private static final double LOSS = 0.2; // of a copy
  private static final double WORTH = 0.3;
  private static final double SLOWEST = 3; // times the window, for who has little to add
  private static final long BELIEVED_AGAIN_NANOS = 30_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;

  private final RandomGenerator random;
  private double draw; // 0 to 1: when in its turn
  private boolean again; // this node said it before
  private long sinceNanos;
  private long windowNanos; // that all in reach share
  private long hearers;
  private long has; // as their own frames say
  private long once; // was in reach of a copy, or of more
  private long twice;
  private long thrice;
  private long answered; // seemed to lack it, and counts no more unless it asks
  private long answeredNanos;
  private long dueNanos = NEVER;

  /** Nobody has the news. */
  Wave(RandomGenerator random) {
    this.random = random;
  }

  /** The slot of a mate whose frame was heard on the cell's own medium; -1 if it is none. */
  static int mate(Event.Heard heard) {
    int slot = heard.header().slot();
    boolean shared = heard.link().mate() && heard.link().profile().broadcast();
    return shared && slot < Member.SLOTS_MAX ? slot : -1;
  }

  /** Those in reach of this node, both ways, who hear a member. */
  static long hearersOf(int member, Facts facts) {
    int self = facts.self().slot();
    long near = facts.reach().heardBy(self) & facts.members().heard() & ~(1L << self);
    return facts.reach().hearersOf(member, near);
  }

  /** Says the news within a time that all in reach share, unless others do. */
  void begin(long withinNanos, Facts facts, long nowNanos) {
    begin(withinNanos, facts);
    draw(nowNanos);
  }

  /** Says the news at once, and later within that time if nobody goes on with it. */
  void beginAtOnce(long withinNanos, Facts facts, long nowNanos) {
    begin(withinNanos, facts);
    dueNanos = nowNanos;
  }

  private void begin(long withinNanos, Facts facts) {
    hearers = hearersOf(facts.self().slot(), facts);
    windowNanos = withinNanos;
    again = false;
  }

  private void draw(long nowNanos) {
    sinceNanos = nowNanos;
    draw = random.nextDouble();
    schedule();
  }

  /** A mate said the news. */
  void copied(int by, Facts facts) {
    reached(hearersOf(by, facts));
    has |= 1L << by;
    schedule();
  }

  private void reached(long mates) {
    thrice |= twice & mates;
    twice |= once & mates;
    once |= mates;
  }

  /** A mate has the news. */
  void has(int mate) {
    if ((has & 1L << mate) == 0) {
      has |= 1L << mate;
      schedule();
    }
  }

  /**
   * A mate lacks the news.
   *
   * @param asks whether it asks for it; else it is believed once in a while, since it may never
   *     come round
   */
  void lacks(int mate, boolean asks, long withinNanos, Facts facts, long nowNanos) {
    long bit = 1L << mate;
    if (nowNanos - answeredNanos > BELIEVED_AGAIN_NANOS) {
      answered = 0;
      answeredNanos = nowNanos;
    }
    boolean counts = (hearers & ~has & ~once & bit) != 0;
    if (!counts && (asks || (answered & bit) == 0)) {
      answered |= bit;
      has &= ~bit;
      once &= ~bit;
      twice &= ~bit;
      thrice &= ~bit;
      begin(withinNanos, facts, nowNanos);
    }
  }

  /** How many of those who hear this node are likely to lack the news. */
  private double lacking() {
    long left = hearers & ~has;
    double unless = Long.bitCount(left & twice & ~thrice) + LOSS * Long.bitCount(left & thrice);
    return Long.bitCount(left & ~once)
        + LOSS * (Long.bitCount(left & once & ~twice) + LOSS * unless);
  }

  private void schedule() {
    double lacking = lacking();
    double slower = again ? 1 : Math.min(SLOWEST, Long.bitCount(hearers) / lacking);
    dueNanos = lacking < WORTH ? NEVER : sinceNanos + (long) (draw * slower * windowNanos);
  }

  /** Whether to say the news now. */
  boolean due(long nowNanos) {
    return nowNanos >= dueNanos;
  }

  /** When to say the news. */
  long dueNanos() {
    return dueNanos;
  }

  /** There is no airtime for the news now: others may have some. */
  void postpone(long nowNanos) {
    draw(nowNanos + windowNanos);
  }

  /** The news was said here: others go on with it. */
  void said(long nowNanos) {
    reached(hearers);
    again = true;
    draw(nowNanos + windowNanos);
  }
}
