package starling.membership;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import starling.engine.SmallNumbers;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Reach;

/**
 * What this node heard of each member, by slot: when, what it promised, how much of what it sent
 * was lost on the way (from the gaps in its frame counter, never from missing replies), whom it
 * says that it misses, and how often it came and went. As large as the largest slot that was heard.
 */
final class Observers {
  private static final int TICK_SHIFT = 24;
  private static final long[] NONE = {};
  private static final int[] NO_INTS = {};
  private static final byte[] NO_BYTES = {};
  private static final float[] NO_FLOATS = {};
  private static final int GAP_MAX = 64;
  private static final float LOSS_WEIGHT = 1 / 32f;
  private static final int COUNTED_MAX = 31;
  private static final int COUNTED_MIN = 16; // of fewer, loss is mostly chance
  private static final float WEAK = 0.7f; // of what is sent
  private static final float WEAK_NO_MORE = 0.6f;
  private static final int LOST_PROMISES = 16;
  private static final int COUNTED_ON = 3;
  private static final float LATE_WEIGHT = 1 / 10f; // of a promise's time
  private static final float LATE_MAX = 2; // promises: one silence, however long, is no habit
  private static final float LATEST = 3 / 4f; // of a promise, on a medium that loses little
  private static final float TOLERATED_MIN = 0.25f;
  private static final float TOLERATED_MAX = 0.5f;
  private static final int TOLERATED_MEANS = 3;
  private static final float RELIABLE = 0.8f; // of what is tolerated

  private static final int SLEEP_DOUBLINGS = 3;
  private static final int REPEATED_PROMISES = 3;
  private static final long NANOS_A_MILLI = 1_000_000;
  private static final long PROBATION_NANOS = 300_000_000_000L;
  private static final int PROBATION_PROMISES = 16;
  private static final int PROBATION_DOUBLINGS = 5;

  private long heard;
  private long cutOff;
  private int[] heardTicks = NO_INTS; // when, in steps of 17 ms: right within a year
  private byte[] promises = {}; // as in the header: 2^x s
  private @Nullable SmallNumbers generations; // less 1; none while all boot for the first time
  private @Nullable Bitmaps hears; // none where nobody votes

  // These are shorter, or empty, while all further ones are 0.
  private byte[] usual = NO_BYTES; // what it promises but for sleep, plus 1; 0 if just that
  private long[] votes = NONE;
  private int[] nextCounter = NO_INTS; // 0 until a frame was countable
  private float[] loss = NO_FLOATS;
  private byte[] counted = NO_BYTES; // frames that a loss rests on, while these are few
  private @Nullable Bitmaps weakly; // none while all that are heard are heard well
  private float[] late = NO_FLOATS; // the share of its time for which a promise of it was broken
  private float tolerated = TOLERATED_MAX;
  private byte[] relapses = NO_BYTES; // of late: doublings of its probation
  private long[] steadyNanos = NONE; // when its probation ends; 0 for one who was never suspect

  private void grow(int slot) {
    if (slot >= heardTicks.length) {
      int length = slot + 1;
      heardTicks = Arrays.copyOf(heardTicks, length);
      promises = Arrays.copyOf(promises, length);
    }
  }

  /**
   * A frame of a member came in; {@code countable} if its counter counts frames that we should have
   * heard. A promise much longer than usual announces sleep; the second of its kind is the new
   * custom, unless it follows so soon that it only says the same again. Answers whether it is
   * another boot's than the one before.
   *
   * @param promise that it speaks again within 2^promise seconds
   * @param common what all members promise on the medium that it came by, if they do alike: of one
   *     who promised less on another medium that is no sleep
   */
  boolean heard(
      int slot,
      long generation,
      int counter,
      boolean countable,
      int promise,
      int common,
      long nowNanos) {
    grow(slot);
    boolean first = (heard & 1L << slot) == 0;
    int custom = usual(slot);
    boolean longer = promise > Math.max(custom, common) + SLEEP_DOUBLINGS;
    boolean again =
        promises[slot] > Math.max(custom, common) + SLEEP_DOUBLINGS
            && nowNanos - heardNanos(slot, nowNanos) > REPEATED_PROMISES * nanos(custom);
    usual(slot, first || !longer || again ? 0 : custom + 1);
    heard |= 1L << slot;
    heardTicks[slot] = (int) (nowNanos >> TICK_SHIFT);
    promises[slot] = (byte) promise;
    if (countable) {
      count(slot, counter);
    }
    boolean reborn = first || generation(slot) != generation;
    if (reborn) {
      generation(slot, generation);
      if (slot < late.length) {
        late[slot] = 0;
      }
      says(slot, 0, 0); // what it knew is gone with its last boot
      hearsWeakly(slot, 0);
    }
    return reborn;
  }

  /** When a member was heard last. */
  private long heardNanos(int slot, long nowNanos) {
    long now = nowNanos >> TICK_SHIFT;
    return now - ((int) now - heardTicks[slot]) << TICK_SHIFT;
  }

  /** What a member promises when it does not sleep. */
  private int usual(int slot) {
    return slot < usual.length && usual[slot] > 0 ? usual[slot] - 1 : promises[slot];
  }

  private void usual(int slot, int plusOne) {
    if (plusOne > 0 && slot >= usual.length) {
      usual = Arrays.copyOf(usual, slot + 1);
    }
    if (slot < usual.length) {
      usual[slot] = (byte) plusOne;
    }
  }

  /**
   * Notes for how much of a silence that ends now a member's promises were kept and broken: before
   * it is {@link #heard}.
   *
   * @param shared whether its medium is, on which it may use up its promises
   */
  void note(int slot, boolean shared, long nowNanos) {
    if ((heard & 1L << slot) == 0) {
      return;
    }
    float usually = (shared ? 1 : LATEST) * nanos(usual(slot));
    long silentNanos = nowNanos - heardNanos(slot, nowNanos);
    boolean slept = promises[slot] > usual(slot);
    float promised = slept ? nanos(promises[slot]) : usually;
    float broken = Math.min(LATE_MAX, (silentNanos - promised) / usually);
    if (broken <= 0 && slot >= late.length) {
      return;
    }
    late = slot < late.length ? late : Arrays.copyOf(late, slot + 1);
    float share = late[slot];
    share -= share * Math.min(1, silentNanos / usually) * LATE_WEIGHT;
    for (; broken > 0; broken--) {
      share += (1 - share) * Math.min(1, broken) * LATE_WEIGHT;
    }
    late[slot] = share;
  }

  private static long at(int slot, long[] of) {
    return slot < of.length ? of[slot] : 0;
  }

  private void count(int slot, int counter) {
    if (slot >= loss.length) {
      loss = Arrays.copyOf(loss, slot + 1);
      nextCounter = Arrays.copyOf(nextCounter, slot + 1);
      counted = Arrays.copyOf(counted, slot + 1);
    }
    int next = nextCounter[slot];
    int missed = next == 0 || counter < next ? 0 : counter - next;
    for (int lost = Math.min(missed, GAP_MAX - 1); lost > 0; lost--) {
      loss[slot] += (1 - loss[slot]) * weight(slot);
    }
    loss[slot] -= loss[slot] * weight(slot);
    nextCounter[slot] = counter + 1;
  }

  /** How much another frame counts: at first as much as each of those before. */
  private float weight(int slot) {
    float weight = Math.max(LOSS_WEIGHT, 1f / (1 + counted[slot]));
    counted[slot] = (byte) Math.min(COUNTED_MAX, counted[slot] + 1);
    return weight;
  }

  /**
   * Those among some members of whose frames too few come in to count on: less than three in ten,
   * until it is four, or none for sixteen of their promises; but on the best few of them in any
   * case, and on whoever hears somebody whom none of the others say to hear, or is itself heard by
   * none of them.
   *
   * @param before those that were so before
   */
  long weak(int self, long among, long before, long nowNanos) {
    long weak = 0;
    for (long left = among; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      boolean was = (before & 1L << slot) != 0;
      boolean known = slot < counted.length && counted[slot] >= COUNTED_MIN;
      boolean lossy = known && loss(slot) > (was ? WEAK_NO_MORE : WEAK);
      weak |= lossy || brokenPromises(slot, nowNanos) >= LOST_PROMISES ? 1L << slot : 0;
    }
    while (weak != 0 && Long.bitCount(among & ~weak) < COUNTED_ON) {
      weak &= ~(1L << best(weak));
    }
    return weak & ~bridges(self, among & ~weak, weak);
  }

  /** Those of some weak members by which alone somebody is heard, the best ones first. */
  private long bridges(int self, long counted, long weak) {
    long covered = 1L << self;
    for (long left = counted; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      covered |= 1L << slot | hearsWell(slot, self, 0);
    }
    long bridges = 0;
    for (long left = weak; left != 0; ) {
      int slot = best(left);
      left &= ~(1L << slot);
      long around = 1L << slot | hearsWell(slot, self, 0);
      bridges |= (around & ~covered) != 0 ? 1L << slot : 0;
      covered |= around;
    }
    return bridges;
  }

  private int best(long among) {
    int best = Long.numberOfTrailingZeros(among);
    for (long left = among; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      best = loss(slot) < loss(best) ? slot : best;
    }
    return best;
  }

  /** A member says whom it misses, and whom it used to hear; answers whether that is news. */
  boolean says(int slot, long suspects, long hearsBits) {
    grow(slot);
    boolean news = at(slot, votes) != suspects || hearsOf(slot) != hearsBits;
    if (suspects != at(slot, votes)) {
      votes = slot < votes.length ? votes : Arrays.copyOf(votes, slot + 1);
      votes[slot] = suspects;
    }
    if (hearsBits != hearsOf(slot)) {
      hears = hears == null ? new Bitmaps() : hears;
      hears.set(slot, hearsBits);
    }
    return news;
  }

  private long hearsOf(int slot) {
    return hears == null ? 0 : hears.of(slot);
  }

  /** Nobody votes any more. */
  void forgetWords() {
    votes = NONE;
    hears = null;
    weakly = null;
  }

  /** A member says of whom of those it can't count on to hear; answers whether that is news. */
  boolean hearsWeakly(int slot, long bits) {
    boolean news = weakly(slot) != bits;
    if (news) {
      weakly = weakly == null ? new Bitmaps() : weakly;
      weakly.set(slot, bits);
    }
    return news;
  }

  private long weakly(int slot) {
    return weakly == null ? 0 : weakly.of(slot);
  }

  /**
   * Who hears whom, of those who were heard here.
   *
   * @param own whom this node hears well enough, as a rule
   * @param misses whom of them not at present: that passes, and makes no hop
   * @param suspect whom to hear nobody needs
   */
  Reach reach(int self, long own, long misses, long suspect) {
    long audible = own | 1L << self;
    for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
      audible |= hearsMostly(slot, self, own);
    }
    audible &= ~suspect;
    boolean gaps = false;
    for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
      long said = hearsMostly(slot, self, own);
      gaps |= said != 0 && Reach.isRemote(slot, said, audible);
    }
    return gaps ? Reach.of(slot -> hearsWell(slot, self, own & ~misses), audible) : Reach.ALL;
  }

  /**
   * Whom a member said that it hears well enough, and does not miss; 0 if it has not said, or was
   * not heard here.
   */
  private long hearsWell(int slot, int self, long own) {
    return hearsMostly(slot, self, own) & (slot == self ? -1 : ~at(slot, votes));
  }

  /** The same, whether it misses them now or not. */
  private long hearsMostly(int slot, int self, long own) {
    long said = hearsOf(slot) & ~weakly(slot);
    return slot == self ? own : (heard & 1L << slot) != 0 ? said : 0;
  }

  /** A member's frame has nothing of that: it misses nobody. Answers whether that is news. */
  boolean saysNothing(int slot) {
    return slot < heardTicks.length && says(slot, 0, hearsOf(slot));
  }

  /** A member says whether it is cut off from its uplink; answers whether that is news. */
  boolean saysCutOff(int slot, boolean now) {
    long before = cutOff;
    cutOff = now ? before | 1L << slot : before & ~(1L << slot);
    return cutOff != before;
  }

  /** Those who are cut off from their uplink, as they said last. */
  long cutOff() {
    return cutOff;
  }

  /** Those who said that they sleep. */
  long asleep() {
    long asleep = 0;
    for (int slot = 0; slot < usual.length; slot++) {
      asleep |= usual[slot] > 0 ? 1L << slot : 0;
    }
    return asleep;
  }

  /** This node stood still for so long: what it did not hear meanwhile nobody failed to say. */
  void excuse(long nanos) {
    for (int slot = 0; slot < heardTicks.length; slot++) {
      heardTicks[slot] += (int) (nanos >> TICK_SHIFT);
    }
  }

  /**
   * A suspect member is not suspect any more, and on probation: five minutes or sixteen of its
   * promises, and twice as long each time that it relapses before it was as long again without
   * (compare route flap damping, RFC 2439).
   */
  void returned(int slot, long nowNanos) {
    returned(slot, nanos(usual(slot)), nowNanos);
  }

  /** The same of one who was to be heard of within a given time. */
  void returned(int slot, long promiseNanos, long nowNanos) {
    if (slot >= relapses.length) {
      relapses = Arrays.copyOf(relapses, slot + 1);
      steadyNanos = Arrays.copyOf(steadyNanos, slot + 1);
    }
    long once = Math.max(PROBATION_NANOS, PROBATION_PROMISES * promiseNanos);
    long last = once << relapses[slot];
    boolean relapsed = steadyNanos[slot] != 0 && nowNanos < steadyNanos[slot] + last;
    relapses[slot] = (byte) (relapsed ? Math.min(relapses[slot] + 1, PROBATION_DOUBLINGS) : 0);
    steadyNanos[slot] = nowNanos + (once << relapses[slot]);
  }

  /** When a member's probation ends, if it is on one; else a time that has passed, or 0. */
  long steadyNanos(int slot) {
    return at(slot, steadyNanos);
  }

  /** Those ever heard, by slot. */
  long everHeard() {
    return heard;
  }

  /** How many members this node itself heard, not longer ago than that. */
  int heardWithin(long nanos, long nowNanos) {
    int within = 0;
    for (long left = heard; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      within += nowNanos - heardNanos(slot, nowNanos) <= nanos ? 1 : 0;
    }
    return within;
  }

  /** Those whom others say to have heard. */
  long heardByAnybody() {
    return hears == null ? 0 : hears.any();
  }

  /** The largest slot that was heard, plus 1. */
  int slots() {
    return heardTicks.length;
  }

  double loss(int slot) {
    return slot < loss.length ? loss[slot] : 0;
  }

  /** What an owner may want to know of it. */
  Delivery.Hearing hearing(int slot, long nowNanos) {
    return new Delivery.Hearing(
        (nowNanos - heardNanos(slot, nowNanos)) / NANOS_A_MILLI,
        nanos(promises[slot]) / NANOS_A_MILLI,
        slot >= nextCounter.length || nextCounter[slot] == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(loss[slot]),
        Optional.empty());
  }

  long generation(int slot) {
    long before = generations == null ? 0 : generations.at(slot);
    return (heard & 1L << slot) == 0 ? 0 : before + 1;
  }

  private void generation(int slot, long next) {
    if (next > 1 || generations != null) {
      generations = generations == null ? new SmallNumbers() : generations;
      generations.put(slot, next - 1);
    }
  }

  private static long nanos(int promise) {
    return 1_000_000_000L << promise;
  }

  /** Promises broken since a member was last heard: the last one, then usual ones. */
  long brokenPromises(int slot, long nowNanos) {
    long lateNanos = nowNanos - heardNanos(slot, nowNanos) - nanos(promises[slot]);
    return lateNanos < 0 ? 0 : 1 + lateNanos / nanos(usual(slot));
  }

  /**
   * Sets what share of its promises a member may break and be relied on: three times what all of
   * them do on average, at least a quarter and at most half.
   */
  void tolerate() {
    float sum = 0;
    for (float one : late) {
      sum += one;
    }
    float mean = sum / Math.max(1, Long.bitCount(heard));
    tolerated = Math.clamp(TOLERATED_MEANS * mean, TOLERATED_MIN, TOLERATED_MAX);
  }

  /** Whether a member breaks more than what is tolerated, or did and still breaks nearly that. */
  boolean isUnreliable(int slot, boolean before) {
    return slot < late.length && late[slot] >= (before ? RELIABLE : 1) * tolerated;
  }

  /** When another promise will be broken. */
  long nextBreakNanos(int slot, long nowNanos) {
    long broken = brokenPromises(slot, nowNanos);
    return heardNanos(slot, nowNanos) + nanos(promises[slot]) + broken * nanos(usual(slot));
  }

  /**
   * Whether a member may vote: its last word is recent, by what it promises when it does not sleep,
   * and it does not miss most of those who are heard here: then its ears are bad.
   */
  boolean votes(int slot, long audible, int silences, long nowNanos) {
    return nowNanos - heardNanos(slot, nowNanos) < silences * nanos(usual(slot))
        && !isDeaf(slot, audible, false);
  }

  /**
   * Whether a member misses most of those who are heard here: its ears are bad, until it hears two
   * thirds of them.
   */
  boolean isDeaf(int slot, long audible, boolean before) {
    int missed = Long.bitCount(at(slot, votes) & audible);
    return missed * (before ? 3 : 2) >= Long.bitCount(audible);
  }

  /** Whether a voter used to hear another. */
  boolean hears(int voter, int slot) {
    return (hearsOf(voter) & 1L << slot) != 0;
  }

  /**
   * Whom a voter hears and does not miss; all if it has not said anything yet.
   *
   * @param all whom it could hear
   */
  long hearsNow(int voter, long all) {
    long used = hearsOf(voter);
    return used == 0 ? all : used & ~at(voter, votes);
  }

  boolean suspects(int voter, int slot) {
    return (at(voter, votes) & 1L << slot) != 0;
  }

  /** All who said to miss anybody. */
  long accusers() {
    long accusers = 0;
    for (int slot = 0; slot < votes.length; slot++) {
      accusers |= votes[slot] == 0 ? 0 : 1L << slot;
    }
    return accusers;
  }

  /** All whom anybody said to miss. */
  long accused() {
    long accused = 0;
    for (long vote : votes) {
      accused |= vote;
    }
    return accused;
  }
}
