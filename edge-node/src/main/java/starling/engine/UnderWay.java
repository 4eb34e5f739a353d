package starling.engine;

import org.jspecify.annotations.Nullable;

/**
 * What is under way with a frame or record, by its id, until it is known what became of it, and
 * what is under way besides: a handful at a time, mostly nothing, which is null.
 */
public final class UnderWay<T> {
  private final long id;
  private final T what;
  private final @Nullable UnderWay<T> before; // begun earlier

  private UnderWay(long id, T what, @Nullable UnderWay<T> before) {
    this.id = id;
    this.what = what;
    this.before = before;
  }

  /** With this as well, in place of what was under way by that id. */
  public static <T> UnderWay<T> with(long id, T what, @Nullable UnderWay<T> others) {
    return new UnderWay<>(id, what, without(id, others));
  }

  /** What is under way by an id; null if nothing is. */
  public static <T> @Nullable T find(long id, @Nullable UnderWay<T> all) {
    UnderWay<T> one = all;
    while (one != null && one.id != id) {
      one = one.before;
    }
    return one == null ? null : one.what;
  }

  /** Without what was under way by an id. */
  public static <T> @Nullable UnderWay<T> without(long id, @Nullable UnderWay<T> all) {
    if (all == null || all.id == id) {
      return all == null ? null : all.before;
    }
    UnderWay<T> rest = without(id, all.before);
    return rest == all.before ? all : new UnderWay<>(all.id, all.what, rest);
  }

  /** Whether this is under way by any id. */
  static <T> boolean carries(T what, @Nullable UnderWay<T> all) {
    for (UnderWay<T> one = all; one != null; one = one.before) {
      if (what.equals(one.what)) {
        return true;
      }
    }
    return false;
  }

  /** How much is under way. */
  public static int size(@Nullable UnderWay<?> all) {
    int size = 0;
    for (UnderWay<?> one = all; one != null; one = one.before) {
      size++;
    }
    return size;
  }

  /** The id of what has been under way for longest. */
  long oldest() {
    UnderWay<T> one = this;
    while (one.before != null) {
      one = one.before;
    }
    return one.id;
  }
}
