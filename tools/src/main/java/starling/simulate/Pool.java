package starling.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Equal values that were made lately, one of each: a table without chains, in which a newer value
 * takes the place of an older one that hashes alike. So it neither grows nor has to be told what
 * nobody needs any more.
 */
final class Pool {
  private static final int SLOTS_BITS = 17;

  private final @Nullable Object[] slots = new @Nullable Object[1 << SLOTS_BITS];

  /** An equal value that was made before, or this one. */
  @SuppressWarnings("unchecked") // an equal one is of the same sort
  <T> T one(T value) {
    int slot = value.hashCode() * 0x9E3779B9 >>> Integer.SIZE - SLOTS_BITS;
    Object held = slots[slot];
    if (held != null && held.getClass() == value.getClass() && held.equals(value)) {
      return (T) held;
    }
    slots[slot] = value;
    return value;
  }
}
