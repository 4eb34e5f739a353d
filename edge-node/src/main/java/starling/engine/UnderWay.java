package starling.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is under way, by the id of its frame or record, until it is known what became of it: a
 * handful at a time, mostly nothing.
 */
public final class UnderWay<T> {
  private static final long[] NO_IDS = {};
  private static final Object[] NOTHING = {};

  private long[] ids = NO_IDS;
  private @Nullable Object[] carried = NOTHING;

  /** A frame carries this, in place of what it carried. */
  public void put(long frameId, T what) {
    remove(frameId);
    int last = ids.length;
    ids = Arrays.copyOf(ids, last + 1);
    carried = Arrays.copyOf(carried, last + 1);
    ids[last] = frameId;
    carried[last] = what;
  }

  /** What a frame carries, once; null if nothing. */
  public @Nullable T remove(long frameId) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == frameId) {
        @SuppressWarnings("unchecked")
        T what = (T) carried[i];
        ids = without(i, ids);
        carried = without(i, carried);
        return what;
      }
    }
    return null;
  }

  /** Whether some frame carries this. */
  boolean carries(T what) {
    for (Object one : carried) {
      if (what.equals(one)) {
        return true;
      }
    }
    return false;
  }

  /** How many frames carry something. */
  int size() {
    return ids.length;
  }

  /** The frame that carries something for longest; there must be one. */
  long oldest() {
    return ids[0];
  }

  private static long[] without(int at, long[] from) {
    if (from.length == 1) {
      return NO_IDS;
    }
    long[] rest = Arrays.copyOf(from, from.length - 1);
    System.arraycopy(from, at + 1, rest, at, rest.length - at);
    return rest;
  }

  private static @Nullable Object[] without(int at, @Nullable Object[] from) {
    if (from.length == 1) {
      return NOTHING;
    }
    @Nullable Object[] rest = Arrays.copyOf(from, from.length - 1);
    System.arraycopy(from, at + 1, rest, at, rest.length - at);
    return rest;
  }
}
