package starling.membership;

import java.util.Arrays;
import starling.link.LinkProfile;
import starling.model.Page;

/**
 * Who of a large cell on an addressed medium was alive in each of the last epochs, by anybody's
 * word: there a node speaks to one mate after the other, and hears most of them too seldom to miss
 * them soon by its own ears. Each epoch of network time begins with nobody; each node adds itself
 * and whom it hears, and says the whole in its frames, and who else lived in the epoch before, so
 * that after some rounds all know of all. (Gossip-style failure detection: van Renesse, Minsky and
 * Hayden, Middleware 1998; here with a bit in place of each counter.)
 */
final class Heartbeats {
  /** Who knew fewer to live in an epoch, itself included, was deaf in it, or alone. */
  private static final int WITNESSES = 3;

  /** The same where no more have lived for eight epochs. */
  private static final int WITNESSES_MIN = 2;

  /** Who knew no more than one in so many of those who lived lately was nearly deaf. */
  private static final int HEARD_PART = 3;

  /** Whom so many told by themselves who lives was not deaf; no more than that are few. */
  private static final int TELLERS = 4;

  /** Who tells fewer mates in an epoch is busy elsewhere. */
  private static final int TOLD_FEW = 2;

  private static final int MEMBERS_FEW = 12;

  /** Within twice as many rounds all members of a cell know of all. */
  private static final int ROUNDS = 6;

  /** When a site is switched on, members come to know the time one after the other. */
  private static final int EPOCHS_STARTING = 2;

  /** Silent is who was unheard of for so many whole epochs. */
  private static final int EPOCHS_SILENT = 4;

  private static final int NOBODY = -1;
  private static final int NUMBERS = 256;
  private static final byte[] NONE = {};

  /**
   * Who lacks more than one in so many of an epoch counts nothing in it: that may be its own fault.
   */
  private static final int LACKING = 8;

  /** An epoch without a word of one that lived in the one before makes up for so many with one. */
  private static final int SILENCE = 16;

  private static final int UNRELIABLE = 6 * SILENCE;
  private static final int RELIABLE = 3 * SILENCE;
  private static final int ARREARS_MAX = 7 * SILENCE;

  /** So many mates lie between those to whom neighbours by slot turn. */
  private static final long TURNS_APART = 7;

  private final long[] alive = new long[EPOCHS_SILENT + 1]; // this epoch, the one before, ...
  private long lately; // who lived in any of the last four epochs at most
  private long earlier; // in the four before these
  private long told; // mates who were told in this epoch
  private long toldBefore; // and in the one before: they may tell nobody but who tells them
  private boolean busy;
  private final int epochMillis;
  private byte[] arrears = NONE; // by slot, as long as some have any
  private long since = Long.MAX_VALUE;
  private long epoch = -1;

  /** Epochs of a power of two seconds. */
  Heartbeats(LinkProfile medium) {
    long seconds = Math.ceilDiv(ROUNDS * medium.roundMillis(), 1000);
    this.epochMillis = (int) (1000 * Long.highestOneBit(2 * seconds - 1));
  }

  /** Whether a cell goes by this: most of its members hear each other seldom. */
  static boolean serve(Page.Cell cell) {
    return cell.medium() == Page.Medium.ADDRESSED && cell.members().size() > MEMBERS_FEW;
  }

  /**
   * It is so late, and this node lives; answers whether an epoch begins. After a leap of time what
   * was known is worth nothing.
   *
   * @param others who should live
   */
  boolean turn(long millis, int self, long others) {
    long now = millis / epochMillis;
    boolean begins = now != epoch;
    if (begins) {
      boolean next = now == epoch + 1;
      for (int ago = EPOCHS_SILENT; ago > 0; ago--) {
        alive[ago] = next ? alive[ago - 1] : 0;
      }
      since = next ? since : now;
      if (now % EPOCHS_SILENT == 0 || !next) {
        earlier = next ? lately : 0;
        lately = 0;
      }
      lately |= alive[1];
      if (next) {
        account(others);
      }
      alive[0] = 1L << self;
      busy = next && Long.bitCount(told & ~toldBefore) < TOLD_FEW;
      toldBefore = told;
      told = 0;
      epoch = now;
    }
    return begins;
  }

  long epochNanos() {
    return 1_000_000L * epochMillis;
  }

  /** Counts an epoch of which this node has heard nearly all by now: a silence counts once. */
  private void account(long others) {
    long lived = alive[EPOCHS_SILENT - 1];
    if (Long.bitCount(others & ~lived) * LACKING > Long.bitCount(others)) {
      return;
    }
    long falls = others & alive[EPOCHS_SILENT] & ~lived;
    int slots = Long.SIZE - Long.numberOfLeadingZeros(falls);
    arrears = slots > arrears.length ? Arrays.copyOf(arrears, slots) : arrears;
    boolean any = false;
    for (int slot = 0; slot < arrears.length; slot++) {
      int change = (falls >>> slot & 1) != 0 ? SILENCE : -(int) (lived >>> slot & 1);
      arrears[slot] = (byte) Math.clamp(arrears[slot] + change, 0, ARREARS_MAX);
      any |= arrears[slot] != 0;
    }
    arrears = any ? arrears : NONE;
  }

  /**
   * Those who were not heard of in one epoch after the other, if not at a stretch: more often than
   * in one of seventeen.
   *
   * @param before who were so
   */
  long unreliable(long before) {
    long unreliable = 0;
    for (int slot = 0; slot < arrears.length; slot++) {
      int least = (before >>> slot & 1) != 0 ? RELIABLE : UNRELIABLE;
      unreliable |= arrears[slot] >= least ? 1L << slot : 0;
    }
    return unreliable;
  }

  /** The end of this epoch, in network time. */
  long endMillis() {
    return (epoch + 1) * epochMillis;
  }

  /**
   * By then this node should have told some mate that it lives, in network time: in the middle of
   * the epoch, or at once if it found little time for its mates in the last one.
   */
  long dueMillis() {
    return endMillis() - (busy ? epochMillis : epochMillis / 2);
  }

  /** The epoch as it is said: the low eight bits of its number. */
  int number() {
    return (int) (epoch % NUMBERS);
  }

  /**
   * Somebody says who lived in an epoch: this one, or by a clock that is a little off the one
   * beside it. Answers whether one of them was taken for silent.
   */
  boolean lives(int number, long members) {
    int ago = (number() - number + NUMBERS + 1) % NUMBERS - 1;
    boolean near = ago <= 1;
    boolean news = near && silent(members) != 0;
    if (near) {
      alive[Math.max(0, ago)] |= members;
    }
    return news;
  }

  /** A mate was told in this epoch. */
  void tells(int slot) {
    told |= 1L << slot;
  }

  /**
   * Whom this node should tell before all else that it lives, by slot; -1 if nobody. Whoever told
   * no mate in this epoch but such as it told in the one before tells another one: two who are busy
   * elsewhere would tell each other, and be missed by all others. Where few live, each tells all:
   * among the many dead they would meet too seldom to be sure.
   *
   * @param self who tells, so that not all tell the same one
   */
  int next(long mates, int self) {
    long living = (lately | earlier | alive[0]) & mates;
    int few = Long.bitCount(living);
    if (few <= TELLERS && few * HEARD_PART < Long.bitCount(mates) && (living & ~told) != 0) {
      return Long.numberOfTrailingZeros(living & ~told);
    }
    long left = news(mates);
    if ((told & left) != 0 || left == 0) {
      return NOBODY;
    }
    long skip = (epoch + TURNS_APART * self) % Long.bitCount(left);
    for (; skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }

  /** To whom it is news that this node lives: those who were not told lately, if there are any. */
  private long news(long mates) {
    long fresh = mates & ~toldBefore;
    return fresh == 0 ? mates : fresh;
  }

  /** Those known to live in this epoch. */
  long alive() {
    return alive[0];
  }

  /** Those who lived in this epoch or the last. */
  long recent() {
    return alive[0] | alive[1];
  }

  /** For how long before now it matters whom this node itself heard. */
  long judgedNanos() {
    return EPOCHS_SILENT * epochNanos();
  }

  /**
   * Whether this node heard of others in each of the epochs that it judges by, and of more than a
   * third of those who lived lately: where most died at once that takes eight epochs, unless it
   * heard some by itself.
   *
   * @param tellers how many it itself heard in these epochs
   */
  boolean heard(int tellers) {
    int lived = Long.bitCount(lately | earlier);
    int some =
        Math.max(
            HEARD_PART * Math.clamp(lived, WITNESSES_MIN, WITNESSES),
            tellers < TELLERS ? lived + 1 : 0);
    boolean heard = true;
    for (int ago = 1; ago <= EPOCHS_SILENT; ago++) {
      heard &= HEARD_PART * Long.bitCount(alive[ago]) >= some;
    }
    return heard;
  }

  /** Whether this node has listened for long enough to miss anybody. */
  boolean listened() {
    return epoch - since > EPOCHS_SILENT + EPOCHS_STARTING;
  }

  /** Those of some who were not heard of in this epoch, nor in the last whole ones. */
  long silent(long some) {
    long heard = 0;
    for (long one : alive) {
      heard |= one;
    }
    return some & ~heard;
  }
}
