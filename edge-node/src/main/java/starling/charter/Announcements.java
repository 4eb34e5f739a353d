package starling.charter;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Trickle;
import starling.link.LinkProfile;
import starling.model.Facts;
import starling.model.Page;

/**
 * When a node says of its own accord what it holds of the site page on a broadcast medium: the
 * version by a {@link Trickle} timer, and where not everybody hears everybody, what has changed, as
 * a {@link Wave}.
 */
final class Announcements {
  /** Of a frame: what is smaller fits beside others. */
  static final double RIDES_SHARE = 0.5;

  private static final int FRAME_BYTES = 32;
  private static final long TRICKLE_MIN_NANOS = 1_000_000_000L;
  private static final int TRICKLE_DOUBLINGS = 8;
  private static final int TRICKLE_REDUNDANCY = 1;
  private static final int NEWS_INTERVALS = 4; // as short as that, over hops
  private static final int CROSSINGS = 4; // in the shortest interval
  private static final long RESET_EVERY_NANOS = 30_000_000_000L;
  private static final long DIFFERED_NANOS = 60_000_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final Giving giving;
  private final RandomGenerator random;
  private final Trickle trickle;
  private @Nullable Wave wave; // of the newest site page, where not everybody hears everybody
  private @Nullable LinkView shared; // the medium of the cell
  private long knowing; // mates who know in this interval of the timer that what is here is newest
  private long knowingSinceNanos = NEVER; // when that began
  private long differedNanos = NEVER;
  private long resetNanos = NEVER;
  private long freshNanos = NEVER; // when somebody was known not to hold what is here

  Announcements(Giving giving, RandomGenerator random) {
    this.giving = giving;
    this.random = random;
    trickle = new Trickle(TRICKLE_MIN_NANOS, TRICKLE_DOUBLINGS, TRICKLE_REDUNDANCY, random);
  }

  /**
   * The Trickle timer's shortest interval on a medium: who has news says so once within it, unless
   * another does.
   *
   * @param members who may say the same
   */
  static long shortestNanos(LinkProfile profile, int members) {
    return Math.max(TRICKLE_MIN_NANOS, 16_000L * profile.airtime().micros(FRAME_BYTES) * members);
  }

  /** The same by who is in reach: all active members, or whom this hears. */
  static long shortestNanos(LinkView link, Facts facts) {
    int members = facts.members().active();
    boolean all = facts.reach().all();
    long near = all ? 0 : facts.reach().heardBy(facts.self().slot());
    return shortestNanos(
        link.profile(), all ? members : Math.min(members, Long.bitCount(near) + 1));
  }

  /** Within what time those in reach of each other say what is new: they get no more copies. */
  static long crossingNanos(LinkView link, Facts facts) {
    return shortestNanos(link, facts) / CROSSINGS;
  }

  /**
   * Whether what has changed of the site page goes through the cell as a {@link Wave}: not
   * everybody hears everybody, and it fits a frame beside others.
   */
  boolean crosses(Facts facts) {
    LinkView medium = shared;
    return medium != null
        && !facts.reach().all()
        && giving.rides(Page.SITE, giving.before(), RIDES_SHARE * medium.profile().mtuBytes());
  }

  private Wave wave() {
    Wave now = wave == null ? new Wave(random) : wave;
    wave = now;
    return now;
  }

  // ---- hearing

  /** A frame's header has our version's bits. */
  void agrees(Event.Heard heard, Facts facts, long nowNanos) {
    shared = heard.link();
    int mate = Wave.mate(heard);
    if (mate >= 0 && crosses(facts)) {
      wave().has(mate);
    }
    if (mate >= 0 && !facts.reach().all()) {
      know(1L << mate, facts);
    } else if (differedNanos == NEVER || nowNanos - differedNanos > DIFFERED_NANOS) {
      trickle.heardSame();
    } // else somebody may not know: only who says the version says it for us
  }

  /** A frame's header has other bits; answers whether a wave takes care of that. */
  boolean differs(Event.Heard heard, boolean older, Facts facts, long nowNanos) {
    shared = heard.link();
    differedNanos = nowNanos;
    int mate = Wave.mate(heard);
    if (older && mate >= 0 && crosses(facts)) {
      wave().lacks(mate, false, crossingNanos(heard.link(), facts), facts, nowNanos);
      return true;
    }
    if (older) {
      freshNanos = nowNanos;
    }
    if (resetNanos == NEVER || nowNanos - resetNanos > RESET_EVERY_NANOS) {
      resetNanos = nowNanos; // one who never comes round must not keep all others talking
      pace(heard.link(), facts);
      trickle.reset(nowNanos);
    }
    return false;
  }

  /**
   * Somebody said our version; where not everybody hears everybody, its hearers alone know.
   *
   * @param mate the slot of the one who did, -1 if it is no mate
   */
  void heardSame(int mate, Facts facts) {
    if (mate >= 0 && !facts.reach().all()) {
      know(Wave.hearersOf(mate, facts) | 1L << mate, facts);
    } else {
      trickle.heardSame();
    }
  }

  /** Nothing is left to say in this interval once all who hear this node know. */
  private void know(long mates, Facts facts) {
    knowing = knowingSinceNanos == trickle.beganNanos() ? knowing | mates : mates;
    knowingSinceNanos = trickle.beganNanos();
    if ((Wave.hearersOf(facts.self().slot(), facts) & ~knowing) == 0) {
      trickle.heardSame();
    }
  }

  /** Somebody said an older version. */
  void heardOlder(long nowNanos) {
    trickle.reset(nowNanos);
  }

  /** A mate asks for what has changed; answers whether a wave takes care of that. */
  boolean asked(int mate, LinkView link, Facts facts, long nowNanos) {
    boolean crossing = mate >= 0 && crosses(facts);
    if (crossing) {
      wave().lacks(mate, true, crossingNanos(link, facts), facts, nowNanos);
    }
    return crossing;
  }

  /** A mate said what has changed. */
  void copied(int mate, Facts facts) {
    if (crosses(facts)) {
      wave().copied(mate, facts);
    }
  }

  /** Somebody lacks what is here. */
  void lacks(long nowNanos) {
    freshNanos = nowNanos;
  }

  // ---- news

  /** Before a page is installed: how many may say the same. */
  void pace(LinkView link, Facts facts) {
    trickle.pace(shortestNanos(link, facts));
  }

  /** The same, if the medium of the cell was heard. */
  void pace(Facts facts) {
    if (shared != null) {
      pace(shared, facts);
    }
  }

  /** A newer page is here. */
  void installed(int zone, Facts facts, long nowNanos) {
    wave = zone == Page.SITE ? null : wave; // another one
    trickle.restart(nowNanos); // what it said in this interval was the old version
    freshNanos = nowNanos;
    if (!facts.reach().all()) {
      trickle.repeat(NEWS_INTERVALS - 1); // some may be told by one mate alone
    }
  }

  /** What has changed is to go through the cell: this node has it from a mate. */
  void goOn(Facts facts, long nowNanos) {
    LinkView medium = shared;
    if (medium != null && crosses(facts)) {
      wave().begin(crossingNanos(medium, facts), facts, nowNanos);
    }
  }

  /** The same from its beginning: this node has it from its owner. */
  void begin(Facts facts, long nowNanos) {
    LinkView medium = shared;
    if (medium != null && crosses(facts)) {
      wave().beginAtOnce(crossingNanos(medium, facts), facts, nowNanos);
    }
  }

  /** Whether somebody may still lack what is here. */
  boolean isFresh(long nowNanos) {
    return freshNanos != NEVER && nowNanos - freshNanos < DIFFERED_NANOS;
  }

  // ---- speaking

  /** Whether to say the version now. */
  boolean due(long nowNanos) {
    return trickle.due(nowNanos);
  }

  /** The version was said. */
  void spoke() {
    trickle.spoke();
  }

  /** The wave, if it is to go on from here now. */
  @Nullable Wave crossing(long nowNanos) {
    return wave != null && wave.due(nowNanos) ? wave : null;
  }

  /** When something more becomes due; what is due already waits for its medium. */
  long nextNanos(long nowNanos) {
    long next = later(trickle.nextNanos(), nowNanos);
    return wave == null ? next : Math.min(next, later(wave.dueNanos(), nowNanos));
  }

  static long later(long nanos, long nowNanos) {
    return nanos > nowNanos ? nanos : Long.MAX_VALUE;
  }
}
