package starling.zone;

import java.util.Arrays;
import starling.model.Reach;

/**
 * How one window's rows and requests cross a radio cell in which not everybody hears everybody: to
 * whom this node has promised which rows, which rows it waits for to hand them on, what it is about
 * to ask on behalf of others, and how often each row was said in its reach.
 */
final class Passing {
  /** How often this node passes requests for one window on. */
  private static final int PASSES_MAX = 8;

  /** Those who ask for the same window. One more takes the place of the one who came last. */
  private static final int ASKERS_MAX = 8;

  private byte[] askers = {};
  private long[] wanted = {}; // by each of them, and promised

  /** Rows that somebody lacks who hears this node, and that only come by way of it. */
  long awaited;

  /** Rows promised that their owners can't give to who asked: worth saying unasked next time. */
  long lesson;

  private long once; // rows said at least so often
  private long twice;
  private long often;

  private long asking; // rows to ask for in others' names
  private int hops;
  private long askNanos;
  private int passes;
  private boolean repeated;
  private int requests;

  // ---- answers

  /** This node promised some rows to somebody. */
  void promised(int asker, long rows) {
    int place = 0;
    while (place < askers.length && askers[place] != asker) {
      place++;
    }
    if (place == askers.length && place < ASKERS_MAX) {
      askers = Arrays.copyOf(askers, place + 1);
      wanted = Arrays.copyOf(wanted, place + 1);
    }
    place = Math.min(place, ASKERS_MAX - 1);
    wanted[place] = askers[place] == asker ? wanted[place] | rows : rows;
    askers[place] = (byte) asker;
  }

  /** Somebody said a row; answers whether one to whom it is promised did not hear that. */
  boolean owes(int slot, int from, Reach reach) {
    boolean owes = false;
    for (int place = 0; place < askers.length; place++) {
      boolean heard = askers[place] == from || reach.hears(askers[place], from);
      wanted[place] &= heard ? ~(1L << slot) : -1;
      owes |= (wanted[place] & 1L << slot) != 0;
    }
    return owes;
  }

  /** Whether anything is promised to anybody. */
  boolean owesAny() {
    long owes = 0;
    for (long rows : wanted) {
      owes |= rows;
    }
    return owes != 0;
  }

  /** This node said some rows. */
  void said(long rows) {
    for (int place = 0; place < askers.length; place++) {
      wanted[place] &= ~rows;
    }
    copied(rows);
  }

  /** A row was said by anybody. */
  void copied(long rows) {
    often |= rows & twice;
    twice |= rows & once;
    once |= rows;
  }

  /** Those of some rows that were said less than three times: it helps to say them again. */
  long seldom(long rows) {
    return rows & ~often;
  }

  // ---- requests

  /** Another request came in; answers how many did. */
  int requested() {
    return ++requests;
  }

  /** Will ask for some rows on behalf of others, unless it has done so often enough. */
  void pass(long rows, int passed, long atNanos) {
    if (passes < PASSES_MAX) {
      askNanos = asking == 0 ? atNanos : Math.min(askNanos, atNanos);
      hops = asking == 0 ? passed : Math.min(hops, passed);
      asking |= rows;
    }
  }

  /** Somebody else asked for these, or they came in. */
  void spare(long rows) {
    asking &= ~rows;
  }

  /** Rows to ask for now or later in others' names. */
  long asking() {
    return asking;
  }

  /** How often the request will have been passed on. */
  int hops() {
    return hops;
  }

  boolean due(long nowNanos) {
    return asking != 0 && nowNanos >= askNanos;
  }

  long nextNanos(long nowNanos) {
    return asking != 0 && askNanos > nowNanos ? askNanos : Long.MAX_VALUE;
  }

  /** The request has left; asks once more for what does not come until then. */
  void passed(long rows, long againNanos) {
    asking &= ~rows;
    passes++;
    boolean again = !repeated && (rows & awaited) != 0;
    if (again) {
      pass(rows & awaited, hops, againNanos);
    }
    repeated = again;
  }
}
