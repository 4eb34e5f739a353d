package starling.simulate;

/**
 * Something that must never happen, and did.
 *
 * @param nanos when
 * @param who which node, by its path, or the site
 * @param what what was seen and what should have been
 */
public record Violation(long nanos, String who, String what) implements Comparable<Violation> {
  @Override
  public int compareTo(Violation other) {
    int byTime = Long.compare(nanos, other.nanos);
    int byWho = who.compareTo(other.who);
    return byTime != 0 ? byTime : byWho != 0 ? byWho : what.compareTo(other.what);
  }

  @Override
  public String toString() {
    return who + ": " + what;
  }
}
