package starling.zone;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import starling.model.Window;

/**
 * The contributions of one window in this node's cell, by slot, and who is known to have which. The
 * first contribution of a slot stays: it is immutable, so another one can only be a clone's, and is
 * never counted.
 */
final class CellWindow {
  private static final byte[][] NO_ROWS = {};
  private static final long[] NOBODY = {};

  final Window window;
  private byte[][] rows = NO_ROWS; // of those present, by ascending slot
  private long[] mates = NOBODY; // who has it, of those known by somebody, by slot; only replaced
  private long present;
  private long known;
  private @Nullable Repair repair; // none on an addressed medium

  /** Whether it is over and still counts. */
  boolean closed;

  /** Whether this node wanted all contributions when it was over. */
  boolean collected;

  /** Whether this node said its own contribution on the broadcast medium. */
  boolean saidOwn;

  /** Whether this node said there what it has. */
  boolean saidHave;

  /** How many contributions the last computed result had seen. */
  int computedAt = -1;

  /** What became of a contribution that came in. */
  enum Added {
    NEW,
    HELD,
    /** Another one of this slot is held, and stays. */
    CONFLICTS
  }

  /** What goes on between members on a broadcast medium, if anything does. */
  private static final class Repair {
    @Nullable Requests requests;
    @Nullable Passing passing;
    @Nullable Parities parities;
  }

  CellWindow(Window window) {
    this.window = window;
  }

  Added add(int slot, byte[] row) {
    int place = place(slot, present);
    if (has(slot)) {
      return Arrays.equals(rows[place], row) ? Added.HELD : Added.CONFLICTS;
    }
    byte[][] more = Arrays.copyOf(rows, rows.length + 1);
    System.arraycopy(rows, place, more, place + 1, rows.length - place);
    more[place] = row;
    rows = more;
    present |= 1L << slot;
    return Added.NEW;
  }

  private static int place(int slot, long among) {
    return Long.bitCount(among & (1L << slot) - 1);
  }

  private Repair repair() {
    Repair now = repair == null ? new Repair() : repair;
    repair = now;
    return now;
  }

  /** Repair of this window on a broadcast medium. */
  Requests requests() {
    Repair now = repair();
    Requests requests = now.requests == null ? new Requests() : now.requests;
    now.requests = requests;
    return requests;
  }

  /** The same, if anything was asked or promised yet. */
  @Nullable Requests anyRequests() {
    return repair == null ? null : repair.requests;
  }

  /** The ways of its rows in a cell of several hops. */
  Passing passing() {
    Repair now = repair();
    Passing passing = now.passing == null ? new Passing() : now.passing;
    now.passing = passing;
    return passing;
  }

  /** The same, if anything went on. */
  @Nullable Passing anyPassing() {
    return repair == null ? null : repair.passing;
  }

  /** What was heard of several of its rows at once. */
  Parities parities() {
    Repair now = repair();
    Parities parities = now.parities == null ? new Parities() : now.parities;
    now.parities = parities;
    return parities;
  }

  /** A row that it lacks and that follows from what was heard. */
  Parities.@Nullable Solved solve() {
    return repair == null || repair.parities == null ? null : repair.parities.solve(this);
  }

  /** How many contributed. */
  int size() {
    return Long.bitCount(present);
  }

  /** The slots that contributed, as a bitmap: what a digest says. */
  long bits() {
    return present;
  }

  byte @Nullable [] row(int slot) {
    return has(slot) ? rows[place(slot, present)] : null;
  }

  boolean has(int slot) {
    return (present & 1L << slot) != 0;
  }

  /** The contributions of present members that are still missing. */
  long missing(Moment at) {
    return at.place().sensing() & ~present & ~at.facts().members().suspect();
  }

  /** The mate at {@code mateBit} has exactly these. */
  void mateHas(int mateBit, long slots) {
    mates = Arrays.stream(mates).map(who -> who & ~(1L << mateBit)).toArray();
    mateHasToo(mateBit, slots);
  }

  /** The mate at {@code mateBit} has these, whatever else it has. */
  void mateHasToo(int mateBit, long slots) {
    if (unknownTo(mateBit, slots) == 0) {
      return;
    }
    long all = known | slots;
    long[] more = new long[Long.bitCount(all)];
    int place = 0;
    for (long rest = all; rest != 0; rest &= rest - 1) {
      int slot = Long.numberOfTrailingZeros(rest);
      long who = (known & 1L << slot) == 0 ? 0 : mates[place(slot, known)];
      more[place++] = who | (slots >>> slot & 1) << mateBit;
    }
    mates = more;
    known = all;
  }

  /** Keeps once who has what, if it is the same as in another window: so it is in the end. */
  void share(CellWindow other) {
    mates = Arrays.equals(mates, other.mates) ? other.mates : mates;
  }

  /** Which of these the mate at {@code mateBit} is not known to have; its own it has. */
  long unknownTo(int mateBit, long slots) {
    long unknown = slots & ~(1L << mateBit);
    for (long rest = unknown & known; rest != 0; rest &= rest - 1) {
      int slot = Long.numberOfTrailingZeros(rest);
      unknown &= ~((mates[place(slot, known)] >>> mateBit & 1) << slot);
    }
    return unknown;
  }
}
