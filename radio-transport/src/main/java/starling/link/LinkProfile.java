package starling.link;

/**
 * What a medium is and allows.
 *
 * @param name the preset's name, such as {@code sik-64k}
 * @param medium who hears a frame
 * @param mtuBytes the largest frame, sealed, 51 to 1024
 * @param airtime how long a frame occupies the medium
 * @param law how much of its time the law lets one node send
 * @param channelTarget the share of the medium's time that all its members together may use, 0 to 1
 * @param fanoutMax frames a node may send in a round: 1 on a broadcast medium
 * @param roundMillis the shortest time between a node's rounds
 * @param delay what a frame takes besides its airtime
 * @param clear whether frames are only authenticated, as where the law forbids to encrypt
 */
public record LinkProfile(
    String name,
    Medium medium,
    int mtuBytes,
    Airtime airtime,
    Law law,
    double channelTarget,
    int fanoutMax,
    long roundMillis,
    Delay delay,
    boolean clear) {
  /** The smallest MTU that everything works at (LoRa SF12 in the EU). */
  public static final int MTU_MIN_BYTES = 51;

  /** The largest frame on any medium. */
  public static final int MTU_MAX_BYTES = 1024;

  /** Over what time shares of a channel hold, if that holds a frame. */
  static final long MINUTE_NANOS = 60_000_000_000L;

  public LinkProfile {
    if (mtuBytes < MTU_MIN_BYTES || mtuBytes > MTU_MAX_BYTES) {
      throw new IllegalArgumentException("MTU must be 51 to 1024 bytes, not " + mtuBytes);
    }
    if (!(channelTarget > 0 && channelTarget <= 1)) {
      throw new IllegalArgumentException("a channel target is a share above 0, up to 1");
    }
    if (airtime.micros(mtuBytes) > law.micros()) {
      throw new IllegalArgumentException("the law lets no frame of MTU size leave");
    }
    if (fanoutMax < 1 || roundMillis < 1 || (medium == Medium.BROADCAST && fanoutMax != 1)) {
      throw new IllegalArgumentException(
          "a broadcast medium has a fan-out of 1, and a round at least 1 ms");
    }
  }

  /** A medium whose frames are encrypted. */
  public LinkProfile(
      String name,
      Medium medium,
      int mtuBytes,
      Airtime airtime,
      Law law,
      double channelTarget,
      int fanoutMax,
      long roundMillis,
      Delay delay) {
    this(name, medium, mtuBytes, airtime, law, channelTarget, fanoutMax, roundMillis, delay, false);
  }

  /** Who hears a frame. */
  public enum Medium {
    /** Everybody in reach, one at a time: a radio channel. */
    BROADCAST,
    /** The one it is addressed to: a broker's inbox. */
    ADDRESSED
  }

  /** Whether everybody in reach hears each frame. */
  public boolean broadcast() {
    return medium == Medium.BROADCAST;
  }

  /**
   * The number that both ends give this medium when they derive keys, so that a frame captured on
   * one opens on no other: 1 for a radio, 2 for inboxes, with bit 7 set where frames are clear.
   */
  public int keyNumber() {
    return (broadcast() ? 1 : 2) | (clear ? 0x80 : 0);
  }

  /**
   * Over what time one of so many speakers keeps within its share: a minute, or as long as it takes
   * for the share to hold the largest frame.
   */
  long shareNanos(double speakers) {
    double share = channelTarget / speakers * ChannelShare.NORMAL;
    return Math.max(MINUTE_NANOS, (long) ((airtime.micros(mtuBytes) + 1) * 1000 / share));
  }

  /** Whether so many are too many for a radio channel to hold all their shares to a minute. */
  public boolean isCrowded(int speakers) {
    return broadcast() && shareNanos(speakers) > MINUTE_NANOS;
  }

  /** The same medium, where frames are only authenticated. */
  LinkProfile inClear() {
    return new LinkProfile(
        name, medium, mtuBytes, airtime, law, channelTarget, fanoutMax, roundMillis, delay, true);
  }

  /** The same medium under another law. */
  LinkProfile under(Law other) {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        other,
        channelTarget,
        fanoutMax,
        roundMillis,
        delay,
        clear);
  }

  /** The same medium behind something that takes its time, and not always the same. */
  LinkProfile delayed(long moreMicros, long jitterMoreMicros) {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        law,
        channelTarget,
        fanoutMax,
        roundMillis,
        delay.plus(moreMicros, jitterMoreMicros),
        clear);
  }

  /** The same medium at another pace. */
  public LinkProfile withRound(long millis) {
    return new LinkProfile(
        name, medium, mtuBytes, airtime, law, channelTarget, fanoutMax, millis, delay, clear);
  }

  /** The same medium with another largest frame. */
  public LinkProfile withMtu(int bytes) {
    return new LinkProfile(
        name, medium, bytes, airtime, law, channelTarget, fanoutMax, roundMillis, delay, clear);
  }
}
