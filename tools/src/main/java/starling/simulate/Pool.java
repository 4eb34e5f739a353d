package starling.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Equal values that were made lately, one of each: tables without chains, in which a newer value
 * takes the place of an older one that hashes alike. What nobody asked for in one period and the
 * next is dropped, so that what nobody needs any more is not kept here.
 */
final class Pool {
  private static final long PERIOD_NANOS = 20_000_000_000L;
  private static final int SLOTS_MIN = 1 << 10;
  private static final int SLOTS_EACH = 4;

  private @Nullable Object[] now = new @Nullable Object[SLOTS_MIN];
  private @Nullable Object[] before = new @Nullable Object[SLOTS_MIN];
  private int used;
  private long endNanos = Long.MIN_VALUE;

  /** An equal value that was made before, or this one. */
  <T> T one(T value, long nowNanos) {
    if (nowNanos >= endNanos || SLOTS_EACH * used > now.length) {
      turn(nowNanos);
    }
    int hash = value.hashCode() * 0x9E3779B9;
    T same = find(value, hash, now);
    if (same == null) {
      T old = find(value, hash, before);
      same = old == null ? value : old;
      now[slot(hash, now)] = same;
      used++;
    }
    return same;
  }

  /** Begins the next period, with a table as large as this one's use asks for. */
  private void turn(long nowNanos) {
    boolean full = nowNanos < endNanos;
    int slots = Math.max(SLOTS_MIN, Integer.highestOneBit(SLOTS_EACH * used) << (full ? 2 : 1));
    before = now;
    now = new @Nullable Object[slots];
    used = 0;
    endNanos = nowNanos + PERIOD_NANOS;
  }

  private static int slot(int hash, @Nullable Object[] slots) {
    return hash >>> Integer.numberOfLeadingZeros(slots.length) + 1;
  }

  @SuppressWarnings("unchecked") // an equal one is of the same sort
  private static <T> @Nullable T find(T value, int hash, @Nullable Object[] slots) {
    Object held = slots[slot(hash, slots)];
    return held != null && held.getClass() == value.getClass() && held.equals(value)
        ? (T) held
        : null;
  }
}
