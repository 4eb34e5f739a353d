package starling.charter;

/**
 * The newest version of the site page that others were heard to hold.
 *
 * @param version which; 0 for none
 * @param inferred whether that follows from the bits of headers alone
 * @param atNanos when there was last a sign of it
 * @param fruitless what was inferred, and nobody had
 */
record Rumour(long version, boolean inferred, long atNanos, long fruitless) {
  /** Nothing was heard. */
  static final Rumour NONE = new Rumour(0, false, 0, 0);

  private static final long BELIEVED_NANOS = 120_000_000_000L;

  /** Another version was heard of. */
  Rumour of(long newer, boolean byBits, long nowNanos) {
    return new Rumour(newer, byBits, nowNanos, fruitless);
  }

  /** Somebody said it in so many words. */
  Rumour said() {
    return new Rumour(version, false, atNanos, fruitless);
  }

  /** A part of some page came in. */
  Rumour goesOn(long nowNanos) {
    return version == 0 ? this : new Rumour(version, inferred, nowNanos, fruitless);
  }

  /** The same while it may be true: what nobody gave this node for so long may not exist. */
  Rumour at(long nowNanos) {
    return version == 0 || nowNanos - atNanos <= BELIEVED_NANOS
        ? this
        : new Rumour(0, inferred, atNanos, inferred ? version : fruitless);
  }
}
