package starling.join;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of a request. The operator signs what is final; the rest is anybody's word, and only
 * shown.
 */
public sealed interface Answer {
  /** The longest. */
  int BYTES_MAX = 96 << 10;

  /** Somebody holds the request for the operator. */
  record Waiting() implements Answer {}

  /** Whoever said so does not hold it, and why. */
  record Refused(String reason) implements Answer {}

  /** The operator does not want this board. */
  record Denied() implements Answer {}

  /**
   * The board has its place.
   *
   * @param siteKeys by epoch
   * @param charter signed pages, as in a charter file
   */
  record Welcome(SortedMap<Integer, byte[]> siteKeys, byte[] charter) implements Answer {
    public Welcome {
      siteKeys = new TreeMap<>(siteKeys);
    }

    @Override
    public String toString() {
      return "Welcome"; // never the keys
    }
  }
}
