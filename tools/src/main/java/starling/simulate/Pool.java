package starling.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Equal values that were made lately, one of each. What nobody asked for in one period and the next
 * is dropped, so that what nobody needs any more is not kept here. Tables with open addressing: as
 * large as what they hold needs.
 */
final class Pool {
  private static final long PERIOD_NANOS = 10_000_000_000L;
  private static final int SLOTS_MIN = 1 << 10;

  private @Nullable Object[] now = new @Nullable Object[SLOTS_MIN];
  private @Nullable Object[] before = new @Nullable Object[SLOTS_MIN];
  private int used;
  private long endNanos = Long.MIN_VALUE;

  /** An equal value that was made before, or this one. */
  @SuppressWarnings("unchecked") // an equal one is of the same sort
  <T> T one(T value, long nowNanos) {
    if (nowNanos >= endNanos) {
      before = now;
      now = new @Nullable Object[SLOTS_MIN];
      used = 0;
      endNanos = nowNanos + PERIOD_NANOS;
    } else if (2 * used > now.length) {
      now = doubled(now);
    }
    int place = place(value, now);
    Object same = now[place];
    if (same == null) {
      Object old = before[place(value, before)];
      same = old == null ? value : old;
      now[place] = same;
      used++;
    }
    return (T) same;
  }

  private static @Nullable Object[] doubled(@Nullable Object[] held) {
    @Nullable Object[] more = new @Nullable Object[2 * held.length];
    for (Object one : held) {
      if (one != null) {
        more[place(one, more)] = one;
      }
    }
    return more;
  }

  /** Where an equal value lies, or would lie. */
  private static int place(Object value, @Nullable Object[] slots) {
    int hash = value.hashCode() * 0x9E3779B9;
    int place = hash >>> Integer.numberOfLeadingZeros(slots.length) + 1;
    for (Object held = slots[place]; held != null; held = slots[place]) {
      if (held.getClass() == value.getClass() && held.equals(value)) {
        break;
      }
      place = place + 1 & slots.length - 1;
    }
    return place;
  }
}
