package starling.link.air;

/**
 * How a medium loses frames, beside collisions. Each directed link draws for itself, once for each
 * frame that its sender sends, so what one link loses never depends on another's traffic.
 */
public sealed interface Loss {
  /** Nothing is lost. */
  Loss NONE = new Independent(0);

  /**
   * Each frame for itself.
   *
   * @param rate the share of frames lost, 0 to 1
   */
  record Independent(double rate) implements Loss {
    public Independent {
      if (!(rate >= 0 && rate <= 1)) {
        throw new IllegalArgumentException("a loss rate is 0 to 1, not " + rate);
      }
    }
  }

  /**
   * Bursts: a link is in a good state that loses nothing or a bad one that loses everything
   * (Gilbert, "Capacity of a Burst-Noise Channel", BSTJ 39, 1960, with h = 0).
   *
   * @param rate the share of frames lost in the long run, 0 to below 1
   * @param meanFrames the mean length of a burst, in frames of the sender; at least 1, and at least
   *     {@code rate / (1 - rate)}: shorter bursts can't lose that much
   */
  record Bursts(double rate, double meanFrames) implements Loss {
    public Bursts {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("a bursty loss rate is 0 to below 1, not " + rate);
      }
      if (!(meanFrames >= Math.max(1, rate / (1 - rate)))) {
        throw new IllegalArgumentException(
            "bursts of " + meanFrames + " frames are too short to lose " + rate + " of all");
      }
    }

    /** How likely a bad link stays bad at its next frame. */
    double staysBad() {
      return 1 - 1 / meanFrames;
    }

    /** How likely a good link turns bad at its next frame. */
    double turnsBad() {
      return rate / (1 - rate) / meanFrames;
    }
  }

  /**
   * Bursts in time: the same two states, which last as long whether or not anybody sends, as where
   * something stands in the way.
   *
   * @param rate the share of time that a link is bad, 0 to below 1
   * @param meanSeconds the mean length of a burst, above 0
   */
  record Spells(double rate, double meanSeconds) implements Loss {
    public Spells {
      if (!(rate >= 0 && rate < 1 && meanSeconds > 0)) {
        throw new IllegalArgumentException(
            "spells lose 0 to below 1 and last above 0 s, not " + rate + " and " + meanSeconds);
      }
    }

    /** How likely a link is bad so long after it was so or not. */
    double bad(boolean before, long afterMicros) {
      double forgets = afterMicros / 1e6 / (meanSeconds * (1 - rate));
      return rate + ((before ? 1 : 0) - rate) * Math.exp(-forgets);
    }
  }

  /** Each frame for itself, at the rate of its directed link: a channel as it was measured. */
  record EachLink(Rates rates) implements Loss {}

  /** As it was recorded: what a directed link did to each of its sender's frames in turn. */
  record Recorded(Frames frames) implements Loss {}

  /** Which frames each directed link loses. */
  @FunctionalInterface
  interface Frames {
    /**
     * Whether one station's frame is lost at another.
     *
     * @param frame how many that station sent before, 0 and up
     */
    boolean lost(int from, int to, long frame);
  }

  /** What share of frames each directed link loses. */
  @FunctionalInterface
  interface Rates {
    /** What is lost of one station's frames at another, 0 to 1. */
    double of(int from, int to);
  }
}
