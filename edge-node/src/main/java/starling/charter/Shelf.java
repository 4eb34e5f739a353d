package starling.charter;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signed pages that a node has to give, and how each differs from the version that this node
 * had before: most who ask have just that.
 */
final class Shelf {
  /** As what came before, in place of a version: nothing. */
  static final long NOTHING = -1;

  private Map<Integer, byte[]> pages; // immutable, and the same for all nodes that start alike
  private Map<Integer, Step> steps = Map.of();

  /** What leads from a version of a page to the one that is here. */
  private record Step(long before, byte[] delta) {}

  Shelf(Map<Integer, byte[]> pages) {
    this.pages = Map.copyOf(pages);
  }

  byte @Nullable [] page(int zone) {
    return pages.get(zone);
  }

  /** The page, or what leads to it from a version of it; null if that is not here. */
  byte @Nullable [] since(int zone, long before) {
    Step step = steps.get(zone);
    if (before == NOTHING) {
      return page(zone);
    }
    return step != null && step.before() == before ? step.delta() : null;
  }

  /** From which version on it knows what leads to the page that is here; or {@link #NOTHING}. */
  long before(int zone) {
    Step step = steps.get(zone);
    return step == null ? NOTHING : step.before();
  }

  /** Puts a page in its place. */
  void put(int zone, byte[] page) {
    pages = with(zone, page, pages);
    Map<Integer, Step> fewer = new HashMap<>(steps);
    fewer.remove(zone);
    steps = Map.copyOf(fewer);
  }

  /**
   * Puts a page in its place, and knows from now on what leads to it.
   *
   * @param before of which version this is the change
   */
  void put(int zone, byte[] page, long before, byte[] delta) {
    pages = with(zone, page, pages);
    steps = with(zone, new Step(before, delta), steps);
  }

  private static <T> Map<Integer, T> with(int zone, T value, Map<Integer, T> to) {
    Map<Integer, T> more = new HashMap<>(to);
    more.put(zone, value);
    return Map.copyOf(more);
  }
}
