package starling.zone;

import java.util.Arrays;
import starling.model.Hash;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Partial;
import starling.query.Plan;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * A zone's answer to one query for one window, as zones tell each other: mergeable state and what
 * it covers.
 *
 * <pre>
 * zone 2 | window 1 | query 1 | expected v | oldest v (0.1 s) | bitmap bytes 1 |
 *     a cell:  bitmap          (1 to 8 bytes over its slots; reported is their number)
 *     inner:   reported v | content 4      (bitmap bytes is 0)
 * | state bytes v | state
 * </pre>
 *
 * @param zone its id
 * @param window which window
 * @param query the query's number
 * @param expected how many the rosters below it have
 * @param oldestMillis the age of its oldest reading at the window's end
 * @param contributors a cell's contributing slots; 0 for an inner zone
 * @param reported how many contributed
 * @param content names the set of contributions: equal contents have equal states; an inner zone's
 *     begins with the four bits of its shape
 * @param state encoded {@link Partial}: unread where the query is not known
 */
record ZoneRow(
    int zone,
    Window window,
    int query,
    int expected,
    long oldestMillis,
    long contributors,
    int reported,
    int content,
    byte[] state) {
  private static final long AGE_UNIT_MILLIS = 100;
  private static final int SHAPE_SHIFT = 28;

  static ZoneRow cell(
      int zone,
      Window window,
      int query,
      int expected,
      long oldestMillis,
      long contributors,
      byte[] state) {
    int content = (int) Hash.of(zone, contributors, Hash.of(state));
    int reported = Long.bitCount(contributors);
    return new ZoneRow(
        zone, window, query, expected, oldestMillis, contributors, reported, content, state);
  }

  static ZoneRow inner(
      int zone,
      Window window,
      int query,
      int expected,
      long oldestMillis,
      int reported,
      int content,
      byte[] state) {
    return new ZoneRow(zone, window, query, expected, oldestMillis, 0, reported, content, state);
  }

  /**
   * Whether this row replaces another of the same zone, window and query: the larger count wins,
   * and so a superset of contributors; else the smaller content. Never merged: two results may
   * share contributions.
   */
  boolean betterThan(ZoneRow other) {
    return reported != other.reported
        ? reported > other.reported
        : Integer.compareUnsigned(content, other.content) < 0;
  }

  /** Over which shape of its zone an inner row is; 0 for a cell. */
  int shape() {
    return contributors != 0 ? 0 : content >>> SHAPE_SHIFT;
  }

  /** A content that begins with a shape. */
  static int shaped(int shape, int content) {
    return shape << SHAPE_SHIFT | content & (1 << SHAPE_SHIFT) - 1;
  }

  /** The same with what this node's own charter expects of the zone. */
  ZoneRow expecting(int nodes) {
    return new ZoneRow(
        zone, window, query, nodes, oldestMillis, contributors, reported, content, state);
  }

  /**
   * What the state says, if it is one of exactly {@code reported} contributions.
   *
   * @throws MalformedException it is not; nothing was read of it
   */
  Partial decode(Plan plan) throws MalformedException {
    WireReader from = new WireReader(state);
    Partial partial = Partial.decode(plan, from, reported);
    from.end();
    if (partial.leaves() != reported) {
      throw new MalformedException(
          "a state of " + partial.leaves() + " contributions in a row of " + reported);
    }
    return partial;
  }

  void write(WireWriter to) {
    to.u16(zone).u8(window.code()).u8(query).varint(expected);
    to.varint(oldestMillis / AGE_UNIT_MILLIS);
    int bytes = (64 - Long.numberOfLeadingZeros(contributors) + 7) / 8;
    to.u8(bytes);
    for (int i = 0; i < bytes; i++) {
      to.u8((int) (contributors >>> 8 * i));
    }
    if (bytes == 0) {
      to.varint(reported).u32(content & 0xFFFF_FFFFL);
    }
    to.varint(state.length).bytes(state);
  }

  static ZoneRow read(WireReader from, long networkMillis, long baseMillis)
      throws MalformedException {
    int zone = from.u16();
    Window window = Window.ofCode(from.u8(), networkMillis, baseMillis);
    int query = from.u8();
    int expected = from.varint(1 << 24);
    long oldestMillis = from.varint(1 << 24) * AGE_UNIT_MILLIS;
    int bytes = from.u8();
    if (bytes > Long.BYTES) {
      throw new MalformedException("a cell has at most 64 slots");
    }
    long contributors = 0;
    for (int i = 0; i < bytes; i++) {
      contributors |= (long) from.u8() << 8 * i;
    }
    int reported = bytes > 0 ? Long.bitCount(contributors) : from.varint(1 << 24);
    int content = bytes > 0 ? 0 : (int) from.u32();
    byte[] state = from.bytes(from.varint(Cost.STATE_MAX_BYTES));
    if (reported < 1 || reported > expected) {
      throw new MalformedException(reported + " of " + expected + " nodes reported");
    }
    return bytes > 0
        ? cell(zone, window, query, expected, oldestMillis, contributors, state)
        : inner(zone, window, query, expected, oldestMillis, reported, content, state);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ZoneRow r
        && zone == r.zone
        && window.equals(r.window)
        && query == r.query
        && expected == r.expected
        && oldestMillis == r.oldestMillis
        && contributors == r.contributors
        && reported == r.reported
        && content == r.content
        && Arrays.equals(state, r.state);
  }

  @Override
  public int hashCode() {
    return (int) Hash.of(content, zone, window.index());
  }
}
