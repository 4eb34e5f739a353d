package starling.membership;

import java.util.Arrays;
import java.util.OptionalDouble;
import starling.engine.ByNeighbour;
import starling.model.Delivery;

/**
 * What this node heard of each member, by slot: when, what it promised, how much of what it sent
 * was lost on the way (from the gaps in its frame counter, never from missing replies), and whom it
 * says that it misses. As large as the largest slot that was heard.
 */
final class Observers {
  private static final int GAP_MAX = 64;
  private static final float LOSS_WEIGHT = 1 / 32f;

  private static final int SLEEP_DOUBLINGS = 3;
  private static final long NANOS_A_MILLI = 1_000_000;

  private long heard;
  private long[] heardNanos = {};
  private byte[] promises = {}; // as in the header: 2^x s
  private byte[] usual = {}; // what it promises when it does not sleep
  private int[] nextCounter = {}; // 0 until a frame was countable
  private float[] loss = {};
  private int[] generations = {};
  private int[] votedTicks = {}; // 0 for one who never voted
  private int[] returnedTicks = {}; // 0 for one who was never suspect
  private long[] votes = {};
  private long[] hears = {};

  private void grow(int slot) {
    if (slot >= heardNanos.length) {
      int length = slot + 1;
      heardNanos = Arrays.copyOf(heardNanos, length);
      promises = Arrays.copyOf(promises, length);
      usual = Arrays.copyOf(usual, length);
      returnedTicks = Arrays.copyOf(returnedTicks, length);
      nextCounter = Arrays.copyOf(nextCounter, length);
      loss = Arrays.copyOf(loss, length);
      generations = Arrays.copyOf(generations, length);
      votedTicks = Arrays.copyOf(votedTicks, length);
      votes = Arrays.copyOf(votes, length);
      hears = Arrays.copyOf(hears, length);
    }
  }

  /**
   * A frame of a member came in; {@code countable} if its counter counts frames that we should have
   * heard. A promise much longer than usual announces sleep; the second of its kind is the new
   * custom. Answers whether it is another boot's than the one before.
   *
   * @param promise that it speaks again within 2^promise seconds
   */
  boolean heard(
      int slot, long generation, int counter, boolean countable, int promise, long nowNanos) {
    grow(slot);
    boolean first = (heard & 1L << slot) == 0;
    boolean longer = promise > usual[slot] + SLEEP_DOUBLINGS;
    boolean again = promises[slot] > usual[slot] + SLEEP_DOUBLINGS;
    if (first || !longer || again) {
      usual[slot] = (byte) promise;
    }
    heard |= 1L << slot;
    heardNanos[slot] = nowNanos;
    promises[slot] = (byte) promise;
    if (countable) {
      count(slot, counter);
    }
    boolean reborn = generations[slot] != (int) generation;
    generations[slot] = (int) generation;
    return reborn;
  }

  private void count(int slot, int counter) {
    int next = nextCounter[slot];
    int missed = next == 0 || counter < next ? 0 : counter - next;
    for (int lost = Math.min(missed, GAP_MAX - 1); lost > 0; lost--) {
      loss[slot] += (1 - loss[slot]) * LOSS_WEIGHT;
    }
    loss[slot] -= loss[slot] * LOSS_WEIGHT;
    nextCounter[slot] = counter + 1;
  }

  /** A member says whom it misses, and whom it used to hear. */
  void says(int slot, long suspects, long hearsBits, long nowNanos) {
    grow(slot);
    votes[slot] = suspects;
    hears[slot] = hearsBits;
    votedTicks[slot] = ByNeighbour.ticks(nowNanos);
  }

  /** A suspect member is not suspect any more. */
  void returned(int slot, long nowNanos) {
    returnedTicks[slot] = ByNeighbour.ticks(nowNanos);
  }

  /** Whether a member was suspect and returned lately. */
  boolean returnedWithin(long nanos, int slot, long nowNanos) {
    int ticks = returnedTicks[slot];
    return ticks != 0 && ByNeighbour.sinceNanos(ticks, nowNanos) < nanos;
  }

  /** Those ever heard, by slot. */
  long everHeard() {
    return heard;
  }

  /** The largest slot that was heard, plus 1. */
  int slots() {
    return heardNanos.length;
  }

  double loss(int slot) {
    return loss[slot];
  }

  /** What an owner may want to know of it. */
  Delivery.Hearing hearing(int slot, long nowNanos) {
    return new Delivery.Hearing(
        (nowNanos - heardNanos[slot]) / NANOS_A_MILLI,
        nanos(promises[slot]) / NANOS_A_MILLI,
        nextCounter[slot] == 0 ? OptionalDouble.empty() : OptionalDouble.of(loss[slot]));
  }

  long generation(int slot) {
    return slot < generations.length ? Integer.toUnsignedLong(generations[slot]) : 0;
  }

  private static long nanos(int promise) {
    return 1_000_000_000L << promise;
  }

  /** Promises broken since a member was last heard: the last one, then usual ones. */
  long brokenPromises(int slot, long nowNanos) {
    long lateNanos = nowNanos - heardNanos[slot] - nanos(promises[slot]);
    return lateNanos < 0 ? 0 : 1 + lateNanos / nanos(usual[slot]);
  }

  /** When another promise will be broken. */
  long nextBreakNanos(int slot, long nowNanos) {
    long broken = brokenPromises(slot, nowNanos);
    return heardNanos[slot] + nanos(promises[slot]) + broken * nanos(usual[slot]);
  }

  /** Whether a member's last word counts as a vote on another: recent, and it used to hear it. */
  boolean votesOn(int voter, int slot, long nowNanos, long freshNanos) {
    return votedTicks[voter] != 0
        && ByNeighbour.sinceNanos(votedTicks[voter], nowNanos) < freshNanos
        && (hears[voter] & 1L << slot) != 0;
  }

  boolean suspects(int voter, int slot) {
    return (votes[voter] & 1L << slot) != 0;
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
