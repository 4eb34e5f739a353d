package starling.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Equal values that were made lately, one of each: tables in which two values that hash alike have
 * places, and a newer third takes that of the second. What nobody asked for in one period and the
 * next is dropped, so that what nobody needs any more is not kept here. Tables grow with what they
 * hold.
 */
final class Pool {
  private static final long PERIOD_NANOS = 10_000_000_000L;
  private static final int SLOTS_MIN = 1 << 10;
  private static final int SLOTS_EACH = 4;

  private @Nullable Object[] now = new @Nullable Object[SLOTS_MIN];
  private @Nullable Object[] before = new @Nullable Object[SLOTS_MIN];
  private int used;
  private long endNanos = Long.MIN_VALUE;

  /** An equal value that was made before, or this one. */
  <T> T one(T value, long nowNanos) {
    if (nowNanos >= endNanos) {
      before = now;
      now = new @Nullable Object[SLOTS_MIN];
      used = 0;
      endNanos = nowNanos + PERIOD_NANOS;
    } else if (SLOTS_EACH * used > now.length) {
      now = spread(now);
    }
    int hash = hash(value);
    T same = find(value, hash, now);
    if (same == null) {
      T old = find(value, hash, before);
      same = old == null ? value : old;
      put(same, hash, now);
      used++;
    }
    return same;
  }

  /** The same in a table of four times the size. */
  private static @Nullable Object[] spread(@Nullable Object[] held) {
    @Nullable Object[] more = new @Nullable Object[4 * held.length];
    for (Object one : held) {
      if (one != null) {
        put(one, hash(one), more);
      }
    }
    return more;
  }

  private static int hash(Object value) {
    return value.hashCode() * 0x9E3779B9;
  }

  private static void put(Object value, int hash, @Nullable Object[] slots) {
    int slot = slot(hash, slots);
    slots[slots[slot] == null ? slot : slot + 1] = value;
  }

  private static int slot(int hash, @Nullable Object[] slots) {
    return hash >>> Integer.numberOfLeadingZeros(slots.length) + 1 & ~1;
  }

  @SuppressWarnings("unchecked") // an equal one is of the same sort
  private static <T> @Nullable T find(T value, int hash, @Nullable Object[] slots) {
    int slot = slot(hash, slots);
    for (int place = slot; place <= slot + 1; place++) {
      Object held = slots[place];
      if (held != null && held.getClass() == value.getClass() && held.equals(value)) {
        return (T) held;
      }
    }
    return null;
  }
}
